//! Names that a spreadsheet allows its sheets.

/// UTF-16 units of a sheet's name.
const NAME_MOST: usize = 31;

/// Words that lead to the next one.
const LEADING: [&str; 10] = ["the", "a", "of", "and", "that", "by", "in", "to", "at", "on"];

/// One allowed name a wish, no two of them alike in any case.
pub(super) fn unique<'a>(wishes: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for wish in wishes {
        let wish = allowed(wish);
        let is_free = |name: &String| names.iter().all(|taken| taken.to_lowercase() != name.to_lowercase());
        let numbered = (2..).map(|n| {
            let tail = format!(" ({n})");
            cut(&wish, NAME_MOST - tail.len()) + &tail
        });
        names.extend(std::iter::once(wish.clone()).chain(numbered).find(is_free));
    }
    names
}

fn allowed(wish: &str) -> String {
    let spaced: String = wish.chars().map(|c| if c.is_control() || "[]:*?/\\".contains(c) { ' ' } else { c }).collect();
    let words = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.trim_matches('\'');
    let mut name = cut(words, NAME_MOST);
    let is_cut = name.len() < words.len();
    while is_cut && let Some(last_word) = name.rfind(' ') {
        name.truncate(last_word);
        // A name that ends with one of these reads as if something were missing.
        if !name.rsplit(' ').next().is_some_and(|word| LEADING.contains(&word)) {
            break;
        }
    }
    let name = name.trim_end_matches(['\'', ' ']);
    // Excel keeps "History" for itself.
    if name.is_empty() || name.eq_ignore_ascii_case("history") {
        format!("Sheet {name}").trim_end().to_owned()
    } else {
        name.to_owned()
    }
}

fn cut(name: &str, most: usize) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= most
    };
    name.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_allowed_short_and_unlike_each_other() {
        let names = unique([
            "Ageing: by [customer]/collector?",
            "a very long name of a report that goes on and on",
            "A VERY LONG NAME OF A REPORT THAT goes elsewhere",
            "Customers that moved the balance most",
            "'quoted'",
            "",
            "History",
            "应收账款账龄 / الذمم المدينة",
            "𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞",
        ]);
        assert_eq!(
            names,
            [
                "Ageing by customer collector",
                "a very long name of a report",
                "A VERY LONG NAME OF A REPOR (2)",
                "Customers that moved",
                "quoted",
                "Sheet",
                "Sheet History",
                "应收账款账龄 الذمم المدينة",
                "𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞",
            ]
        );
    }
}

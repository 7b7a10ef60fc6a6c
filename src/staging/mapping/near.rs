//! Near spellings of a name, for messages.

/// Up to three of `names` that are close to `wanted`, the closest first.
fn near<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let plain = |name: &str| -> Vec<char> { name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect() };
    let target = plain(wanted);
    // A whole word is nearer than any misspelling: DSO means dso_simple, not ddo.
    let is_word = |name: &str| name.split(|c: char| !c.is_alphanumeric()).any(|word| plain(word) == target);
    let mut found: Vec<(bool, usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let other = plain(name);
            let distance = edit_distance(&target, &other);
            let is_part =
                target.len().min(other.len()) >= 4 && (contains(&target, &other) || contains(&other, &target));
            let is_word = is_word(name);
            (is_word || is_part || distance <= 2.max(target.len() / 3)).then_some((!is_word, distance, name))
        })
        .collect();
    found.sort();
    found.into_iter().take(3).map(|(_, _, name)| name).collect()
}

/// `; did you mean "a" or "b"?`, or nothing.
#[must_use]
pub fn hint<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let found: Vec<String> = near(wanted, names).into_iter().map(|name| format!("\"{name}\"")).collect();
    if found.is_empty() { String::new() } else { format!("; did you mean {}?", found.join(" or ")) }
}

fn contains(long: &[char], short: &[char]) -> bool {
    !short.is_empty() && long.windows(short.len()).any(|window| window == short)
}

/// Levenshtein distance: the fewest letters to insert, delete or change.
fn edit_distance(one: &[char], other: &[char]) -> usize {
    let mut costs: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = costs[0];
        costs[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = costs[j + 1];
            costs[j + 1] = changed.min(diagonal + 1).min(costs[j] + 1);
        }
    }
    costs[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_are_offered_and_others_are_not() {
        let names = ["due_in_date", "clear_date", "cust_number"];
        assert_eq!(near("due_in_dat", names), ["due_in_date"]);
        assert_eq!(near("Due In Date", names)[0], "due_in_date");
        assert!(near("currency", names).is_empty());
        assert_eq!(near("DSO", ["ddo", "dso_simple", "kpi"]), ["dso_simple", "ddo"]);
        assert!(near("", names).is_empty());
        assert_eq!(hint("custnumber", names), "; did you mean \"cust_number\"?");
    }
}

//! Where collection stands against its targets, whether they will be met, and what would close the gap.

mod days;
mod items;
mod project;
mod read;
mod table;

use chrono::NaiveDate;

pub use self::days::days;
pub use self::items::items;
pub use self::table::table;
use super::forecast::{Learnt, USUAL_WEEKS};
use super::{Context, Report, seen_as};
use crate::domain::dimension::{Dimension, Filter};
use crate::domain::period::Period;
use crate::error::Error;
use crate::models::forecast::Settings;
use crate::sheet::Sheet;

pub(super) const REPORT: Report =
    Report { name: "targets", answers: "where is collection against its targets, and will they be met", make };

pub(super) const DAYS: Report = Report {
    name: "target_days",
    answers: "how did the cash of the period come so far, and where will it end",
    make: make_days,
};

/// Whom a target may be set for, in the order of the answer, and the dimension that narrows to some of them.
const SCOPES: [(&str, Option<Dimension>); 4] = [
    ("company", Some(Dimension::Company)),
    ("business_unit", Some(Dimension::BusinessUnit)),
    ("team", None),
    ("collector", Some(Dimension::Collector)),
];

/// Which targets are asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Only those of one kind: company, business_unit, team or collector.
    pub scope: Option<String>,
    /// Only these of them.
    pub scope_ids: Vec<String>,
    /// The period that starts on this day, instead of those that hold the day asked for.
    pub period_start: Option<NaiveDate>,
    /// Every period that has begun.
    pub is_all: bool,
    /// How what is to come is drawn.
    pub settings: Settings,
}

impl Asked {
    /// Refuses a scope that there is not.
    ///
    /// # Errors
    /// [`Error::Usage`] that lists the scopes.
    pub fn checked(self) -> Result<Self, Error> {
        let names = SCOPES.map(|(name, _)| name);
        match self.scope.as_deref() {
            Some(scope) if !names.contains(&scope) => {
                Err(Error::usage(format!("--scope {scope}: there are {}", names.join(", "))))
            }
            None if !self.scope_ids.is_empty() => {
                Err(Error::usage("--scope-id needs to know what it names: say --scope collector or another".to_owned()))
            }
            _ => Ok(self),
        }
    }

    /// Whether a target is asked for, under the narrowings of the run.
    fn wants(&self, filters: &[Filter], scope: &str, id: &str) -> bool {
        let is_meant =
            self.scope.as_deref().is_none_or(|asked| asked == scope) && (self.scope_ids.is_empty() || self.names(id));
        let own = |filter: &&Filter| SCOPES.iter().any(|(_, dimension)| *dimension == Some(filter.dimension));
        let mut narrowing = filters.iter().filter(own).peekable();
        let is_named = |filter: &Filter| {
            let dimension = SCOPES.iter().find(|(name, _)| *name == scope).and_then(|(_, dimension)| *dimension);
            dimension == Some(filter.dimension) && filter.values.iter().any(|value| value == id)
        };
        is_meant && (narrowing.peek().is_none() || narrowing.any(is_named))
    }

    fn names(&self, id: &str) -> bool {
        self.scope_ids.iter().any(|known| known == id)
    }
}

fn make(context: &Context<'_>) -> Result<Sheet, Error> {
    table(context, &Asked::default())
}

fn make_days(context: &Context<'_>) -> Result<Sheet, Error> {
    days(context, &Asked::default())
}

/// The targets and their days, as each is alone, from one look ahead; and what was learnt for it, where a forecast of the run
/// would learn the same.
pub(super) fn table_and_days(context: &Context<'_>) -> Result<([Sheet; 2], Option<Learnt>), Error> {
    let asked = Asked::default();
    let mut standing = read::read(context, &asked)?;
    let projected = project::project(context.ledger, &mut standing, &asked, true)?;
    let (table, days) = {
        let projected = projected.as_ref();
        (table::sheet(context, &asked, &standing, projected)?, days::sheet(context, &asked, &standing, projected)?)
    };
    let is_of_run = context.run.by.is_empty() && context.run.filters == standing.run.filters;
    let learnt = projected.map(|projected| projected.learnt);
    Ok(([table, days], learnt.filter(|learnt| is_of_run && learnt.weeks == USUAL_WEEKS)))
}

/// `Targets of June 2024 as of 2024-06-15, collector C1 only`.
fn titled(what: &str, periods: &[Period], context: &Context<'_>, asked: &Asked) -> String {
    let as_of = context.as_of();
    let named = |period: &Period| {
        if *period == Period::month_of(period.start) {
            period.start.format("%B %Y").to_string()
        } else {
            format!("{} to {}", period.start, period.end)
        }
    };
    let narrowed = seen_as(&context.run);
    let scoped = match asked.scope.as_deref() {
        Some(scope) if !asked.scope_ids.is_empty() => {
            format!(", {} {} only", scope.replace('_', " "), asked.scope_ids.join(" or "))
        }
        _ => String::new(),
    };
    match periods {
        [only] => format!("{what} of {} as of {as_of}{narrowed}{scoped}", named(only)),
        [] | [..] => format!("{what} as of {as_of}{narrowed}{scoped}"),
    }
}

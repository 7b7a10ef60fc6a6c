//! A report as a value: what its columns mean and what its cells hold, not how they look.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Field, Float64Type, Int64Type, Schema, TimeUnit, TimestampMicrosecondType,
};
use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::domain::money::{Money, SCALE};
use crate::error::Error;

/// What a column's cells mean. Each kind is held as one Arrow type ([`Kind::data_type`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Names and keys.
    Text,
    /// A day.
    Date,
    /// A moment.
    Timestamp,
    /// Money, exact to four decimals, in the row's currency.
    Amount,
    /// A whole number of things.
    Count,
    /// A whole number of days.
    Days,
    /// A share from 0 to 1.
    Rate,
    /// Any other number.
    Number,
    /// Yes or no.
    Flag,
}

impl Kind {
    /// The Arrow type that holds a column of this kind.
    #[must_use]
    pub fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Date => DataType::Date32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Amount => DataType::Decimal128(38, SCALE as i8),
            Self::Count | Self::Days => DataType::Int64,
            Self::Rate | Self::Number => DataType::Float64,
            Self::Flag => DataType::Boolean,
        }
    }
}

/// Codes of a column with what they are called where people read.
pub type Words = &'static [(&'static str, &'static str)];

/// A column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in CSV, JSON and Parquet: snake case, unit last.
    pub name: String,
    /// Heading for people.
    pub title: String,
    /// What the cells mean.
    pub kind: Kind,
    /// Whether a total of the column has a meaning (within one currency).
    pub has_total: bool,
    /// What its codes are called in charts, workbooks, pages, slides and documents. Programs and the terminal, where codes are
    /// typed, get the codes.
    pub words: Words,
    /// Whether readers of a page do without it: what title and order of the rows say already, what is there for programs.
    pub is_aside: bool,
    /// Whether the report was split by it (`--by`): a chart has a panel for each of its values, where those are few.
    pub is_split: bool,
}

impl Column {
    /// A column without a total; its title is its name in words.
    #[must_use]
    pub fn new(name: &str, kind: Kind) -> Self {
        let mut title = name.replace('_', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Self { name: name.to_owned(), title, kind, has_total: false, words: &[], is_aside: false, is_split: false }
    }

    /// The same column with another heading.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// The same column, with a total.
    #[must_use]
    pub fn totalled(mut self) -> Self {
        self.has_total = true;
        self
    }

    /// The same column, left out of pages.
    #[must_use]
    pub fn aside(mut self) -> Self {
        self.is_aside = true;
        self
    }

    /// A cell of the column as people read it: a code in words.
    #[must_use]
    pub fn read<'a>(&self, cell: Cell<'a>) -> Cell<'a> {
        let word = |code| self.words.iter().find(|(known, _)| *known == code).map(|(_, words)| *words);
        if let Cell::Text(code) = cell { Cell::Text(word(code).unwrap_or(code)) } else { cell }
    }
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Not known, or not defined.
    Empty,
    /// Text.
    Text(&'a str),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Timestamp(NaiveDateTime),
    /// Money.
    Amount(Money),
    /// A whole number of things or days.
    Count(i64),
    /// A share or another number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

/// What a chart of a sheet shows; the columns are named by [`Column::name`].
///
/// What stands in a column stands in the chart in the order of the rows, or in that of the column of counts of the same name with
/// `_no` where the sheet has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chart {
    /// One bar a `category`, stacked by `series`, in the order of the rows.
    StackedBars {
        /// Column whose values are the bars.
        category: String,
        /// Column whose values are the layers; none for plain bars.
        series: Option<String>,
        /// Column of the heights.
        value: String,
    },
    /// One line a `series` over the days of `day`.
    Lines {
        /// Column of days.
        day: String,
        /// Column whose values are the lines.
        series: String,
        /// Column of the heights.
        value: String,
    },
    /// One line a `series` over the days of `day`, a band around it where `lower` and `upper` are known: what came, and what
    /// is expected within what range.
    Fan {
        /// Column of days.
        day: String,
        /// Column of the heights.
        value: String,
        /// Column of the lower ends of the bands; empty where a line has none.
        lower: String,
        /// Column of their upper ends.
        upper: String,
        /// Column whose values are the lines.
        series: String,
        /// The day that parts what came from what is expected.
        today: NaiveDate,
    },
    /// One group of lying bars a row, a bar for each of `values`, in the order of the rows.
    Bars {
        /// Column that names the groups.
        category: String,
        /// Columns of the lengths, all of one kind.
        values: Vec<String>,
    },
    /// How one amount becomes another, step by step in the order of the rows.
    Waterfall {
        /// Column that names the steps.
        step: String,
        /// Column of the changes and of the totals.
        value: String,
        /// Column of flags: true where the value is a total that stands on zero, such as the opening and the closing.
        total: String,
    },
    /// A number against another, one curve a `series`, its points joined in the order of the rows.
    Curve {
        /// Column of the numbers across.
        x: String,
        /// Column of the heights.
        y: String,
        /// Column whose values are the curves; none for one curve.
        series: Option<String>,
    },
    /// A matrix of numbers, shaded by size.
    Heat {
        /// Column whose values are the rows.
        row: String,
        /// Column whose values are the columns.
        column: String,
        /// Column of the numbers.
        value: String,
    },
    /// Stages in their order, each with its share of the first.
    Funnel {
        /// Column that names the stages.
        stage: String,
        /// Column of how much or how many reached the stage.
        value: String,
        /// Stages that do not come after the one above them and are drawn apart, such as what has not ended yet.
        apart: Vec<String>,
    },
}

/// A report: columns, rows, and what the reader must know beside them.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// File stem and anchor: `aging`.
    pub name: String,
    /// Heading: what is shown, of what, as of when.
    pub title: String,
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// Sentences to read before anything else: a balance that does not tie, a failed check.
    pub alerts: Vec<String>,
    /// Sentences to stand with the numbers: the proof line, what is left out, what is missing.
    pub notes: Vec<String>,
    /// The chart that shows it, where there is one.
    pub chart: Option<Chart>,
    /// The rows the chart is drawn from, where they are not the table's: weeks before its first one.
    pub chart_rows: Option<Box<Self>>,
    batches: Vec<RecordBatch>,
}

impl Sheet {
    /// A sheet over batches of rows, whose columns are taken by position and cast to what each kind holds; each batch is let go
    /// once it is cast.
    ///
    /// # Errors
    /// [`Error::Internal`] where the batches have another number of columns or a type that cannot become the kind's.
    pub fn new(
        name: &str,
        title: &str,
        columns: Vec<Column>,
        batches: impl IntoIterator<Item = RecordBatch>,
    ) -> Result<Self, Error> {
        let fields: Vec<Field> = columns.iter().map(|c| Field::new(&c.name, c.kind.data_type(), true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let cast = |batch: RecordBatch| -> Result<RecordBatch, Error> {
            if batch.num_columns() != columns.len() {
                let found = batch.num_columns();
                return Err(Error::internal(format!("sheet {name}: {found} columns for {} declared", columns.len())));
            }
            let arrays = columns
                .iter()
                .zip(batch.columns())
                .map(|(column, array)| arrow::compute::cast(array, &column.kind.data_type()))
                .collect::<Result<Vec<ArrayRef>, _>>();
            arrays
                .and_then(|arrays| {
                    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
                    RecordBatch::try_new_with_options(schema.clone(), arrays, &options)
                })
                .map_err(|e| Error::internal(format!("sheet {name}: {e}")))
        };
        let batches = batches.into_iter().map(cast).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            name: name.to_owned(),
            title: title.to_owned(),
            columns,
            alerts: Vec::new(),
            notes: Vec::new(),
            chart: None,
            chart_rows: None,
            batches,
        })
    }

    /// A sheet from rows of cells, for reports that are computed row by row.
    ///
    /// # Errors
    /// [`Error::Internal`] where a row is not as long as `columns` or a cell is not of its column's kind.
    pub fn from_rows(name: &str, title: &str, columns: Vec<Column>, rows: &[Vec<Cell<'_>>]) -> Result<Self, Error> {
        if rows.iter().any(|row| row.len() != columns.len()) {
            return Err(Error::internal(format!("sheet {name}: a row of another length than its columns")));
        }
        let arrays: Vec<ArrayRef> =
            columns.iter().enumerate().map(|(at, column)| array_of(column.kind, rows.iter().map(|r| r[at]))).collect();
        let fields: Vec<Field> = columns.iter().map(|c| Field::new(&c.name, c.kind.data_type(), true)).collect();
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
            .map_err(|e| Error::internal(format!("sheet {name}: {e}")))?;
        Self::new(name, title, columns, [batch])
    }

    /// The same sheet with a note.
    #[must_use]
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same sheet with a chart.
    #[must_use]
    pub fn charted(mut self, chart: Chart) -> Self {
        self.chart = Some(chart);
        self
    }

    /// What the chart is drawn from.
    #[must_use]
    pub fn drawn(&self) -> &Self {
        self.chart_rows.as_deref().unwrap_or(self)
    }

    /// The rows, in batches whose columns have the types of [`Kind::data_type`].
    #[must_use]
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// Number of rows.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Position of a column.
    #[must_use]
    pub fn column_index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Whether a column of texts has none.
    #[must_use]
    pub fn is_blank(&self, at: usize) -> bool {
        let is_blank = |array: &ArrayRef| array.as_string::<i32>().iter().all(|text| text.is_none_or(str::is_empty));
        self.columns[at].kind == Kind::Text && self.batches.iter().all(|batch| is_blank(batch.column(at)))
    }

    /// What a cell of a row is: what its column is, but of a number in `value` the text in `unit` may say that it is a rate.
    #[must_use]
    pub fn kind_of(&self, row: &[Cell<'_>], at: usize) -> Kind {
        let column = &self.columns[at];
        let is_rate = || self.column_index("unit").is_some_and(|unit| row[unit] == Cell::Text("rate"));
        let is_value = column.kind == Kind::Number && column.name.ends_with("value");
        if is_value && is_rate() { Kind::Rate } else { column.kind }
    }

    /// Every row in order, as cells.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Cell<'_>>> {
        self.batches.iter().flat_map(move |batch| {
            (0..batch.num_rows()).map(move |row| {
                let cells = self.columns.iter().zip(batch.columns());
                cells.map(|(column, array)| cell_at(column.kind, array, row)).collect()
            })
        })
    }

    /// The cells of the column at `at`, row by row.
    pub fn cells(&self, at: usize) -> impl Iterator<Item = Cell<'_>> {
        let kind = self.columns[at].kind;
        self.batches.iter().flat_map(move |batch| {
            let array = batch.column(at);
            (0..array.len()).map(move |row| cell_at(kind, array, row))
        })
    }
}

/// The cell of `array` at `row`. The array must have the type of `kind`, which [`Sheet::new`] makes sure of.
fn cell_at(kind: Kind, array: &ArrayRef, row: usize) -> Cell<'_> {
    if array.is_null(row) {
        return Cell::Empty;
    }
    match kind {
        Kind::Text => Cell::Text(array.as_string::<i32>().value(row)),
        Kind::Date => match NaiveDate::from_epoch_days(array.as_primitive::<Date32Type>().value(row)) {
            Some(day) => Cell::Date(day),
            None => Cell::Empty,
        },
        Kind::Timestamp => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            DateTime::from_timestamp_micros(micros).map_or(Cell::Empty, |at| Cell::Timestamp(at.naive_utc()))
        }
        Kind::Amount => Cell::Amount(Money::from_units(array.as_primitive::<Decimal128Type>().value(row))),
        Kind::Count | Kind::Days => Cell::Count(array.as_primitive::<Int64Type>().value(row)),
        Kind::Rate | Kind::Number => Cell::Number(array.as_primitive::<Float64Type>().value(row)),
        Kind::Flag => Cell::Flag(array.as_boolean().value(row)),
    }
}

/// Cells of one column as the array of its kind; a cell of another kind becomes empty.
fn array_of<'a>(kind: Kind, cells: impl Iterator<Item = Cell<'a>>) -> ArrayRef {
    match kind {
        Kind::Text => {
            Arc::new(StringArray::from_iter(cells.map(|c| if let Cell::Text(t) = c { Some(t) } else { None })))
        }
        Kind::Date => Arc::new(Date32Array::from_iter(
            cells.map(|c| if let Cell::Date(d) = c { Some(d.to_epoch_days()) } else { None }),
        )),
        Kind::Timestamp => Arc::new(TimestampMicrosecondArray::from_iter(
            cells.map(|c| if let Cell::Timestamp(t) = c { Some(t.and_utc().timestamp_micros()) } else { None }),
        )),
        Kind::Amount => {
            let units = cells.map(|c| if let Cell::Amount(m) = c { Some(m.units()) } else { None });
            Arc::new(Decimal128Array::from_iter(units).with_data_type(kind.data_type()))
        }
        Kind::Count | Kind::Days => {
            Arc::new(Int64Array::from_iter(cells.map(|c| if let Cell::Count(n) = c { Some(n) } else { None })))
        }
        Kind::Rate | Kind::Number => {
            Arc::new(Float64Array::from_iter(cells.map(|c| if let Cell::Number(x) = c { Some(x) } else { None })))
        }
        Kind::Flag => {
            Arc::new(BooleanArray::from_iter(cells.map(|c| if let Cell::Flag(b) = c { Some(b) } else { None })))
        }
    }
}

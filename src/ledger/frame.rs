//! Rows on their way out of the engine: Arrow batches, and nothing of the engine itself.

use arrow::array::{Array, RecordBatch, UInt64Array};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::error::Error;
use crate::sheet::{Column, Kind};

/// The rows of a query.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Names and types of the columns, also where there is no row.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
}

impl Frame {
    /// Number of rows.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Every cell as text, `None` where it is null: for the small answers a program reads itself.
    ///
    /// # Errors
    /// [`Error::Internal`] for a type Arrow cannot show.
    pub fn texts(&self) -> Result<Vec<Vec<Option<String>>>, Error> {
        let mut rows = Vec::with_capacity(self.row_count());
        for batch in &self.batches {
            let options = FormatOptions::default();
            let shown = batch
                .columns()
                .iter()
                .map(|column| ArrayFormatter::try_new(column.as_ref(), &options))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|e| Error::internal(e.to_string()))?;
            for row in 0..batch.num_rows() {
                let cell = |(at, shown): (usize, &ArrayFormatter<'_>)| {
                    (!batch.column(at).is_null(row)).then(|| shown.value(row).to_string())
                };
                rows.push(shown.iter().enumerate().map(cell).collect());
            }
        }
        Ok(rows)
    }

    /// The first column, where it holds unsigned numbers of 64 bits, as a hash is.
    ///
    /// # Errors
    /// [`Error::Internal`] where it holds anything else.
    pub fn hashes(&self) -> Result<Vec<u64>, Error> {
        let mut hashes = Vec::with_capacity(self.row_count());
        for batch in &self.batches {
            let column = batch.column(0).as_any().downcast_ref::<UInt64Array>();
            hashes.extend_from_slice(column.ok_or_else(|| Error::internal("a column without hashes"))?.values());
        }
        Ok(hashes)
    }

    /// Columns of a sheet that shows this frame as it is: what each holds is told from its type.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        self.schema.fields().iter().map(|field| Column::new(field.name(), kind_of(field.data_type()))).collect()
    }
}

/// What a column of an Arrow type holds, where nothing else is known of it.
fn kind_of(data_type: &DataType) -> Kind {
    match data_type {
        DataType::Date32 | DataType::Date64 => Kind::Date,
        DataType::Timestamp(..) => Kind::Timestamp,
        DataType::Decimal128(_, 0) => Kind::Count,
        DataType::Decimal128(_, scale) if *scale <= 4 => Kind::Amount,
        DataType::Decimal128(..) | DataType::Float64 | DataType::Float32 => Kind::Number,
        DataType::Boolean => Kind::Flag,
        other if other.is_integer() => Kind::Count,
        _ => Kind::Text,
    }
}

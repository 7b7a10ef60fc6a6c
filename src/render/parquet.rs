//! Apache Parquet with the columns' own types: decimal(38,4), date, timestamp, 64-bit integers and floats. The title and the
//! notes travel in the file's key-value metadata.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_writer::ArrowWriterOptions;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow::datatypes::{Field, Schema};

use super::RenderOptions;
use crate::error::Error;
use crate::sheet::Sheet;

pub(super) fn render(sheet: &Sheet, _: &RenderOptions) -> Result<Vec<u8>, Error> {
    written(sheet).map_err(|e| Error::internal(format!("sheet {}: Parquet: {e}", sheet.name)))
}

fn written(sheet: &Sheet) -> Result<Vec<u8>, ParquetError> {
    let fields: Vec<Field> = sheet.columns.iter().map(|c| Field::new(&c.name, c.kind.data_type(), true)).collect();
    let metadata = vec![
        KeyValue::new("title".to_owned(), sheet.title.clone()),
        KeyValue::new("notes".to_owned(), sheet.notes.join("\n")),
    ];
    // The crate's default names its own version here, and an upgrade would change every file's bytes.
    let properties = WriterProperties::builder()
        .set_created_by("duecast".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(metadata))
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new_with_options(&mut out, Arc::new(Schema::new(fields)), options)?;
    for batch in sheet.batches() {
        writer.write(batch)?;
    }
    writer.close()?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::sheet::{Cell, Column, Kind};
    use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use chrono::NaiveDate;

    fn sheet(rows: &[Vec<Cell<'_>>]) -> Sheet {
        let columns = vec![
            Column::new("customer_id", Kind::Text),
            Column::new("due_on", Kind::Date),
            Column::new("seen_at", Kind::Timestamp),
            Column::new("open_amount", Kind::Amount),
            Column::new("item_count", Kind::Count),
            Column::new("late_rate", Kind::Rate),
            Column::new("is_disputed", Kind::Flag),
        ];
        Sheet::from_rows("test", "Test", columns, rows).expect("a sheet").noted("one").noted("two")
    }

    #[test]
    fn what_is_written_reads_back_with_its_types_and_twice_the_same_bytes() {
        let day = NaiveDate::from_ymd_opt(2024, 12, 31).expect("a day");
        let full = vec![
            Cell::Text("Ő"),
            Cell::Date(day),
            Cell::Timestamp(day.and_hms_opt(1, 2, 3).expect("a time")),
            Cell::Amount(Money::from_units(-1)),
            Cell::Count(3),
            Cell::Number(0.5),
            Cell::Flag(false),
        ];
        let sheet = sheet(&[full, vec![Cell::Empty; 7]]);
        let bytes = render(&sheet, &RenderOptions::default()).expect("rendered");
        assert_eq!(bytes, render(&sheet, &RenderOptions::default()).expect("rendered again"));

        let file = tempfile_with(&bytes);
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("a Parquet file");
        let about = builder.metadata().file_metadata();
        assert_eq!(about.created_by(), Some("duecast"));
        assert_eq!(about.key_value_metadata().and_then(|pairs| pairs[1].value.as_deref()), Some("one\ntwo"));
        let batches: Vec<_> = builder.build().expect("a reader").map(|batch| batch.expect("a batch")).collect();
        assert_eq!(batches[0].schema(), sheet.batches()[0].schema());
        let read = Sheet::new("test", "Test", sheet.columns.clone(), batches).expect("the same columns");
        assert_eq!(read.rows().collect::<Vec<_>>(), sheet.rows().collect::<Vec<_>>());
    }

    #[test]
    fn no_rows_still_give_the_columns() {
        let bytes = render(&sheet(&[]), &RenderOptions::default()).expect("rendered");
        let builder = ParquetRecordBatchReaderBuilder::try_new(tempfile_with(&bytes)).expect("a Parquet file");
        assert_eq!(builder.schema().fields().len(), 7);
    }

    fn tempfile_with(bytes: &[u8]) -> std::fs::File {
        use std::io::{Seek, Write};
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(bytes).and_then(|()| file.rewind()).expect("written");
        file
    }
}

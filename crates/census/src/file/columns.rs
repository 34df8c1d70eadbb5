//! Columns of numbers and texts in a Parquet file, a group of rows at a time.

use crate::file::manifest::Sums;
use crate::segment::{DayColumn, Places, Segment};
use crc32fast::Hasher;
use parquet::basic::{Encoding, LogicalType, Repetition, Type as Physical};
use parquet::column::reader::{ColumnReader, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::ops::Range;
use std::sync::Arc;

/// Most rows of a group.
pub(super) const GROUP: usize = 1 << 20;
/// Values turned at a time.
const BATCH: usize = 1 << 15;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    U8,
    U16,
    U32,
    U64,
    Text,
}

/// The values of a column in one part of the rows.
pub(super) enum Values<'a> {
    U8(&'a [u8]),
    Days(&'a DayColumn),
    U32(&'a [u32]),
    U64(&'a [u64]),
    Text(&'a [String]),
    /// The numbers of the organisations of the rows.
    Orgs(&'a Segment),
    /// The row's own number.
    Number,
    /// 0 in each row.
    Zero,
}

/// A column: its name, what it holds, and its values in each part of the rows.
pub(super) type Column<'a> = (&'a str, Kind, Vec<Values<'a>>);

/// Writes columns of parts of these lengths; no group of rows has rows of two parts. The rows of each part are sorted by the first column.
pub(super) fn write(file: File, columns: &[Column<'_>], parts: &[usize], about: Option<String>) -> io::Result<Sums> {
    let mut properties = WriterProperties::builder()
        .set_created_by("dangjian census".to_owned())
        .set_max_row_group_row_count(Some(GROUP))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_sorting_columns(Some(vec![SortingColumn { column_idx: 0, descending: false, nulls_first: false }]))
        .set_key_value_metadata(about.map(|about| vec![KeyValue::new("census".to_owned(), about)]));
    for (name, kind, _) in columns {
        let path = ColumnPath::from(*name);
        properties = properties.set_column_dictionary_enabled(path.clone(), matches!(kind, Kind::U8 | Kind::U16));
        if matches!(kind, Kind::U32 | Kind::U64) {
            properties = properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        }
    }
    let names: Vec<(&str, Kind)> = columns.iter().map(|(name, kind, _)| (*name, *kind)).collect();
    let sink = Summing { to: BufWriter::with_capacity(1 << 20, file), bytes: 0, crc: Hasher::new() };
    let mut writer =
        SerializedFileWriter::new(sink, Arc::new(schema(&names).map_err(disk)?), Arc::new(properties.build()))
            .map_err(disk)?;
    let mut sums = vec![Hasher::new(); columns.len()];
    for (part, len) in parts.iter().enumerate() {
        for start in (0..*len).step_by(GROUP) {
            let mut group = writer.next_row_group().map_err(disk)?;
            for ((_, kind, values), sum) in columns.iter().zip(&mut sums) {
                write_chunk(&mut group, *kind, &values[part], start..GROUP.min(len - start) + start, sum)
                    .map_err(disk)?;
            }
            group.close().map_err(disk)?;
        }
    }
    let mut sink = writer.into_inner().map_err(disk)?;
    sink.flush()?;
    sink.to.get_ref().sync_all()?;
    let columns = sums.into_iter().map(Hasher::finalize).collect();
    Ok(Sums { bytes: sink.bytes, crc32: sink.crc.finalize(), columns })
}

fn write_chunk<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    kind: Kind,
    values: &Values<'_>,
    rows: Range<usize>,
    sum: &mut Hasher,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("列数不符".to_owned()));
    };
    let mut numbers: Vec<u64> = Vec::new();
    let mut bytes = Vec::new();
    let mut org = None;
    for start in rows.clone().step_by(BATCH) {
        let rows = start..rows.end.min(start + BATCH);
        bytes.clear();
        if let Values::Text(texts) = values {
            let texts = &texts[rows];
            texts.iter().for_each(|text| kind_bytes(text.as_bytes(), &mut bytes));
            let texts: Vec<ByteArray> = texts.iter().map(|text| ByteArray::from(text.as_str())).collect();
            column.typed::<ByteArrayType>().write_batch(&texts, None, None)?;
        } else {
            numbers.clear();
            values.numbers(rows, &mut org, &mut numbers);
            numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()[..kind.width()]));
            if kind == Kind::U64 {
                let numbers: Vec<i64> = numbers.iter().map(|number| number.cast_signed()).collect();
                column.typed::<Int64Type>().write_batch(&numbers, None, None)?;
            } else {
                let numbers: Vec<i32> = numbers.iter().map(|number| (*number as u32).cast_signed()).collect();
                column.typed::<Int32Type>().write_batch(&numbers, None, None)?;
            }
        }
        sum.update(&bytes);
    }
    column.close()
}

impl Values<'_> {
    fn numbers(&self, rows: Range<usize>, org: &mut Option<u32>, numbers: &mut Vec<u64>) {
        match self {
            Values::U8(codes) => numbers.extend(codes[rows].iter().map(|code| u64::from(*code))),
            Values::Days(days) => numbers.extend(rows.map(|row| u64::from(days.get(row)))),
            Values::U32(list) => numbers.extend(list[rows].iter().map(|number| u64::from(*number))),
            Values::U64(list) => numbers.extend_from_slice(&list[rows]),
            Values::Number => numbers.extend(rows.map(|row| row as u64)),
            Values::Zero => numbers.extend(rows.map(|_| 0)),
            Values::Text(_) => {}
            Values::Orgs(segment) => {
                let mut at = org.unwrap_or_else(|| segment.org_of(rows.start));
                for row in rows {
                    match &segment.places {
                        Places::Starts(starts) => {
                            while starts[at as usize + 1] as usize <= row {
                                at += 1;
                            }
                        }
                        Places::Orgs(orgs) => at = orgs[row],
                    }
                    numbers.push(u64::from(at));
                }
                *org = Some(at);
            }
        }
    }
}

impl Kind {
    fn width(self) -> usize {
        match self {
            Kind::U8 => 1,
            Kind::U16 => 2,
            Kind::U32 => 4,
            Kind::U64 | Kind::Text => 8,
        }
    }

    fn column(self, name: &str) -> Result<Type, ParquetError> {
        let (physical, logical) = match self {
            Kind::Text => (Physical::BYTE_ARRAY, LogicalType::String),
            Kind::U64 => (Physical::INT64, LogicalType::integer(64, false)),
            other => (Physical::INT32, LogicalType::integer(other.width() as i8 * 8, false)),
        };
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(Some(logical))
            .build()
    }
}

fn kind_bytes(text: &[u8], bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
    bytes.extend_from_slice(text);
}

fn schema(columns: &[(&str, Kind)]) -> Result<Type, ParquetError> {
    let fields = columns.iter().map(|(name, kind)| kind.column(name).map(Arc::new)).collect::<Result<_, _>>()?;
    Type::group_type_builder("census").with_fields(fields).build()
}

/// Passes on what is written, and sums it.
struct Summing<W> {
    to: W,
    bytes: u64,
    crc: Hasher,
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.crc.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn disk(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

/// Refuses a file of another length or sum.
pub(super) fn verify(mut file: &File, sums: &Sums) -> Result<(), String> {
    let mut buffer = vec![0; 1 << 20];
    let (mut crc, mut bytes) = (Hasher::new(), 0u64);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                crc.update(&buffer[..read]);
                bytes += read as u64;
            }
            Err(error) => return Err(format!("读取失败：{error}")),
        }
    }
    if bytes != sums.bytes {
        return Err(format!("长 {bytes} 字节，应为 {} 字节", sums.bytes));
    }
    if crc.finalize() != sums.crc32 { Err("校验和不符".to_owned()) } else { Ok(()) }
}

/// A file open for one column.
pub(super) struct Reader {
    file: SerializedFileReader<File>,
    parts: Vec<usize>,
}

impl Reader {
    /// Refuses a file that has other columns or numbers of rows.
    pub(super) fn new(file: File, columns: &[(&str, Kind)], parts: &[usize]) -> Result<Self, String> {
        let file = SerializedFileReader::new(file).map_err(unreadable)?;
        let schema = schema(columns).map_err(unreadable)?;
        if file.metadata().file_metadata().schema() != &schema {
            return Err("列与说明不符".to_owned());
        }
        let groups: Vec<usize> =
            file.metadata().row_groups().iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(0)).collect();
        let expected = parts.iter().flat_map(|len| (0..*len).step_by(GROUP).map(move |start| GROUP.min(len - start)));
        if !groups.into_iter().eq(expected) {
            return Err("行数与说明不符".to_owned());
        }
        Ok(Reader { file, parts: parts.to_vec() })
    }

    /// Gives the numbers of a column, with the part they belong to, and compares their sum.
    pub(super) fn numbers(
        &self,
        column: usize,
        kind: Kind,
        sum: Option<&u32>,
        mut take: impl FnMut(usize, &[u64]) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut numbers: Vec<u64> = Vec::new();
        let last = u64::MAX >> (64 - kind.width() * 8);
        if kind == Kind::U64 {
            return self.column::<Int64Type>(column, sum, |part, values, bytes| {
                numbers.clear();
                numbers.extend(values.iter().map(|value| value.cast_unsigned()));
                numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
                take(part, &numbers)
            });
        }
        self.column::<Int32Type>(column, sum, |part, values, bytes| {
            numbers.clear();
            numbers.extend(values.iter().map(|value| u64::from(value.cast_unsigned())));
            if numbers.iter().any(|number| *number > last) {
                return Err("数值超出列的范围".to_owned());
            }
            numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()[..kind.width()]));
            take(part, &numbers)
        })
    }

    pub(super) fn texts(&self, column: usize, sum: Option<&u32>) -> Result<Vec<String>, String> {
        let mut texts = Vec::new();
        self.column::<ByteArrayType>(column, sum, |_, values, bytes| {
            for value in values {
                kind_bytes(value.data(), bytes);
                texts.push(String::from_utf8(value.data().to_vec()).map_err(|_| "文字不是 UTF-8")?);
            }
            Ok(())
        })?;
        Ok(texts)
    }

    fn column<T: DataType>(
        &self,
        column: usize,
        sum: Option<&u32>,
        mut take: impl FnMut(usize, &[T::T], &mut Vec<u8>) -> Result<(), String>,
    ) -> Result<(), String>
    where
        ColumnReader: OfType<T>,
    {
        let mut hasher = Hasher::new();
        let (mut values, mut bytes) = (Vec::new(), Vec::new());
        let mut group = 0;
        for (part, len) in self.parts.iter().enumerate() {
            for start in (0..*len).step_by(GROUP) {
                let rows = self.file.get_row_group(group).map_err(unreadable)?;
                group += 1;
                let reader = rows.get_column_reader(column).map_err(unreadable)?;
                if !reader.is_of_type() {
                    return Err("列的类型与说明不符".to_owned());
                }
                let mut reader = get_typed_column_reader::<T>(reader);
                let mut left = GROUP.min(len - start);
                while left > 0 {
                    values.clear();
                    bytes.clear();
                    let (read, got, _) =
                        reader.read_records(left.min(BATCH), None, None, &mut values).map_err(unreadable)?;
                    if read == 0 || got != read {
                        return Err("列的行数不足".to_owned());
                    }
                    take(part, &values, &mut bytes)?;
                    hasher.update(&bytes);
                    left -= read;
                }
            }
        }
        if sum == Some(&hasher.finalize()) { Ok(()) } else { Err("列的校验和不符".to_owned()) }
    }
}

/// Whether a reader reads columns of a type.
trait OfType<T> {
    fn is_of_type(&self) -> bool;
}

impl OfType<Int32Type> for ColumnReader {
    fn is_of_type(&self) -> bool {
        matches!(self, ColumnReader::Int32ColumnReader(_))
    }
}

impl OfType<Int64Type> for ColumnReader {
    fn is_of_type(&self) -> bool {
        matches!(self, ColumnReader::Int64ColumnReader(_))
    }
}

impl OfType<ByteArrayType> for ColumnReader {
    fn is_of_type(&self) -> bool {
        matches!(self, ColumnReader::ByteArrayColumnReader(_))
    }
}

fn unreadable(error: ParquetError) -> String {
    format!("不能解码：{error}")
}

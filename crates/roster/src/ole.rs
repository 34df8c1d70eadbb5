//! Old binary workbooks (xls) before they are parsed: the compound file's chains and the sheets' records are walked once, so that a
//! chain that never ends or two far cells cannot take all memory. Says nothing about what the cells mean.

use crate::BadFile;
use crate::grid::{self, MOST_MEMORY};
use crate::guard;
use std::collections::{HashSet, VecDeque};

/// What one cell takes while a sheet is parsed: its place, its value, and its place in the rectangle around all cells.
const CELL_BYTES: usize = 64;
/// Marks in a chain of sectors: greater ones are no sectors.
const LAST_SECTOR: u32 = 0xffff_fffa;
/// Most sheets of a workbook.
const MOST_SHEETS: usize = 256;
/// Shortest workbook stream kept in sectors of its own.
const SHORTEST_STREAM: usize = 4096;

/// Refuses an old workbook that is damaged, has a password, or would take too much memory.
pub(crate) fn inspect(bytes: &[u8]) -> Result<(), BadFile> {
    let file = Compound::open(bytes).ok_or_else(guard::damaged)?;
    if file.find("EncryptedPackage").is_some() {
        return Err(guard::password());
    }
    let entry = file.find("Workbook").or_else(|| file.find("Book"));
    let Some(entry) = entry else {
        return Err(BadFile::new("这不是电子表格文件。请导入 xlsx、xls 或 csv 文件"));
    };
    let stream = file.stream(entry).ok_or_else(guard::damaged)?;
    match weigh(&stream).ok_or_else(guard::damaged)? {
        Weight { password: true, .. } => Err(guard::password()),
        Weight { cells, text, .. } if cells.saturating_mul(CELL_BYTES).saturating_add(text) > MOST_MEMORY => {
            Err(grid::too_large())
        }
        Weight { .. } => Ok(()),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

struct Entry {
    name: String,
    start: u32,
    length: usize,
}

/// A compound file (MS-CFB) whose chains are known to end.
struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    next: Vec<u32>,
    entries: Vec<Entry>,
}

impl<'b> Compound<'b> {
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let sectors = bytes.len() / sector + 1;
        let mut file = Compound { bytes, sector, next: Vec::new(), entries: Vec::new() };

        // Where the allocation table is: 109 places in the header, further ones in a chain of their own.
        let mut places: Vec<u32> = (0..109).filter_map(|i| u32_at(bytes, 76 + 4 * i)).collect();
        let mut more = u32_at(bytes, 68)?;
        for _ in 0..sectors {
            if more >= LAST_SECTOR {
                break;
            }
            let block = file.sector(more)?;
            places.extend((0..sector / 4 - 1).filter_map(|i| u32_at(block, 4 * i)));
            more = u32_at(block, sector - 4)?;
        }
        places.retain(|place| *place < LAST_SECTOR);
        let distinct: HashSet<u32> = places.iter().copied().collect();
        if more < LAST_SECTOR || distinct.len() != places.len() {
            return None;
        }
        for place in places {
            let block = file.sector(place)?.to_vec();
            file.next.extend((0..block.len() / 4).filter_map(|i| u32_at(&block, 4 * i)));
        }

        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX)?;
        file.entries = directory.chunks_exact(128).map(|entry| file.entry(entry)).collect::<Option<_>>()?;
        // The container of small streams and its table are as long as they say: no longer than the file.
        let small_table = (u32_at(bytes, 64)? as usize).checked_mul(sector)?;
        let fits = small_table <= bytes.len() && file.entries.first()?.length <= bytes.len();
        fits.then_some(file)
    }

    fn sector(&self, id: u32) -> Option<&'b [u8]> {
        let start = (id as usize + 1).checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end).filter(|block| !block.is_empty())
    }

    fn chain(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut at = start;
        let mut steps = 0;
        while at < LAST_SECTOR && out.len() < length {
            steps += 1;
            if steps > self.next.len() {
                return None;
            }
            out.extend_from_slice(self.sector(at)?);
            at = *self.next.get(at as usize)?;
        }
        out.truncate(length);
        Some(out)
    }

    fn entry(&self, bytes: &[u8]) -> Option<Entry> {
        let units = bytes[..64].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let name = char::decode_utf16(units.take_while(|unit| *unit != 0)).map(|c| c.unwrap_or('?')).collect();
        let length = u32_at(bytes, 120)? as usize;
        // The upper half counts in files of large sectors only; nothing taken in here is that long.
        let upper = if self.sector == 512 { 0 } else { u32_at(bytes, 124)? };
        (upper == 0).then_some(Entry { name, start: u32_at(bytes, 116)?, length })
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        let fits = (SHORTEST_STREAM..=self.bytes.len()).contains(&entry.length);
        if fits { self.chain(entry.start, entry.length) } else { None }
    }
}

/// What a workbook stream would take when parsed.
struct Weight {
    password: bool,
    cells: usize,
    text: usize,
}

/// A record (MS-XLS): its kind, its data, and the data of the records that continue it.
struct Record<'s> {
    kind: u16,
    data: &'s [u8],
    more: Vec<&'s [u8]>,
}

const CONTINUE: u16 = 0x003c;

fn records(mut stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    fn one<'s>(stream: &mut &'s [u8]) -> Option<(u16, &'s [u8])> {
        let (kind, length) = (u16_at(stream, 0)?, u16_at(stream, 2)? as usize);
        let data = stream.get(4..4 + length)?;
        *stream = &stream[4 + length..];
        Some((kind, data))
    }
    std::iter::from_fn(move || {
        let (kind, data) = one(&mut stream)?;
        let mut more = Vec::new();
        while stream.len() > 4 && u16_at(stream, 0) == Some(CONTINUE) {
            more.push(one(&mut stream)?.1);
        }
        Some(Record { kind, data, more })
    })
}

fn weigh(stream: &[u8]) -> Option<Weight> {
    let mut weight = Weight { password: false, cells: 0, text: 0 };
    let mut sheets = Vec::new();
    let mut lengths = Vec::new();
    for record in records(stream) {
        match record.kind {
            0x002f => weight.password = true,
            0x0085 => sheets.push(u32_at(record.data, 0)? as usize),
            0x00fc => lengths = shared_lengths(&record),
            0x000a => break,
            _ => {}
        }
    }
    if weight.password {
        return Some(weight);
    }
    if sheets.len() > MOST_SHEETS {
        weight.cells = usize::MAX;
        return Some(weight);
    }
    for start in sheets {
        weigh_sheet(stream.get(start..)?, &lengths, &mut weight)?;
    }
    Some(weight)
}

/// Adds a sheet: the rectangle around its cells, which is made in full, and the text of its cells.
fn weigh_sheet(stream: &[u8], shared: &[usize], weight: &mut Weight) -> Option<()> {
    let mut begun = false;
    let mut inner = 0_usize;
    let (mut first, mut last) = ((u16::MAX, u16::MAX), (0, 0));
    let mut any = false;
    for record in records(stream) {
        match record.kind {
            0x0809 if begun => inner += 1,
            0x0809 => begun = true,
            0x000a if inner == 0 => break,
            0x000a => inner -= 1,
            _ if inner > 0 => {}
            0x0200 => {
                let wide = record.data.len() > 10;
                let (from, to) = if wide {
                    (u32_at(record.data, 0)?, u32_at(record.data, 4)?)
                } else {
                    (u16_at(record.data, 0)?.into(), u16_at(record.data, 2)?.into())
                };
                // A sheet of 65,536 rows and 256 columns.
                let columns = u16_at(record.data, if wide { 10 } else { 6 })?;
                if to > 65_536 || (to > 0 && from >= to) || columns > 256 {
                    return None;
                }
            }
            0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x00bd | 0x0006 => {
                let (row, column) = (u16_at(record.data, 0)?, u16_at(record.data, 2)?);
                let end = if record.kind == 0x00bd {
                    u16_at(record.data, record.data.len().checked_sub(2)?)?
                } else {
                    column
                };
                any = true;
                first = (first.0.min(row), first.1.min(column));
                last = (last.0.max(row), last.1.max(column.max(end)));
                weight.text = weight.text.saturating_add(match record.kind {
                    0x00fd => *shared.get(u32_at(record.data, 6)? as usize)?,
                    _ => record.data.len(),
                });
            }
            _ => {}
        }
    }
    if any {
        let area = (usize::from(last.0 - first.0) + 1) * (usize::from(last.1 - first.1) + 1);
        weight.cells = weight.cells.saturating_add(area);
    }
    Some(())
}

/// The lengths in bytes of the shared texts. Where the table cannot be followed it ends: later texts are then unknown and refused.
fn shared_lengths(table: &Record<'_>) -> Vec<usize> {
    let pieces = std::iter::once(table.data.get(8..).unwrap_or_default()).chain(table.more.iter().copied()).collect();
    let mut reader = Pieces { pieces };
    // UTF-8 takes at most three bytes for what UTF-16 has in one unit.
    std::iter::from_fn(|| reader.text().map(|units| usize::from(units) * 3)).collect()
}

/// What is left of a record and the records that continue it.
struct Pieces<'s> {
    pieces: VecDeque<&'s [u8]>,
}

impl<'s> Pieces<'s> {
    fn current(&mut self) -> Option<&mut &'s [u8]> {
        while self.pieces.front().is_some_and(|piece| piece.is_empty()) {
            self.pieces.pop_front();
        }
        self.pieces.front_mut()
    }

    fn byte(&mut self) -> Option<u8> {
        let piece = self.current()?;
        let (first, rest) = piece.split_first()?;
        *piece = rest;
        Some(*first)
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let piece = self.current()?;
            let step = piece.len().min(bytes);
            *piece = &piece[step..];
            bytes -= step;
        }
        Some(())
    }

    /// Passes over one text and gives its length in UTF-16 units. Text cut by a piece's end goes on after a byte that says how wide.
    fn text(&mut self) -> Option<u16> {
        let units = self.short()?;
        let mut flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.short()?) * 4 } else { 0 };
        let extra = if flags & 4 != 0 { usize::from(self.short()?) | usize::from(self.short()?) << 16 } else { 0 };
        let mut left = usize::from(units);
        while left > 0 {
            let width = if flags & 1 != 0 { 2 } else { 1 };
            let step = (self.pieces.front()?.len() / width).min(left);
            self.skip(step * width)?;
            left -= step;
            if left > 0 {
                self.pieces.pop_front();
                flags = self.byte()?;
            }
        }
        self.skip(runs + extra)?;
        Some(units)
    }
}

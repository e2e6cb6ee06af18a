//! Packs: append-only files of checked, compressed frames. Knows bytes and offsets, not what they mean.
//!
//! A pack is 16 bytes (`TAMISPK`, a version byte, zeros) and then frames. A frame is, little-endian:
//! magic (4), kind (1), zeros (3), stored length (4), raw length (4), XXH3-128 (16) over the twelve
//! bytes after the magic and the stored bytes, then the stored bytes: one zstd frame. The magic holds
//! bytes that no UTF-8 has, so a text cannot imitate a frame.

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

/// Length of a pack's header: where its first frame begins.
pub(super) const PACK_HEADER: u64 = 16;
/// Version of the pack format.
pub(super) const PACK_VERSION: u8 = 1;
/// Largest raw frame, in bytes.
pub(super) const MAX_RAW: usize = 256 << 20;
const PACK_MAGIC: [u8; 7] = *b"TAMISPK";
const MAGIC: [u8; 4] = [0xff, b'T', b'M', 0xfe];
const FRAME_HEADER: usize = 32;
/// 3 is zstd's own default: a third of the text at several hundred MB/s.
const LEVEL: i32 = 3;

/// Where a frame lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub pack: u32,
    pub offset: u64,
    /// Header included.
    pub length: u64,
}

/// A frame that was read and found whole.
#[derive(Debug)]
pub(super) struct Frame {
    pub kind: u8,
    pub raw: Vec<u8>,
    /// Header included.
    pub length: u64,
}

/// Why a frame could not be read.
#[derive(Debug)]
pub(super) enum Unread {
    /// The pack file is not there.
    NoPack,
    /// The file ends before the frame does.
    Short,
    /// The bytes are not those that were written.
    Damaged(&'static str),
    /// The system refused.
    Io(io::Error),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Unread {
        match error.kind() {
            io::ErrorKind::NotFound => Unread::NoPack,
            io::ErrorKind::UnexpectedEof => Unread::Short,
            _ => Unread::Io(error),
        }
    }
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unread::NoPack => f.write_str("the pack is not there"),
            Unread::Short => f.write_str("the pack ends before the object does"),
            Unread::Damaged(what) => f.write_str(what),
            Unread::Io(error) => write!(f, "{error}"),
        }
    }
}

/// `packs/000001.pack` and so on.
pub(super) fn pack_path(packs: &Path, pack: u32) -> PathBuf {
    packs.join(format!("{pack:06}.pack"))
}

/// The numbers of the packs in a folder, ascending; other files are none of ours.
pub(super) fn pack_numbers(packs: &Path) -> io::Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(packs)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|n| n.strip_suffix(".pack")).and_then(|n| n.parse().ok());
        numbers.extend(number.filter(|n| *n > 0 && pack_path(packs, *n).ends_with(&name)));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The format version in a pack's header; `None` where the header is damaged or cut.
pub(super) fn pack_version(path: &Path) -> io::Result<Option<u8>> {
    let mut header = Vec::new();
    File::open(path)?.take(PACK_HEADER).read_to_end(&mut header)?;
    let rest = header.strip_prefix(&PACK_MAGIC);
    Ok(rest.filter(|rest| rest.len() == 9 && rest[1..] == [0; 8]).map(|rest| rest[0]))
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Compresses and seals frames.
pub(super) struct Sealer(zstd::bulk::Compressor<'static>);

impl Sealer {
    pub(super) fn new() -> io::Result<Sealer> {
        zstd::bulk::Compressor::new(LEVEL).map(Sealer)
    }

    /// The bytes of a frame around `raw`, which the caller keeps under [`MAX_RAW`].
    pub(super) fn seal(&mut self, kind: u8, raw: &[u8]) -> io::Result<Vec<u8>> {
        let stored = self.0.compress(raw)?;
        let too_long = || io::Error::from(io::ErrorKind::FileTooLarge);
        let stored_len = u32::try_from(stored.len()).map_err(|_| too_long())?;
        let raw_len = u32::try_from(raw.len()).map_err(|_| too_long())?;
        let mut fields = [0u8; 12];
        fields[0] = kind;
        fields[4..8].copy_from_slice(&stored_len.to_le_bytes());
        fields[8..].copy_from_slice(&raw_len.to_le_bytes());
        let mut frame = Vec::with_capacity(FRAME_HEADER + stored.len());
        frame.extend_from_slice(&MAGIC);
        frame.extend_from_slice(&fields);
        frame.extend_from_slice(&checksum(&fields, &stored));
        frame.extend_from_slice(&stored);
        Ok(frame)
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

fn checksum(fields: &[u8], stored: &[u8]) -> [u8; 16] {
    let mut hash = Xxh3::new();
    hash.update(fields);
    hash.update(stored);
    hash.digest128().to_le_bytes()
}

/// Reads the frame at `offset` of a file that is `file_len` long; never allocates more than the file
/// holds before the checksum is known to be right.
pub(super) fn read_frame(file: &mut File, file_len: u64, offset: u64) -> Result<Frame, Unread> {
    let room = file_len.saturating_sub(offset);
    if room < FRAME_HEADER as u64 {
        return Err(Unread::Short);
    }
    let mut header = [0u8; FRAME_HEADER];
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut header)?;
    let (magic, rest) = header.split_at(4);
    let (fields, sum) = rest.split_at(12);
    if magic != MAGIC {
        return Err(Unread::Damaged("no object begins here"));
    }
    let number = |at: usize| u32::from_le_bytes([fields[at], fields[at + 1], fields[at + 2], fields[at + 3]]);
    let (stored_len, raw_len) = (number(4) as usize, number(8) as usize);
    let length = (FRAME_HEADER + stored_len) as u64;
    if length > room {
        return Err(Unread::Short);
    }
    let mut stored = vec![0u8; stored_len];
    file.read_exact(&mut stored)?;
    if checksum(fields, &stored) != sum || raw_len > MAX_RAW {
        return Err(Unread::Damaged("its checksum is wrong"));
    }
    let raw =
        zstd::bulk::decompress(&stored, raw_len).map_err(|_| Unread::Damaged("it cannot be decompressed"))?;
    if raw.len() != raw_len {
        return Err(Unread::Damaged("it has the wrong length"));
    }
    Ok(Frame { kind: fields[0], raw, length })
}

/// Where the next frame may begin at or after `from`: the next place with a frame's magic.
pub(super) fn find_magic(file: &mut File, file_len: u64, from: u64) -> io::Result<Option<u64>> {
    let mut window = vec![0u8; 64 << 10];
    let mut at = from;
    while at.saturating_add(FRAME_HEADER as u64) <= file_len {
        let wanted = usize::try_from(file_len - at).unwrap_or(usize::MAX).min(window.len());
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut window[..wanted])?;
        if let Some(found) = memchr::memmem::find(&window[..wanted], &MAGIC) {
            return Ok(Some(at + found as u64));
        }
        // Keep three bytes: the magic may lie across two windows.
        at += (wanted - (MAGIC.len() - 1)) as u64;
    }
    Ok(None)
}

/// Reads frames by place, keeping a few packs open.
#[derive(Debug)]
pub(super) struct Packs {
    folder: PathBuf,
    open: RefCell<Vec<(u32, File)>>,
}

impl Packs {
    /// Open files kept; enough for all but very large stores.
    const KEPT: usize = 16;

    pub(super) fn new(folder: PathBuf) -> Packs {
        Packs { folder, open: RefCell::new(Vec::new()) }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn path(&self, pack: u32) -> PathBuf {
        pack_path(&self.folder, pack)
    }

    pub(super) fn read(&self, place: Place) -> Result<Frame, Unread> {
        let mut open = self.open.borrow_mut();
        if !open.iter().any(|(pack, _)| *pack == place.pack) {
            if open.len() >= Packs::KEPT {
                open.remove(0);
            }
            open.push((place.pack, File::open(self.path(place.pack))?));
        }
        let Some((_, file)) = open.iter_mut().find(|(pack, _)| *pack == place.pack) else {
            return Err(Unread::NoPack);
        };
        let file_len = file.metadata()?.len();
        let frame = read_frame(file, file_len, place.offset)?;
        if frame.length == place.length { Ok(frame) } else { Err(Unread::Damaged("it has the wrong length")) }
    }
}

/// The pack being written.
#[derive(Debug)]
pub(super) struct Appender {
    file: File,
    pub path: PathBuf,
    pub pack: u32,
    /// Where the next frame goes.
    pub end: u64,
}

impl Appender {
    /// Makes a new pack; its name and header are durable afterwards.
    pub(super) fn create(packs: &Path, pack: u32) -> io::Result<Appender> {
        let path = pack_path(packs, pack);
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        let mut header = [0u8; PACK_HEADER as usize];
        header[..7].copy_from_slice(&PACK_MAGIC);
        header[7] = PACK_VERSION;
        let made = file.write_all(&header).and_then(|()| file.sync_all()).and_then(|()| sync_folder(packs));
        if let Err(error) = made {
            // Nothing is in it yet; left behind it would only block its number.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        Ok(Appender { file, path, pack, end: PACK_HEADER })
    }

    /// Goes on with a pack whose frames end at `end`.
    pub(super) fn resume(packs: &Path, pack: u32, end: u64) -> io::Result<Appender> {
        let path = pack_path(packs, pack);
        let file = OpenOptions::new().write(true).open(&path)?;
        Ok(Appender { file, path, pack, end })
    }

    /// Writes a frame at the end; after an error the pack is as before.
    pub(super) fn append(&mut self, frame: &[u8]) -> io::Result<Place> {
        let written = self.file.seek(SeekFrom::Start(self.end)).and_then(|_| self.file.write_all(frame));
        if let Err(error) = written {
            self.cut(self.end);
            return Err(error);
        }
        let place = Place { pack: self.pack, offset: self.end, length: frame.len() as u64 };
        self.end += place.length;
        Ok(place)
    }

    /// Drops what lies beyond `end`. Not needed for safety: it was never acknowledged, and the next
    /// writer cuts it where this fails.
    pub(super) fn cut(&mut self, end: u64) {
        let _ = self.file.set_len(end);
        self.end = end;
    }

    /// Makes all frames durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

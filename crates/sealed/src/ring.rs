//! The key ring: master keys that wrap persons' keys, and the keys of the blind index and of the chain's end.
//! It lives in a file of its own, outside the database, readable by its owner only.

use crate::{PersonKey, SealError};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sm3::Sm3;
use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The key file's format.
const FORMAT: u32 = 1;
/// The first byte of whatever is sealed under a master key; the key's number follows.
const SEALED_FORMAT: u8 = 1;

/// All keys of an installation.
#[derive(Clone)]
pub struct KeyRing {
    active: u32,
    masters: Vec<(u32, PersonKey)>,
    index: PersonKey,
    mac: PersonKey,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct KeyFile {
    format: u32,
    active: u32,
    masters: Vec<(u32, String)>,
    index: String,
    mac: String,
}

impl KeyRing {
    /// Keys that live as long as the process: for tests.
    pub fn ephemeral() -> Result<Self, SealError> {
        Ok(KeyRing {
            active: 1,
            masters: vec![(1, PersonKey::random()?)],
            index: PersonKey::random()?,
            mac: PersonKey::random()?,
        })
    }

    /// Opens the ring in a file, or makes the file with new keys.
    pub fn open_or_create(path: &Path) -> Result<Self, SealError> {
        if path.try_exists().map_err(|e| file_error(path, format!("无法读取（{e}），请检查目录权限")))? {
            return Self::open(path);
        }
        let ring = Self::ephemeral()?;
        match ring.write(path, put_new) {
            Ok(()) => Ok(ring),
            // Another process was first: its keys are the ones.
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Self::open(path),
            Err(e) => Err(not_written(path, &e)),
        }
    }

    /// Opens the ring in a file. Refuses a file that others may read.
    pub fn open(path: &Path) -> Result<Self, SealError> {
        let fail = |reason: String| file_error(path, reason);
        check_mode(path).map_err(fail)?;
        let text =
            Zeroizing::new(std::fs::read(path).map_err(|e| fail(format!("无法读取（{e}），请检查路径和文件的属主")))?);
        let damaged = || fail("内容损坏，请从备份恢复；没有它，加密的数据无法读取".to_owned());
        let file: KeyFile = serde_json::from_slice(&text).map_err(|_| damaged())?;
        if file.format != FORMAT {
            return Err(fail(format!("格式为第 {} 版，本程序只认第 {FORMAT} 版", file.format)));
        }
        let key = |text: &str| {
            let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| damaged())?);
            PersonKey::from_bytes(&bytes).map_err(|_| damaged())
        };
        let masters =
            file.masters.iter().map(|(id, text)| Ok((*id, key(text)?))).collect::<Result<Vec<_>, SealError>>()?;
        let ids: BTreeSet<u32> = masters.iter().map(|(id, _)| *id).collect();
        if ids.len() != masters.len() || !ids.contains(&file.active) {
            return Err(damaged());
        }
        Ok(KeyRing { active: file.active, masters, index: key(&file.index)?, mac: key(&file.mac)? })
    }

    /// Writes the ring to a file, at once or not at all.
    pub fn save(&self, path: &Path) -> Result<(), SealError> {
        self.write(path, |draft, path| std::fs::rename(draft, path)).map_err(|e| not_written(path, &e))
    }

    /// Writes a draft beside the file and puts it in its place.
    fn write(&self, path: &Path, put: impl Fn(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
        let text = |key: &PersonKey| STANDARD.encode(key.as_bytes());
        let file = KeyFile {
            format: FORMAT,
            active: self.active,
            masters: self.masters.iter().map(|(id, key)| (*id, text(key))).collect(),
            index: text(&self.index),
            mac: text(&self.mac),
        };
        let bytes = Zeroizing::new(serde_json::to_vec_pretty(&file)?);
        let draft = draft_of(path)?;
        let put = write_private(&draft, &bytes).and_then(|()| put(&draft, path));
        if put.is_err() {
            // The draft holds keys; whether it can be removed changes nothing about the failure to report.
            let _ = std::fs::remove_file(&draft);
        }
        put?;
        sync_directory(path)
    }

    /// Adds a new master key and wraps new keys under it from now on; what older ones wrapped still opens.
    pub fn rotate(&mut self) -> Result<(), SealError> {
        self.active = self.masters.iter().map(|(id, _)| *id).max().unwrap_or_default() + 1;
        self.masters.push((self.active, PersonKey::random()?));
        Ok(())
    }

    /// A new person's key.
    pub fn new_key(&self) -> Result<PersonKey, SealError> {
        PersonKey::random()
    }

    fn master(&self, id: u32) -> Result<&PersonKey, SealError> {
        self.masters.iter().find(|(known, _)| *known == id).map(|(_, key)| key).ok_or(SealError::UnknownKey(id))
    }

    /// Seals bytes under the active master key.
    pub fn seal(&self, plain: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
        let sealed = self.master(self.active)?.seal(plain, aad)?;
        Ok([[SEALED_FORMAT].as_slice(), &self.active.to_be_bytes(), &sealed].concat())
    }

    /// Opens what [`KeyRing::seal`] made, under whichever master key it was.
    pub fn open_sealed(&self, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
        let (&SEALED_FORMAT, sealed) = sealed.split_first().ok_or(SealError::Altered)? else {
            return Err(SealError::Altered);
        };
        let (id, body) = sealed.split_first_chunk::<4>().ok_or(SealError::Altered)?;
        self.master(u32::from_be_bytes(*id))?.open(body, aad)
    }

    /// Wraps a person's key for storage beside the person.
    pub fn wrap(&self, key: &PersonKey, aad: &[u8]) -> Result<Vec<u8>, SealError> {
        self.seal(key.as_bytes(), aad)
    }

    /// Unwraps a stored key.
    pub fn unwrap_key(&self, wrapped: &[u8], aad: &[u8]) -> Result<PersonKey, SealError> {
        PersonKey::from_bytes(&Zeroizing::new(self.open_sealed(wrapped, aad)?))
    }

    /// A keyed digest by which equal values can be found without being shown. The same for ever, whatever is rotated.
    pub fn blind_index(&self, domain: &str, value: &str) -> String {
        crate::hex(&keyed(&self.index, domain, value.as_bytes())[..16])
    }

    /// A message authentication code that only holders of the ring can make.
    pub fn mac(&self, domain: &str, bytes: &[u8]) -> [u8; 32] {
        keyed(&self.mac, domain, bytes)
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing(…)")
    }
}

fn keyed(key: &PersonKey, domain: &str, bytes: &[u8]) -> [u8; 32] {
    // A 16-byte key is within HMAC's limits, so this cannot fail; an all-zero answer would be noticed by every check.
    let Ok(mut mac) = Hmac::<Sm3>::new_from_slice(key.as_bytes()) else { return [0; 32] };
    mac.update(&(domain.len() as u64).to_be_bytes());
    mac.update(domain.as_bytes());
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_err(|e| format!("无法读取（{e}）"))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(format!("其他用户也能读取（权限 {:o}），请执行 chmod 600", mode & 0o777));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(path: &Path) -> Result<(), String> {
    std::fs::metadata(path).map(|_| ()).map_err(|e| format!("无法读取（{e}）"))
}

fn file_error(path: &Path, reason: String) -> SealError {
    SealError::File { path: path.display().to_string(), reason }
}

fn not_written(path: &Path, error: &io::Error) -> SealError {
    file_error(path, format!("无法写入（{error}），请确认所在目录存在且本程序可写"))
}

/// A name beside the file that no other process uses.
fn draft_of(path: &Path) -> io::Result<PathBuf> {
    let mut mark = [0; 8];
    getrandom::fill(&mut mark).map_err(io::Error::other)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.draft", crate::hex(&mark)));
    Ok(path.with_file_name(name))
}

fn write_private(draft: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(draft)?;
    out.write_all(bytes)?;
    out.sync_all()
}

/// Puts the draft where nothing may stand yet: keys made by another process a moment ago are never overwritten.
fn put_new(draft: &Path, path: &Path) -> io::Result<()> {
    match std::fs::hard_link(draft, path) {
        Ok(()) => std::fs::remove_file(draft),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Err(e),
        // A file system without links.
        Err(_) => std::fs::rename(draft, path),
    }
}

/// Makes the new name outlive a power cut.
fn sync_directory(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::File::open(directory)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ring_is_kept_in_a_private_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys.json");
        let ring = KeyRing::open_or_create(&path).unwrap();
        let sealed = ring.seal(b"x", b"a").unwrap();
        assert_eq!(KeyRing::open_or_create(&path).unwrap().open_sealed(&sealed, b"a").unwrap(), b"x");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(KeyRing::open(&path).err().unwrap().to_string().contains("chmod 600"));
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_file_is_named_and_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys.json");
        KeyRing::open_or_create(&path).unwrap();
        let good = std::fs::read_to_string(&path).unwrap();
        for (bad, says) in [
            ("{".to_owned(), "损坏"),
            (String::new(), "损坏"),
            (good.replace("\"active\": 1", "\"active\": 2"), "损坏"),
            (good.replacen("==", "", 1), "损坏"),
            (good.replace("\"format\": 1", "\"format\": 9"), "只认第 1 版"),
        ] {
            std::fs::write(&path, &bad).unwrap();
            let error = KeyRing::open_or_create(&path).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("keys.json"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), bad);
        }
        let error = KeyRing::open_or_create(&dir.path().join("no/keys.json")).unwrap_err().to_string();
        assert!(error.contains("请确认所在目录存在"), "{error}");
        assert!(KeyRing::open(&dir.path().join("none.json")).unwrap_err().to_string().contains("无法读取"));
    }

    #[test]
    fn of_two_processes_that_make_the_file_one_wins() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys.json");
        let rings = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..4).map(|_| scope.spawn(|| KeyRing::open_or_create(&path).unwrap())).collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).collect::<Vec<_>>()
        });
        let index = KeyRing::open(&path).unwrap().blind_index("identity", "1");
        assert!(rings.iter().all(|ring| ring.blind_index("identity", "1") == index));
    }

    #[test]
    fn a_rotated_ring_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys.json");
        let mut ring = KeyRing::open_or_create(&path).unwrap();
        let before = ring.seal(b"x", b"a").unwrap();
        ring.rotate().unwrap();
        ring.save(&path).unwrap();
        let after = ring.seal(b"y", b"a").unwrap();
        let read = KeyRing::open(&path).unwrap();
        assert_eq!(read.open_sealed(&before, b"a").unwrap(), b"x");
        assert_eq!(read.open_sealed(&after, b"a").unwrap(), b"y");
        assert_eq!(read.mac("head", b"1"), ring.mac("head", b"1"));
        assert_eq!(format!("{read:?}"), "KeyRing(…)");
    }

    proptest! {
        #[test]
        fn nothing_sealed_under_a_master_key_opens_altered(at in any::<prop::sample::Index>(), flip in 1..=255u8) {
            let ring = KeyRing::ephemeral().unwrap();
            let mut wrapped = ring.wrap(&ring.new_key().unwrap(), b"person:1").unwrap();
            prop_assert!(ring.unwrap_key(&wrapped, b"person:1").is_ok());
            prop_assert!(ring.unwrap_key(&wrapped, b"person:2").is_err());
            prop_assert!(ring.unwrap_key(&wrapped[..at.index(wrapped.len())], b"person:1").is_err());
            let at = at.index(wrapped.len());
            wrapped[at] ^= flip;
            prop_assert!(ring.unwrap_key(&wrapped, b"person:1").is_err());
        }
    }

    #[test]
    fn rotation_keeps_what_was_sealed_before() {
        let mut ring = KeyRing::ephemeral().unwrap();
        let person = ring.new_key().unwrap();
        let (wrapped, index) = (ring.wrap(&person, b"p").unwrap(), ring.blind_index("identity", "1"));
        ring.rotate().unwrap();
        assert_eq!(ring.unwrap_key(&wrapped, b"p").unwrap().as_bytes(), person.as_bytes());
        assert_ne!(ring.wrap(&person, b"p").unwrap()[..5], wrapped[..5]);
        assert_eq!(ring.blind_index("identity", "1"), index);
        assert!(KeyRing::ephemeral().unwrap().unwrap_key(&wrapped, b"p").is_err());
    }

    #[test]
    fn a_blind_index_tells_domains_apart() {
        let ring = KeyRing::ephemeral().unwrap();
        assert_eq!(ring.blind_index("identity", "1"), ring.blind_index("identity", "1"));
        assert_ne!(ring.blind_index("identity", "1"), ring.blind_index("phone", "1"));
        assert_ne!(ring.blind_index("a", "bc"), ring.blind_index("ab", "c"));
        assert_ne!(ring.blind_index("identity", "1"), KeyRing::ephemeral().unwrap().blind_index("identity", "1"));
    }
}

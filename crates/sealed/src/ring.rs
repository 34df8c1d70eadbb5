//! The key ring: master keys that wrap persons' keys, and the keys of the blind index and of the chain's end.
//! It lives in a file of its own, outside the database, readable by its owner only.

use crate::{PersonKey, SealError};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sm3::Sm3;
use std::io::Write;
use std::path::Path;

const FORMAT: u32 = 1;

/// All keys of an installation.
#[derive(Clone)]
pub struct KeyRing {
    active: u32,
    masters: Vec<(u32, PersonKey)>,
    index: PersonKey,
    mac: PersonKey,
}

#[derive(Serialize, Deserialize)]
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
        if path.exists() {
            return Self::open(path);
        }
        let ring = Self::ephemeral()?;
        ring.save(path)?;
        Ok(ring)
    }

    /// Opens the ring in a file. Refuses a file that others may read.
    pub fn open(path: &Path) -> Result<Self, SealError> {
        let fail = |reason: String| SealError::File { path: path.display().to_string(), reason };
        check_mode(path).map_err(fail)?;
        let text = std::fs::read(path).map_err(|e| fail(format!("无法读取（{e}）")))?;
        let damaged = || fail("内容损坏，请从备份恢复；没有它，加密的数据无法读取".to_owned());
        let file: KeyFile = serde_json::from_slice(&text).map_err(|_| damaged())?;
        if file.format != FORMAT {
            return Err(fail(format!("格式为第 {} 版，本程序只认第 {FORMAT} 版", file.format)));
        }
        let key = |text: &str| {
            STANDARD.decode(text).ok().and_then(|bytes| PersonKey::from_bytes(&bytes).ok()).ok_or_else(damaged)
        };
        let masters =
            file.masters.iter().map(|(id, text)| Ok((*id, key(text)?))).collect::<Result<Vec<_>, SealError>>()?;
        if !masters.iter().any(|(id, _)| *id == file.active) {
            return Err(damaged());
        }
        Ok(KeyRing { active: file.active, masters, index: key(&file.index)?, mac: key(&file.mac)? })
    }

    /// Writes the ring to a file, at once or not at all.
    pub fn save(&self, path: &Path) -> Result<(), SealError> {
        let text = |key: &PersonKey| STANDARD.encode(key.as_bytes());
        let file = KeyFile {
            format: FORMAT,
            active: self.active,
            masters: self.masters.iter().map(|(id, key)| (*id, text(key))).collect(),
            index: text(&self.index),
            mac: text(&self.mac),
        };
        write_private(path, &file)
            .map_err(|e| SealError::File { path: path.display().to_string(), reason: format!("无法写入（{e}）") })
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
        Ok([self.active.to_be_bytes().as_slice(), &sealed].concat())
    }

    /// Opens what [`KeyRing::seal`] made, under whichever master key it was.
    pub fn open_sealed(&self, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
        let (id, body) = sealed.split_first_chunk::<4>().ok_or(SealError::Altered)?;
        self.master(u32::from_be_bytes(*id))?.open(body, aad)
    }

    /// Wraps a person's key for storage beside the person.
    pub fn wrap(&self, key: &PersonKey, aad: &[u8]) -> Result<Vec<u8>, SealError> {
        self.seal(key.as_bytes(), aad)
    }

    /// Unwraps a stored key.
    pub fn unwrap_key(&self, wrapped: &[u8], aad: &[u8]) -> Result<PersonKey, SealError> {
        PersonKey::from_bytes(&self.open_sealed(wrapped, aad)?)
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

fn write_private(path: &Path, file: &KeyFile) -> std::io::Result<()> {
    let draft = path.with_extension("draft");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&draft)?;
    out.write_all(&serde_json::to_vec_pretty(file)?)?;
    out.sync_all()?;
    std::fs::rename(draft, path)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        std::fs::write(&path, "{").unwrap();
        assert!(KeyRing::open(&path).err().unwrap().to_string().contains("损坏"));
    }

    #[test]
    fn rotation_keeps_what_was_sealed_before() {
        let mut ring = KeyRing::ephemeral().unwrap();
        let person = ring.new_key().unwrap();
        let (wrapped, index) = (ring.wrap(&person, b"p").unwrap(), ring.blind_index("identity", "1"));
        ring.rotate().unwrap();
        assert_eq!(ring.unwrap_key(&wrapped, b"p").unwrap().as_bytes(), person.as_bytes());
        assert_ne!(ring.wrap(&person, b"p").unwrap()[..4], wrapped[..4]);
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

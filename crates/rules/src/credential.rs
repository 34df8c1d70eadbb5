//! What a login name and a password have to be like. Hashing and keeping them is not done here.

/// A login name: small letters, digits and `. _ - @`, or Chinese characters, 2 to 32 of them. Capital letters are made small, so that
/// nobody has to remember how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginName(String);

/// A text that is no login name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("登录名须为 2 至 32 个字母、数字、汉字或 . _ - @，不含空格。请修改。")]
pub struct BadLoginName;

impl LoginName {
    /// Reads a login name.
    pub fn parse(text: &str) -> Result<Self, BadLoginName> {
        let name = text.trim().to_lowercase();
        let fits = (2..=32).contains(&name.chars().count());
        let clean = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@'));
        if fits && clean { Ok(LoginName(name)) } else { Err(BadLoginName) }
    }

    /// The name as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too few characters.
    #[error("密码至少 {SHORTEST} 个字符。请加长。")]
    Short,
    /// More than anybody types.
    #[error("密码最多 {LONGEST} 个字符。请缩短。")]
    Long,
    /// Digits only: a birth date, a telephone number, a count.
    #[error("密码不能只有数字。请加上字母或其他字符。")]
    Digits,
    /// Few different characters.
    #[error("密码中重复的字符太多。请换一个不易猜到的密码。")]
    Repeated,
    /// The login name is in it.
    #[error("密码不能包含登录名。请换一个。")]
    HoldsLogin,
}

/// Fewest characters of a password.
pub const SHORTEST: usize = 10;
/// Most characters of a password.
pub const LONGEST: usize = 128;
/// Fewest different characters.
const DIFFERENT: usize = 5;

/// Whether a password is hard enough to guess for this login name.
pub fn check_password(login: &str, password: &str) -> Result<(), WeakPassword> {
    let count = password.chars().count();
    let small = password.to_lowercase();
    let login = login.trim().to_lowercase();
    if count < SHORTEST {
        Err(WeakPassword::Short)
    } else if count > LONGEST {
        Err(WeakPassword::Long)
    } else if password.chars().all(|c| c.is_numeric()) {
        Err(WeakPassword::Digits)
    } else if small.chars().collect::<std::collections::BTreeSet<_>>().len() < DIFFERENT {
        Err(WeakPassword::Repeated)
    } else if login.chars().count() >= 3 && small.contains(&login) {
        Err(WeakPassword::HoldsLogin)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_names_are_made_small() {
        assert_eq!(LoginName::parse(" Zhou.Ming ").unwrap().as_str(), "zhou.ming");
        assert_eq!(LoginName::parse("组织部01").unwrap().as_str(), "组织部01");
        for bad in ["", "a", "a b", "a:b", "<b>", &"a".repeat(33)] {
            assert_eq!(LoginName::parse(bad), Err(BadLoginName), "{bad}");
        }
    }

    #[test]
    fn passwords_easy_to_guess_are_refused() {
        for (password, why) in [
            ("Kx7!mound", WeakPassword::Short),
            ("1985030119", WeakPassword::Digits),
            ("aaaaAAAA1111", WeakPassword::Repeated),
            ("my-Zhou-password", WeakPassword::HoldsLogin),
            (&"ab1!e".repeat(30), WeakPassword::Long),
        ] {
            assert_eq!(check_password("zhou", password), Err(why), "{password}");
        }
        assert_eq!(check_password("zhou", "山高水长-2026-River"), Ok(()));
    }
}

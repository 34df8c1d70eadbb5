//! The code that turns on the screen in the room, and the link of a member far away. Both are made by the key ring: nothing is stored,
//! nobody without the ring can make one.

use crate::Store;
use rules::ids::{MeetingId, PersonId, RootOrg};
use sealed::{equal, hex};

/// How long a code stands (milliseconds). The one before it is accepted too: somebody may be typing.
const STEP: i64 = 30_000;
/// Bytes of a link's code.
const LINK_CODE: usize = 16;

/// The code of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckInCode {
    /// Six digits.
    pub digits: String,
    /// When it turns, UTC milliseconds.
    pub turns_at: i64,
}

impl Store {
    fn code_of_step(&self, root: RootOrg, meeting: MeetingId, step: i64) -> String {
        let mac = self.ring.mac("check-in-code", format!("{root}:{meeting}:{step}").as_bytes());
        let number = mac.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    /// The code of a meeting that stands now.
    pub fn check_in_code(&self, root: RootOrg, meeting: MeetingId, now: i64) -> CheckInCode {
        let step = now.div_euclid(STEP);
        CheckInCode { digits: self.code_of_step(root, meeting, step), turns_at: (step + 1) * STEP }
    }

    /// Whether this is the code of a meeting now, or was half a minute ago. Whether the meeting is open is the rules' to say.
    pub fn is_check_in_code(&self, root: RootOrg, meeting: MeetingId, digits: &str, now: i64) -> bool {
        let step = now.div_euclid(STEP);
        [step, step - 1]
            .into_iter()
            .any(|step| equal(self.code_of_step(root, meeting, step).as_bytes(), digits.as_bytes()))
    }

    /// A link's token for one person and one meeting, until an instant (UTC milliseconds).
    pub fn check_in_link(&self, root: RootOrg, meeting: MeetingId, person: PersonId, expires: i64) -> String {
        let body = format!("{root}.{meeting}.{person}.{expires}");
        format!("{body}.{}", self.link_code(&body))
    }

    /// Whose and for which meeting a link's token is; none when it was altered or its time is over.
    pub fn read_check_in_link(&self, token: &str, now: i64) -> Option<(RootOrg, MeetingId, PersonId)> {
        let (body, code) = token.rsplit_once('.')?;
        if !equal(self.link_code(body).as_bytes(), code.as_bytes()) {
            return None;
        }
        let parts: Vec<i64> = body.split('.').filter_map(|part| part.parse().ok()).collect();
        match parts[..] {
            [root, meeting, person, expires] if now <= expires => {
                Some((RootOrg(root), MeetingId(meeting), PersonId(person)))
            }
            _ => None,
        }
    }

    fn link_code(&self, body: &str) -> String {
        hex(&self.ring.mac("check-in-link", body.as_bytes())[..LINK_CODE])
    }
}

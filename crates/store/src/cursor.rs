//! The cursor of case lists: the sort key of the last case of a page, so that what is added or changes elsewhere in the list
//! moves nobody past it. An offset would skip and repeat. All backends share the form; clients see opaque text.

use data_encoding::BASE64URL_NOPAD;
use recourse_domain::ids::CaseId;
use recourse_domain::time::Timestamp;

const VERSION: u8 = 1;
const BYTES: usize = 2 + 8 + CaseId::LEN;

/// A place in the list: urgent ones first, then by due date with none at the end, then by case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The reporter's separate choice.
    pub urgent: bool,
    /// The next due date; none sorts last.
    pub due: Option<Timestamp>,
    /// The case.
    pub case: CaseId,
}

impl Position {
    /// What stands for "no due date" in the sort key: the largest moment that fits a signed 64-bit column.
    pub const NO_DUE: u64 = i64::MAX as u64;

    /// The due date as sorted.
    pub fn due_key(&self) -> u64 {
        self.due.map_or(Self::NO_DUE, |due| due.0)
    }

    /// As text for the client.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend([VERSION, u8::from(self.urgent)]);
        bytes.extend(self.due_key().to_be_bytes());
        bytes.extend(self.case.as_bytes());
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// From the client's text; none if no list gave it.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (head, rest) = bytes.split_first_chunk::<2>()?;
        let (due, case) = rest.split_first_chunk::<8>()?;
        let urgent = match head {
            [VERSION, 0] => false,
            [VERSION, 1] => true,
            _ => return None,
        };
        let due = match u64::from_be_bytes(*due) {
            Self::NO_DUE => None,
            at if at < Self::NO_DUE => Some(Timestamp(at)),
            _ => return None,
        };
        Some(Self { urgent, due, case: CaseId::new(case.try_into().ok()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_comes_back_and_nothing_else_is_one() {
        for (urgent, due) in [(true, None), (false, Some(Timestamp(0))), (true, Some(Timestamp(1_700_000_000)))] {
            let position = Position { urgent, due, case: CaseId::new([7; 16]) };
            let text = position.encode();
            assert_eq!(Position::decode(&text), Some(position));
            assert_eq!(Position::decode(&text[1..]), None);
            assert_eq!(Position::decode(&format!("{text}AAAA")), None);
        }
        let mut bytes = [0; BYTES];
        for (version, urgent, due) in [(0, 0, 0), (2, 0, 0), (1, 2, 0), (1, 0, 0xff)] {
            (bytes[0], bytes[1], bytes[2]) = (version, urgent, due);
            assert_eq!(Position::decode(&BASE64URL_NOPAD.encode(&bytes)), None, "{bytes:?}");
        }
        assert_eq!(Position::decode(""), None);
        assert_eq!(Position::decode("%%"), None);
    }
}

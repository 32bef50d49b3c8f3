//! The proof of work: what a report costs its sender's device, so that a flood of them costs its sender more.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use recourse_seal::hash::Sha256Stream;
use recourse_wire::engine::Failure;
use recourse_wire::limits::WORK_MAX;
use recourse_wire::ticket::{ALGORITHM, Solution, Ticket};

/// Every number from 0 to the largest.
const ALL: u32 = WORK_MAX + 1;

/// What a device works for one sending at the most, over however many tickets.
#[derive(Debug)]
pub struct Effort {
    left: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Self { left: ALL }
    }
}

impl Effort {
    /// Numbers tried so far; those that cost two blocks of the hash count twice.
    pub const fn spent(&self) -> u32 {
        ALL - self.left
    }

    /// Finds the ticket's number and gives the header's value. Takes its time at one stretch: ending the worker ends it.
    ///
    /// # Errors
    /// [`Failure::Overworked`] where the ticket asks for more than [`WORK_MAX`], before anything is tried, and where nothing is found
    /// within what is left; [`Failure::Unexpected`] where it is no ticket.
    pub fn solve(&mut self, ticket: Ticket) -> Result<String, Failure> {
        if ticket.maxnumber > u64::from(WORK_MAX) {
            return Err(Failure::Overworked);
        }
        let wanted = HEXLOWER.decode(ticket.challenge.as_bytes()).ok().filter(|hash| hash.len() == 32);
        let Some(wanted) = wanted.filter(|_| ticket.algorithm == ALGORITHM) else { return Err(Failure::Unexpected) };
        let number = self.search(&ticket, &wanted).ok_or(Failure::Overworked)?;
        let Ticket { algorithm, challenge, salt, signature, .. } = ticket;
        let solution = Solution { algorithm, challenge, number, salt, signature };
        serde_json::to_vec(&solution).map(|json| BASE64URL_NOPAD.encode(&json)).map_err(|_| Failure::Unexpected)
    }

    fn search(&mut self, ticket: &Ticket, wanted: &[u8]) -> Option<u64> {
        // What is the same for all numbers is hashed once.
        let mut salted = Sha256Stream::new();
        salted.update(ticket.salt.as_bytes());
        // A salt that does not leave room for the number in its last block costs two blocks a number, and counts so.
        let blocks = if ticket.salt.len() % 64 > 47 { 2 } else { 1 };
        let mut decimal = Decimal::default();
        for number in 0..=ticket.maxnumber {
            self.left = self.left.checked_sub(blocks)?;
            let mut hash = salted.clone();
            hash.update(decimal.digits());
            if hash.finish() == *wanted {
                return Some(number);
            }
            decimal.increment();
        }
        None
    }
}

/// A number as its decimal digits: writing each anew would cost as much as hashing it.
struct Decimal {
    digits: [u8; 8],
    start: usize,
}

impl Default for Decimal {
    fn default() -> Self {
        Self { digits: [b'0'; 8], start: 7 }
    }
}

impl Decimal {
    fn digits(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }

    fn increment(&mut self) {
        for (place, digit) in self.digits.iter_mut().enumerate().rev() {
            if *digit != b'9' {
                *digit += 1;
                self.start = self.start.min(place);
                return;
            }
            *digit = b'0';
        }
    }
}

#[cfg(test)]
mod tests {
    use recourse_seal::hash::sha256;

    use super::*;

    fn ticket(salt: &str, number: u64, maxnumber: u64) -> Ticket {
        Ticket {
            algorithm: ALGORITHM.to_owned(),
            challenge: HEXLOWER.encode(&sha256(format!("{salt}{number}").as_bytes())),
            maxnumber,
            salt: salt.to_owned(),
            signature: "5ea1".to_owned(),
        }
    }

    fn solution(text: &str) -> Solution {
        serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn the_number_is_found_whatever_its_length() {
        for number in [0, 1, 9, 10, 99, 100, 4_711, 65_536] {
            let ticket = ticket("0a?expires=1&", number, 70_000);
            let mut effort = Effort::default();
            let found = solution(&effort.solve(ticket.clone()).unwrap());
            assert_eq!((found.number, u64::from(effort.spent())), (number, number + 1));
            assert_eq!(
                (found.challenge, found.salt, found.signature),
                (ticket.challenge, ticket.salt, ticket.signature)
            );
        }
    }

    #[test]
    fn the_last_number_of_the_dearest_ticket_is_found() {
        let most = u64::from(WORK_MAX);
        assert_eq!(solution(&Effort::default().solve(ticket("0a?", most, most)).unwrap()).number, most);
    }

    /// The example in ALTCHA's documentation of its first protocol has this shape; the hash was made with `sha256sum`.
    #[test]
    fn a_challenge_made_by_another_program_is_solved() {
        let ticket = Ticket {
            algorithm: ALGORITHM.to_owned(),
            challenge: "7a148a43cc2c9a4f7bbbe34f0558288c218f6dd3dc83d4d1b93adae396b2603a".to_owned(),
            maxnumber: 10_000,
            salt: "46d5b1c8871e5152d902ee3f?expires=1795001834&".to_owned(),
            signature: "00".to_owned(),
        };
        assert_eq!(solution(&Effort::default().solve(ticket).unwrap()).number, 2_718);
    }

    #[test]
    fn a_server_cannot_ask_for_more_than_the_cap() {
        let mut effort = Effort::default();
        let asked = ticket("0a?", 3, u64::from(WORK_MAX) + 1);
        assert_eq!(effort.solve(asked), Err(Failure::Overworked));
        assert_eq!(effort.spent(), 0, "not one number was tried");
        // Without a solution: worked once, and what is left does not suffice for a second such ticket.
        let mut lie = ticket("0a?", 0, 600_000);
        lie.challenge = HEXLOWER.encode(&[7; 32]);
        assert_eq!(effort.solve(lie.clone()), Err(Failure::Overworked));
        assert_eq!(effort.spent(), 600_001);
        assert_eq!(effort.solve(lie), Err(Failure::Overworked));
        assert_eq!(effort.spent(), ALL);
    }

    #[test]
    fn what_is_no_ticket_is_not_worked_on() {
        for change in [
            (|ticket| ticket.algorithm = "SHA-512".to_owned()) as fn(&mut Ticket),
            |ticket| ticket.challenge = "zz".to_owned(),
            |ticket| ticket.challenge.truncate(62),
        ] {
            let mut other = ticket("0a?", 3, 10);
            change(&mut other);
            let mut effort = Effort::default();
            assert_eq!((effort.solve(other), effort.spent()), (Err(Failure::Unexpected), 0));
        }
    }
}

//! Proofs of work: handed out for one report, known again by their signature, and not kept. See `recourse_wire::ticket` for the format.

use axum::extract::{Extension, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::{Json, response::Response};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use recourse_domain::ids::{ChannelId, Digest};
use recourse_domain::time::Timestamp;
use recourse_seal::hash::{hmac_sha256, sha256};
use recourse_wire::header;
use recourse_wire::limits::TICKET_SECONDS;
use recourse_wire::ticket::{ALGORITHM, Solution, Ticket, TicketRequest};
use subtle::ConstantTimeEq as _;

use crate::channel;
use crate::fault::Fault;
use crate::network::Network;
use crate::request::{InChannel, json, text};
use crate::state::State;

/// `POST …/tickets`. Given for a channel that takes no reports any more too: a retry of an earlier report must get through.
pub(crate) async fn create(
    Shared(state): Shared<State>,
    InChannel { channel }: InChannel,
    Extension(network): Extension<Network>,
    request: Request,
) -> Result<Response, Fault> {
    channel::find(&state, &channel).await?;
    let TicketRequest { report, bytes, count } = json(request).await?;
    let now = state.now();
    let work = state.limits.work(&channel, network, bytes, count, now);
    let purpose = Purpose { channel: &channel, report, bytes, count };
    let expires_at = Timestamp(now.0 + TICKET_SECONDS);
    // The remainder prefers small numbers by less than one in a billion.
    let number = u64::from_be_bytes(state.random()) % (u64::from(work) + 1);
    let ticket = purpose.ticket(&state.ticket_key, state.random(), expires_at, work, number);
    Ok((StatusCode::CREATED, Json(ticket)).into_response())
}

/// What a ticket is for. It is good for these bytes alone, so nothing has to be kept of spent ones: the same bytes again are a retry.
pub(crate) struct Purpose<'a> {
    pub(crate) channel: &'a ChannelId,
    pub(crate) report: Digest,
    pub(crate) bytes: u64,
    pub(crate) count: u32,
}

impl Purpose<'_> {
    fn ticket(&self, key: &[u8; 32], nonce: [u8; 44], expires_at: Timestamp, maxnumber: u32, number: u64) -> Ticket {
        let purpose = format!("{EXPIRES}{}{}", expires_at.0, self.query());
        // As many digits as fill SHA-256's blocks: then a number is one block, whatever the channel is called, and costs all alike.
        let mut salt = HEXLOWER.encode(&nonce);
        salt.truncate(24 + (128 - (24 + purpose.len()) % 64) % 64);
        salt.push_str(&purpose);
        let challenge = challenge(&salt, number);
        let signature = HEXLOWER.encode(&hmac_sha256(key, challenge.as_bytes()));
        Ticket { algorithm: ALGORITHM.to_owned(), challenge, maxnumber: maxnumber.into(), salt, signature }
    }

    /// The end of the salt. Without the last `&` some of its digits could pass for the number's, and a ticket for another.
    fn query(&self) -> String {
        let Self { channel, report, bytes, count } = self;
        format!("&channel={channel}&report={report}&bytes={bytes}&count={count}&")
    }

    /// Takes the ticket in the header, if it was made by this key for this and is solved in time.
    pub(crate) fn check(&self, key: &[u8; 32], headers: &HeaderMap, now: Timestamp) -> Result<(), Fault> {
        let header = text(headers, header::TICKET)?.ok_or(Fault::TicketRequired)?;
        let solution = BASE64URL_NOPAD.decode(header.as_bytes()).ok();
        let solution = solution.and_then(|json| serde_json::from_slice::<Solution>(&json).ok());
        let Solution { algorithm, challenge: solved, number, salt, signature } =
            solution.ok_or(Fault::MalformedHeader(header::TICKET))?;
        let ours = HEXLOWER.encode(&hmac_sha256(key, solved.as_bytes()));
        let is_ours: bool = ours.as_bytes().ct_eq(signature.as_bytes()).into();
        if !is_ours || algorithm != ALGORITHM || challenge(&salt, number) != solved {
            return Err(Fault::TicketRefused);
        }
        let rest = salt.split_once(EXPIRES).and_then(|(_, rest)| rest.split_at_checked(rest.find('&')?));
        let (expires_at, query) = rest.ok_or(Fault::TicketRefused)?;
        if query != self.query() {
            return Err(Fault::TicketRefused);
        }
        let expires_at: u64 = expires_at.parse().map_err(|_| Fault::TicketRefused)?;
        if expires_at <= now.0 { Err(Fault::TicketExpired) } else { Ok(()) }
    }
}

const EXPIRES: &str = "?expires=";

/// What is to be met: the number's digits behind the salt, hashed.
fn challenge(salt: &str, number: u64) -> String {
    HEXLOWER.encode(&sha256(format!("{salt}{number}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [1; 32];
    const NOW: Timestamp = Timestamp(1_795_000_000);

    fn headers(solution: &Solution) -> HeaderMap {
        let value = BASE64URL_NOPAD.encode(&serde_json::to_vec(solution).unwrap());
        HeaderMap::from_iter([(header::TICKET.parse().unwrap(), value.parse().unwrap())])
    }

    fn solution(ticket: Ticket, number: u64) -> Solution {
        let Ticket { algorithm, challenge, salt, signature, .. } = ticket;
        Solution { algorithm, challenge, number, salt, signature }
    }

    fn kind(outcome: Result<(), Fault>) -> &'static str {
        match outcome {
            Ok(()) => "taken",
            Err(Fault::TicketRequired) => "required",
            Err(Fault::TicketRefused) => "refused",
            Err(Fault::TicketExpired) => "expired",
            Err(Fault::MalformedHeader(_)) => "malformed",
            Err(_) => "other",
        }
    }

    #[test]
    fn a_ticket_is_good_for_one_report_and_a_while() {
        let channel: ChannelId = "demo".parse().unwrap();
        let report = Digest::new([3; 32]);
        let purpose = Purpose { channel: &channel, report, bytes: 41_233, count: 2 };
        let ticket = purpose.ticket(&KEY, [9; 44], Timestamp(NOW.0 + 600), 20_000, 1_234);
        assert_eq!(ticket.salt.len() % 64, 0);
        let good = solution(ticket, 1_234);
        let check = |purpose: &Purpose<'_>, solution: &Solution, at| kind(purpose.check(&KEY, &headers(solution), at));
        assert_eq!(check(&purpose, &good, NOW), "taken");
        assert_eq!(check(&purpose, &good, NOW), "taken", "again, for the same bytes: a retry");
        assert_eq!(check(&purpose, &good, Timestamp(NOW.0 + 599)), "taken");
        assert_eq!(check(&purpose, &good, Timestamp(NOW.0 + 600)), "expired");

        let other_channel: ChannelId = "other".parse().unwrap();
        for (what, other) in [
            ("another channel", Purpose { channel: &other_channel, ..purpose }),
            ("another report", Purpose { report: Digest::new([4; 32]), ..purpose }),
            ("another byte count", Purpose { bytes: 41_234, ..purpose }),
            ("another number of attachments", Purpose { count: 3, ..purpose }),
        ] {
            assert_eq!(check(&other, &good, NOW), "refused", "{what}");
        }
        assert_eq!(kind(purpose.check(&[2; 32], &headers(&good), NOW)), "refused", "another server's");
        assert_eq!(kind(purpose.check(&KEY, &HeaderMap::new(), NOW)), "required");
        let noise = HeaderMap::from_iter([(header::TICKET.parse().unwrap(), "bm9pc2U".parse().unwrap())]);
        assert_eq!(kind(purpose.check(&KEY, &noise, NOW)), "malformed");
    }

    #[test]
    fn a_ticket_that_was_tampered_with_is_refused() {
        let channel: ChannelId = "demo".parse().unwrap();
        let purpose = Purpose { channel: &channel, report: Digest::new([3; 32]), bytes: 5, count: 0 };
        let ticket = purpose.ticket(&KEY, [9; 44], Timestamp(NOW.0 + 600), 20_000, 1_234);
        let good = solution(ticket, 1_234);
        let easier = |solution: &mut Solution| {
            // A hash that was not handed out, met without any work.
            solution.number = 0;
            solution.challenge = challenge(&solution.salt, 0);
        };
        let splice = |solution: &mut Solution| {
            // Digits of the number counted among the salt's: it hashes to the same.
            solution.salt.push('1');
            solution.number = 234;
        };
        for (what, change) in [
            ("too little work", &(|solution: &mut Solution| solution.number = 1_233) as &dyn Fn(&mut Solution)),
            ("a challenge of one's own", &easier),
            ("spliced", &splice),
            ("a later end", &|solution| solution.salt = solution.salt.replace("expires=1", "expires=2")),
            ("another signature", &|solution| solution.signature.replace_range(..2, "zz")),
            ("no signature", &|solution| solution.signature.clear()),
            ("another hash", &|solution| solution.algorithm = "SHA-1".to_owned()),
        ] {
            let mut other = good.clone();
            change(&mut other);
            assert_ne!(other, good, "{what}");
            assert_eq!(kind(purpose.check(&KEY, &headers(&other), NOW)), "refused", "{what}");
        }
    }
}

//! Who vouches for a report's context: the token's claims, and the signature by a key of the signed manifest. Where reports are read;
//! the form shows the claims without asking for a key.

use data_encoding::BASE64URL_NOPAD;
use recourse_domain::context_token::{ContextToken, TokenAlgorithm, TokenFault};
use recourse_domain::ids::ChannelId;
use recourse_domain::settings::{ContextKey, PublicCustomer, SETTINGS_VERSION};
use recourse_domain::time::Timestamp;
use recourse_seal::jwt;
use recourse_wire::reviewing::{TokenDay, TokenSignature, Vouched, VouchedClaim};
use serde::Deserialize;

/// Checks signatures by P-256 keys (ES256, RFC 7518): a browser has that built in, and it would be 11 KB of the console's engine; the
/// tools have it from `recourse_seal::jwt`.
pub trait Es256 {
    /// Whether the key with these coordinates (base64url, as a JWK has them) signed these bytes; nothing where that cannot be told.
    fn verify(&self, x: &str, y: &str, signed: &[u8], signature: &[u8]) -> impl Future<Output = Option<bool>>;
}

/// Why a token proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContextFault {
    /// What it says is not taken.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// No key of the manifest has its `kid` and algorithm.
    #[error("no key of the channel's manifest is called {0:?} and signs so")]
    UnknownKey(String),
    /// The signature is not by that key.
    #[error("the signature does not hold")]
    Signature,
}

/// Of a manifest's settings what a report can be compared with. All else in them is of no concern here and need not be understood.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Known {
    version: u32,
    /// Keys that sign context tokens.
    #[serde(default)]
    pub(crate) context_keys: Vec<ContextKey>,
    /// Customers that people can pick from.
    #[serde(default)]
    pub(crate) public_customers: Vec<PublicCustomer>,
}

impl Known {
    /// Nothing, where the settings are of another version or none.
    pub(crate) fn of(settings: &str) -> Self {
        let known = serde_json::from_str(settings).ok();
        known.filter(|known: &Self| known.version == SETTINGS_VERSION).unwrap_or_default()
    }
}

/// The key that a token names. One that names none is meant for the only key there is.
fn key<'a>(token: &ContextToken, keys: &'a [ContextKey]) -> Option<&'a ContextKey> {
    let alg = token.algorithm.as_str();
    keys.iter().find(|key| key.alg == alg && (key.id == token.key_id || (token.key_id.is_empty() && keys.len() == 1)))
}

fn eddsa(key: &ContextKey, token: &ContextToken) -> bool {
    let public = BASE64URL_NOPAD.decode(key.x.as_bytes()).unwrap_or_default();
    jwt::verify_eddsa(&public, token.signed.as_bytes(), &token.signature)
}

/// Looks at the token of a report for a reader. `at` is the hour of the report: a reader comes later than the token's day.
pub(crate) async fn look(
    token: &str,
    channel: &ChannelId,
    keys: &[ContextKey],
    at: Timestamp,
    es256: &impl Es256,
) -> Vouched {
    let Ok(token) = ContextToken::parse(token, channel) else { return Vouched::Refused };
    let held = match key(&token, keys) {
        None => return vouched(&token, TokenSignature::UnknownKey, at),
        Some(key) if token.algorithm == TokenAlgorithm::EdDsa => Some(eddsa(key, &token)),
        Some(key) => {
            let y = key.y.as_deref().unwrap_or_default();
            es256.verify(&key.x, y, token.signed.as_bytes(), &token.signature).await
        }
    };
    let signature = match held {
        Some(true) => TokenSignature::Holds,
        Some(false) => TokenSignature::Forged,
        None => TokenSignature::Unchecked,
    };
    vouched(&token, signature, at)
}

fn vouched(token: &ContextToken, signature: TokenSignature, at: Timestamp) -> Vouched {
    let day = match token.is_of(at) {
        Ok(()) => TokenDay::Held,
        Err(TokenFault::NotYet) => TokenDay::NotBegun,
        Err(_) => TokenDay::Ended,
    };
    let mut claims = Vec::new();
    for claim in token.claims() {
        claims.push(VouchedClaim { kind: claim.kind, name: claim.name, value: claim.value });
    }
    Vouched::Read { claims, signature, day }
}

/// Checks a token wholly, for the tools.
///
/// # Errors
/// [`ContextFault`].
#[cfg(feature = "context")]
pub fn verify(
    token: &str,
    channel: &ChannelId,
    keys: &[ContextKey],
    at: Timestamp,
) -> Result<ContextToken, ContextFault> {
    let token = ContextToken::read(token, channel, at)?;
    let key = key(&token, keys).ok_or_else(|| ContextFault::UnknownKey(token.key_id.clone()))?;
    let holds = match token.algorithm {
        TokenAlgorithm::EdDsa => eddsa(key, &token),
        TokenAlgorithm::Es256 => {
            let part = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default();
            let y = part(key.y.as_deref().unwrap_or_default());
            jwt::verify_es256(&part(&key.x), &y, token.signed.as_bytes(), &token.signature)
        }
    };
    if holds { Ok(token) } else { Err(ContextFault::Signature) }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[derive(serde::Deserialize)]
    struct Vectors {
        channel: ChannelId,
        at: Timestamp,
        keys: Vec<ContextKey>,
        vectors: Vec<Vector>,
    }

    #[derive(serde::Deserialize)]
    struct Vector {
        #[cfg_attr(not(feature = "context"), allow(dead_code, reason = "the tests that say it take P-256"))]
        why: String,
        token: String,
        refused: Option<String>,
    }

    /// Tokens that another implementation signed (`tests/conformance/context-tokens.mjs`).
    fn all() -> Vectors {
        serde_json::from_str(include_str!("../../../tests/conformance/context-tokens.json")).unwrap()
    }

    /// What a browser has built in.
    #[cfg(feature = "context")]
    struct Browser;

    #[cfg(feature = "context")]
    impl Es256 for Browser {
        async fn verify(&self, x: &str, y: &str, signed: &[u8], signature: &[u8]) -> Option<bool> {
            let part = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default();
            Some(jwt::verify_es256(&part(x), &part(y), signed, signature))
        }
    }

    /// One that has not.
    struct OldBrowser;

    impl Es256 for OldBrowser {
        async fn verify(&self, _: &str, _: &str, _: &[u8], _: &[u8]) -> Option<bool> {
            None
        }
    }

    fn told(all: &Vectors, token: &str, es256: &impl Es256) -> Vouched {
        let mut look = std::pin::pin!(look(token, &all.channel, &all.keys, all.at, es256));
        let Poll::Ready(vouched) = look.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!() };
        vouched
    }

    #[cfg(feature = "context")]
    #[test]
    fn tokens_of_another_implementation_are_taken_or_refused_for_their_reason() {
        let all = all();
        let (mut good, mut bad) = (0, 0);
        for Vector { why, token, refused } in &all.vectors {
            match (verify(token, &all.channel, &all.keys, all.at), refused) {
                (Ok(token), None) => {
                    good += 1;
                    assert_eq!(
                        (token.issuer.as_str(), token.subject_id.as_str()),
                        ("https://crm.example", "17"),
                        "{why}"
                    );
                }
                (Err(fault), Some(expected)) => {
                    bad += 1;
                    assert!(fault.to_string().contains(expected), "{why}: {fault}");
                }
                (found, _) => panic!("{why}: {found:?}"),
            }
        }
        assert_eq!((good, bad), (6, 43));
    }

    /// The reader's view says the same of each as the tools do, and shows the claims of what has ended.
    #[cfg(feature = "context")]
    #[test]
    fn a_reader_is_told_what_holds_and_what_does_not() {
        let all = all();
        let mut seen = [0; 5];
        for Vector { why, token, .. } in &all.vectors {
            let tool = verify(token, &all.channel, &all.keys, all.at);
            let place = match (told(&all, token, &Browser), tool) {
                (Vouched::Read { claims, signature: TokenSignature::Holds, day: TokenDay::Held }, Ok(_)) => {
                    assert!(claims.iter().any(|claim| claim.value == "17"), "{why}");
                    0
                }
                (
                    Vouched::Read { signature: TokenSignature::Forged, day: TokenDay::Held, .. },
                    Err(ContextFault::Signature),
                ) => 1,
                (
                    Vouched::Read { signature: TokenSignature::UnknownKey, day: TokenDay::Held, .. },
                    Err(ContextFault::UnknownKey(_)),
                ) => 2,
                (
                    Vouched::Read { claims, day: TokenDay::Ended | TokenDay::NotBegun, .. },
                    Err(ContextFault::Token(TokenFault::Expired | TokenFault::NotYet)),
                ) => {
                    assert!(!claims.is_empty(), "{why}");
                    3
                }
                (Vouched::Refused, Err(ContextFault::Token(_))) => 4,
                (told, tool) => panic!("{why}: {told:?} {tool:?}"),
            };
            seen[place] += 1;
        }
        assert!(seen.iter().all(|many| *many > 0), "{seen:?}");
        assert_eq!(seen[0], 6);
    }

    #[test]
    fn what_nothing_here_can_check_is_not_said_to_hold() {
        let all = all();
        let mut unchecked = 0;
        for Vector { token, .. } in all.vectors.iter().filter(|vector| vector.refused.is_none()) {
            match told(&all, token, &OldBrowser) {
                Vouched::Read { signature: TokenSignature::Unchecked, .. } => unchecked += 1,
                Vouched::Read { signature: TokenSignature::Holds, .. } => {}
                other => panic!("{other:?}"),
            }
        }
        assert!(unchecked > 0, "there are tokens of both kinds");
    }

    #[test]
    fn keys_are_found_among_settings_of_which_nothing_else_is_understood() {
        let settings = r#"{"version":1,"news":[{"a":1}],"context_keys":[{"id":"k","alg":"EdDSA","x":"AA"}]}"#;
        assert_eq!(Known::of(settings).context_keys[0].id, "k");
        for none in ["", "{}", "[]", r#"{"version":2,"context_keys":[{"id":"k","alg":"EdDSA","x":"AA"}]}"#] {
            assert!(Known::of(none).context_keys.is_empty(), "{none}");
        }
    }
}

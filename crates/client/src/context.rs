//! Who vouches for a report's context: the token's claims, and the signature by a key of the signed manifest. Where reports are read;
//! the form shows the claims without asking for a key.

use data_encoding::BASE64URL_NOPAD;
use recourse_domain::context_token::{ContextToken, TokenAlgorithm, TokenFault};
use recourse_domain::ids::ChannelId;
use recourse_domain::settings::ContextKey;
use recourse_domain::time::Timestamp;
use recourse_seal::jwt;

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

/// Checks a token wholly. `at` is the hour of the report: a reader comes later than the token's day.
///
/// # Errors
/// [`ContextFault`].
pub fn verify(
    token: &str,
    channel: &ChannelId,
    keys: &[ContextKey],
    at: Timestamp,
) -> Result<ContextToken, ContextFault> {
    let token = ContextToken::read(token, channel, at)?;
    let alg = token.algorithm.as_str();
    // A token that names no key is meant for the only one there is.
    let known =
        |key: &&ContextKey| key.alg == alg && (key.id == token.key_id || (token.key_id.is_empty() && keys.len() == 1));
    let key = keys.iter().find(known).ok_or_else(|| ContextFault::UnknownKey(token.key_id.clone()))?;
    let part = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default();
    let signed = token.signed.as_bytes();
    let holds = match token.algorithm {
        TokenAlgorithm::EdDsa => jwt::verify_eddsa(&part(&key.x), signed, &token.signature),
        TokenAlgorithm::Es256 => {
            let y = part(key.y.as_deref().unwrap_or_default());
            jwt::verify_es256(&part(&key.x), &y, signed, &token.signature)
        }
    };
    if holds { Ok(token) } else { Err(ContextFault::Signature) }
}

#[cfg(test)]
mod tests {
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
        why: String,
        token: String,
        refused: Option<String>,
    }

    /// Tokens that another implementation signed (`tests/conformance/context-tokens.mjs`).
    #[test]
    fn tokens_of_another_implementation_are_taken_or_refused_for_their_reason() {
        let all: Vectors =
            serde_json::from_str(include_str!("../../../tests/conformance/context-tokens.json")).unwrap();
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
}

use data_encoding::BASE64URL_NOPAD;

use super::*;

/// 2026-11-22.
const TODAY: u64 = 20_779 * Timestamp::DAY;
const HEADER: &str = r#"{"alg":"EdDSA","kid":"k1","typ":"JWT"}"#;

fn claims(extra: &str) -> String {
    let end = TODAY + 2 * Timestamp::DAY;
    format!(
        r#"{{"iss":"https://crm.example","aud":"demo","subject_type":"campaign","subject_id":"17","tenant":"acme","iat":{TODAY},"exp":{end}{extra}}}"#
    )
}

fn token(header: &str, payload: &str) -> String {
    let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    format!("{}.{}.{}", part(header), part(payload), BASE64URL_NOPAD.encode(&[7; 64]))
}

fn read(token: &str) -> Result<ContextToken, TokenFault> {
    ContextToken::read(token, &"demo".parse().unwrap(), Timestamp(TODAY + 3_600))
}

#[track_caller]
fn refused(header: &str, payload: &str, expected: TokenFault) {
    assert_eq!(read(&token(header, payload)), Err(expected), "{header} {payload}");
}

#[test]
fn a_token_of_an_object_and_a_day_is_read_and_shown() {
    let payload = claims(r#","labels":{"market":"Österreich 🡒","page":"\u00e4\ud83d\ude00\n"}"#);
    let found = read(&token(HEADER, &payload)).unwrap();
    assert_eq!((found.algorithm, found.key_id.as_str(), found.signature.len()), (TokenAlgorithm::EdDsa, "k1", 64));
    let shown: Vec<_> = found.claims().into_iter().map(|claim| (claim.kind, claim.name, claim.value)).collect();
    let row = |kind, name: &str, value: &str| (kind, name.to_owned(), value.to_owned());
    let expected = [
        row(ClaimKind::Issuer, "", "https://crm.example"),
        row(ClaimKind::ObjectType, "", "campaign"),
        row(ClaimKind::Object, "", "17"),
        row(ClaimKind::Workspace, "", "acme"),
        row(ClaimKind::Day, "", "2026-11-22"),
        row(ClaimKind::Label, "market", "Österreich 🡒"),
        row(ClaimKind::Label, "page", "ä😀\n"),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn whatever_could_tell_who_reports_is_refused_with_its_name() {
    for name in ["sub", "email", "name", "jti", "nonce", "preferred_username", "sid", "auth_time"] {
        refused(HEADER, &claims(&format!(r#","{name}":"x""#)), TokenFault::Personal(name.to_owned()));
        refused(HEADER, &claims(&format!(r#","{name}":1"#)), TokenFault::Personal(name.to_owned()));
    }
    refused(HEADER, &claims(r#","labels":{"Email":"x"}"#), TokenFault::Personal("Email".to_owned()));
    for value in ["mail ada@example.org", "seen 14:05", "2026-11-22T14", "10:30:59"] {
        let extra = format!(r#","labels":{{"note":"{value}"}}"#);
        refused(HEADER, &claims(&extra), TokenFault::PersonalValue("note".to_owned()));
    }
    // A day, a handle of an organisation, a ratio and a version are neither.
    for value in ["2026-11-22", "@acme", "1:2", "v2:1", "AT12"] {
        read(&token(HEADER, &claims(&format!(r#","labels":{{"note":"{value}"}}"#)))).unwrap();
    }
    refused(HEADER, &claims(r#","role":"admin""#), TokenFault::Unknown("role".to_owned()));
    refused(HEADER, &claims(r#","nbf":0"#), TokenFault::Unknown("nbf".to_owned()));
}

#[test]
fn times_are_days_and_a_token_lasts_two_at_most() {
    let with = |iat: u64, exp: u64| {
        format!(r#"{{"iss":"i","aud":"demo","subject_type":"t","subject_id":"1","iat":{iat},"exp":{exp}}}"#)
    };
    let day = Timestamp::DAY;
    refused(HEADER, &with(TODAY + 60, TODAY + day), TokenFault::FinerThanDay("iat"));
    refused(HEADER, &with(TODAY, TODAY + day - 1), TokenFault::FinerThanDay("exp"));
    refused(HEADER, &with(TODAY, TODAY + 3 * day), TokenFault::Term);
    refused(HEADER, &with(TODAY, TODAY), TokenFault::Term);
    refused(HEADER, &with(TODAY + day, TODAY), TokenFault::Term);
    refused(HEADER, &with(TODAY - 2 * day, TODAY), TokenFault::Expired);
    refused(HEADER, &with(TODAY + day, TODAY + 2 * day), TokenFault::NotYet);
    read(&token(HEADER, &with(TODAY - day, TODAY + day))).unwrap();
    refused(
        HEADER,
        &format!(r#"{{"iss":"i","aud":"demo","subject_type":"t","subject_id":"1","iat":{TODAY}.5}}"#),
        NOT_JSON,
    );
}

#[test]
fn algorithms_headers_and_shapes_that_are_not_taken() {
    let good = claims("");
    for alg in ["none", "None", "HS256", "RS256", "ES384", "eddsa", ""] {
        refused(&format!(r#"{{"alg":"{alg}"}}"#), &good, TokenFault::Algorithm(alg.to_owned()));
    }
    refused(r#"{"kid":"k1"}"#, &good, TokenFault::Missing("alg"));
    for name in ["jwk", "jku", "x5u", "x5c", "crit", "b64"] {
        refused(&format!(r#"{{"alg":"ES256","{name}":"x"}}"#), &good, TokenFault::Header(name.to_owned()));
    }
    refused(HEADER, &claims(r#","iss":"other""#), TokenFault::Malformed("a name stands twice"));
    refused(HEADER, &claims(r#","labels":{"a":{"b":"c"}}"#), NOT_JSON);
    refused(HEADER, &claims(r#","labels":["a"]"#), NOT_JSON);
    refused(HEADER, &claims(r#","labels":"a""#), TokenFault::Malformed("a claim is of another type"));
    refused(HEADER, &(good.clone() + "{}"), TokenFault::Malformed("something follows the JSON"));
    refused(HEADER, &good.replace("\"demo\"", "\"other\""), TokenFault::Audience);
    refused(HEADER, &good.replace("\"aud\":\"demo\",", ""), TokenFault::Missing("aud"));
    refused(HEADER, &good.replace("\"17\"", "\"\""), TokenFault::Missing("subject_id"));
    let long = "x".repeat(CLAIM_CHARS + 1);
    refused(HEADER, &good.replace("acme", &long), TokenFault::ClaimTooLong("tenant".to_owned()));
    let many: Vec<String> = (0..=LABELS).map(|at| format!(r#""l{at}":"x""#)).collect();
    refused(
        HEADER,
        &claims(&format!(r#","labels":{{{}}}"#, many.join(","))),
        TokenFault::ClaimTooLong("labels".to_owned()),
    );
    for text in ["", ".", "a.b", "a.b.c", "é.é.é"] {
        assert!(matches!(read(text), Err(TokenFault::Malformed(_))), "{text:?}");
    }
    let padded = token(HEADER, &good) + "=";
    assert!(matches!(read(&padded), Err(TokenFault::Malformed(_))));
    let largest = token(HEADER, &good) + &"A".repeat(TOKEN_BYTES);
    assert_eq!(read(&largest), Err(TokenFault::TooLong));
}

//! Signatures of context tokens (JWS, RFC 7515; RFC 8037 for Ed25519): somebody else's format, so there is no label in it. What a token
//! may say is for `domain::context_token`; this checks bytes.

/// Whether an Ed25519 key signed these bytes; `key` has 32 bytes and `signature` 64, anything else is no.
pub fn verify_eddsa(key: &[u8], signed: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (<&[u8; 32]>::try_from(key), <&[u8; 64]>::try_from(signature)) else { return false };
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    ed25519_dalek::VerifyingKey::from_bytes(key)
        .is_ok_and(|key| !key.is_weak() && key.verify_strict(signed, &signature).is_ok())
}

/// Whether a P-256 key signed these bytes with SHA-256; `x` and `y` have 32 bytes each and `signature` 64 (RFC 7518, 3.4).
#[cfg(feature = "es256")]
pub fn verify_es256(x: &[u8], y: &[u8], signed: &[u8], signature: &[u8]) -> bool {
    use p256::ecdsa::signature::Verifier as _;
    if x.len() != 32 || y.len() != 32 {
        return false;
    }
    // SEC 1: 4 says that both coordinates follow. A point that is not on the curve is refused.
    let point = [&[4], x, y].concat();
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point);
    let signature = p256::ecdsa::Signature::from_slice(signature);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(signed, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
    }

    /// RFC 8037, appendix A.4.
    #[test]
    fn ed25519_as_in_rfc_8037() {
        let key = bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        let signed = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = bytes("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        assert!(verify_eddsa(&key, signed, &signature));
        assert!(!verify_eddsa(&key, &signed[1..], &signature));
        assert!(!verify_eddsa(&key, signed, &signature[..63]));
        assert!(!verify_eddsa(&key[..31], signed, &signature));
        // A key of small order verifies anything under a lax check.
        assert!(!verify_eddsa(&[0; 32], signed, &[0; 64]));
    }

    /// RFC 7515, appendix A.3.
    #[cfg(feature = "es256")]
    #[test]
    fn p256_as_in_rfc_7515() {
        let x = bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
        let y = bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        let signed = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = bytes("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
        assert!(verify_es256(&x, &y, signed, &signature));
        assert!(!verify_es256(&y, &x, signed, &signature));
        assert!(!verify_es256(&x, &y, &signed[1..], &signature));
        assert!(!verify_es256(&x, &y, signed, &[0; 64]));
    }
}

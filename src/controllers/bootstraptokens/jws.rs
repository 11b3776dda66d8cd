//! Signatures beside what they sign (RFC 7515, appendix F), by HMAC with SHA-256 (RFC 2104).

use sha2::{Digest as _, Sha256};

/// Bytes that SHA-256 works on at a time.
const BLOCK: usize = 64;

/// Base64 for URLs, without padding.
fn encode(bytes: &[u8]) -> String {
    let text = machinery::base64::encode(bytes);
    text.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; BLOCK];
    let short;
    let key = if key.len() > BLOCK {
        short = Sha256::digest(key);
        short.as_slice()
    } else {
        key
    };
    block[..key.len()].copy_from_slice(key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

/// The signature of `content` by a token.
pub(super) fn detached(content: &str, id: &str, secret: &str) -> String {
    let header = encode(serde_json::json!({"alg": "HS256", "kid": id}).to_string().as_bytes());
    let signed = format!("{header}.{}", encode(content.as_bytes()));
    format!("{header}..{}", encode(&hmac(secret.as_bytes(), signed.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
    }

    /// RFC 4231, test cases 2 and 6.
    #[test]
    fn codes_are_those_of_the_standard() {
        let code = hmac(b"Jefe", b"what do ya want for nothing?");
        let want = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex(&code), want);
        let long = hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
        let want = "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54";
        assert_eq!(hex(&long), want);
    }

    #[test]
    fn a_signature_stands_beside_what_it_signs() {
        let token = detached("x", "abcdef", "0123456789abcdef");
        let (header, signature) = token.split_once("..").unwrap();
        assert_eq!(header, "eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9");
        assert_eq!(signature.len(), 43);
        assert_ne!(token, detached("y", "abcdef", "0123456789abcdef"));
    }
}

//! Private keys in the one form that our cryptography reads: PKCS#8. `kubeadm` writes the older ones.
//!
//! Source: RFC 5208 (PKCS#8), RFC 8017 (PKCS#1), RFC 5915 (SEC 1 keys).

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// `rsaEncryption` with its empty parameters.
const RSA: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// `id-ecPublicKey` with the curve P-256, the one that both our certificates and tokens use.
const P256: &[u8] = &[
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07,
];

/// A key in PKCS#8, whatever it came in.
pub(crate) fn pkcs8(key: PrivateKeyDer<'_>) -> PrivateKeyDer<'static> {
    let wrapped = match key {
        PrivateKeyDer::Pkcs1(key) => wrapped(RSA, key.secret_pkcs1_der()),
        PrivateKeyDer::Sec1(key) => wrapped(P256, key.secret_sec1_der()),
        other => return other.clone_key(),
    };
    PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(wrapped))
}

fn wrapped(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let version = [0x02, 0x01, 0x00];
    let content = [&version[..], algorithm, &tagged(0x04, key)].concat();
    tagged(0x30, &content)
}

/// A tag, the length in DER's shortest form, and the content.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let start = length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1);
    let digits = length.get(start..).unwrap_or_default();
    let mut out = vec![tag];
    if content.len() >= 0x80 {
        out.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
    }
    out.extend_from_slice(digits);
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_as_short_as_der_wants_them() {
        assert_eq!(tagged(4, &[]), [4, 0]);
        assert_eq!(tagged(4, &[1; 127])[..2], [4, 127]);
        assert_eq!(tagged(4, &[1; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tagged(4, &[1; 300])[..4], [4, 0x82, 1, 44]);
    }
}

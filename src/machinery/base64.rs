//! Base64 as the API writes bytes: the standard alphabet, padded.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Encodes bytes.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Tells whether text is base64 as JSON schemas' format `byte` wants it.
pub fn is_standard(text: &str) -> bool {
    STANDARD.decode(text).is_ok()
}

/// How many bytes a text in base 64 stands for.
pub fn length(text: &str) -> usize {
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    (text.len() / 4 * 3).saturating_sub(padding)
}

/// Decodes text; line breaks are passed over. `None` where it is no base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let clean: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    STANDARD.decode(clean).ok()
}

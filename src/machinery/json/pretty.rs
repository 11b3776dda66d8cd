//! JSON laid out for people as Go's `json.Indent` does, without reading it into values: fields keep
//! their order.

/// Lays out a document with `indent` blanks a level. Cost: O(bytes).
pub fn indented(json: &[u8], indent: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut opened = false;
    for byte in json.iter().copied() {
        if in_text {
            out.push(byte);
            in_text = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        if opened && !matches!(byte, b'}' | b']') && !byte.is_ascii_whitespace() {
            line(&mut out, depth * indent);
            opened = false;
        }
        match byte {
            b'{' | b'[' => {
                out.push(byte);
                depth += 1;
                opened = true;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if !opened {
                    line(&mut out, depth * indent);
                }
                opened = false;
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                line(&mut out, depth * indent);
            }
            b':' => out.extend_from_slice(b": "),
            b'"' => {
                out.push(byte);
                in_text = true;
            }
            other if other.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

fn line(out: &mut Vec<u8>, blanks: usize) {
    out.push(b'\n');
    out.extend(std::iter::repeat_n(b' ', blanks));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_keep_their_order_and_empty_ones_stay_short() {
        let json = br#"{"b":{},"a":[1,{"c":"x: {\"y\"} ,"}],"d":[]}"#;
        let laid_out = "{\n  \"b\": {},\n  \"a\": [\n    1,\n    {\n      \"c\": \"x: {\\\"y\\\"} \
                        ,\"\n    }\n  ],\n  \"d\": []\n}";
        assert_eq!(String::from_utf8_lossy(&indented(json, 2)), laid_out);
    }
}

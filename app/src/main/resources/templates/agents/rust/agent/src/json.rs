//! As much JSON as this agent needs. With crates, `serde_json` does it all.

/// The text of a key of the outermost object.
pub fn text(json: &str, key: &str) -> Option<String> {
    let mut rest = json;
    let mut depth = 0;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            let (found, after) = string(rest)?;
            let value = after.trim_start().strip_prefix(':');
            if depth == 1 && found == key && value.is_some() {
                return value.and_then(|value| string(value.trim_start())).map(|(text, _)| text);
            }
            rest = after;
        } else {
            match c {
                '{' | '[' => depth += 1,
                '}' | ']' => depth -= 1,
                _ => {}
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    None
}

/// The string that begins here, and what follows it.
fn string(json: &str) -> Option<(String, &str)> {
    let inside = json.strip_prefix('"')?;
    let mut units: Vec<u16> = Vec::new();
    let mut rest = inside.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '"' => return Some((String::from_utf16_lossy(&units), &inside[at + 1..])),
            '\\' => units.push(match rest.next()?.1 {
                'n' => 10,
                't' => 9,
                'r' => 13,
                'b' => 8,
                'f' => 12,
                'u' => {
                    let mut unit = 0;
                    for _ in 0..4 {
                        unit = unit * 16 + rest.next()?.1.to_digit(16)? as u16;
                    }
                    unit
                }
                other => other as u16,
            }),
            _ => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
        }
    }
    None
}

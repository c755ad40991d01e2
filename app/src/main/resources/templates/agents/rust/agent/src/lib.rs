//! Counts the words of `{"text": "…"}` and remembers how many texts it has seen: `{"words": 3, "texts": 1}`

mod host;
mod json;

#[no_mangle]
pub extern "C" fn run() -> i32 {
    match count(&host::input()) {
        Ok(output) => {
            host::output(&output);
            0
        }
        Err(error) => {
            host::error(&error);
            1
        }
    }
}

fn count(input: &str) -> Result<String, String> {
    let text = json::text(input, "text").ok_or(r#"{"code":"bad-input","message":"the input needs a text"}"#)?;
    let words = text.split_whitespace().count();

    // null or a number
    let seen: u32 = host::call("kv.get", r#"["texts"]"#)?.parse().unwrap_or(0);
    let texts = seen + 1;
    host::call("kv.put", &format!(r#"["texts",{texts}]"#))?;

    host::log(&format!("counted {words} words"));
    Ok(format!(r#"{{"words":{words},"texts":{texts}}}"#))
}

//! The way to the host, without any crate. The crate `extism-pdk` wraps the same functions.

mod env {
    #[link(wasm_import_module = "extism:host/env")]
    extern "C" {
        pub fn alloc(length: u64) -> u64;
        pub fn free(address: u64);
        pub fn length(address: u64) -> u64;
        pub fn load_u8(address: u64) -> u32;
        pub fn store_u8(address: u64, byte: u32);
        pub fn input_length() -> u64;
        pub fn input_load_u8(at: u64) -> u32;
        pub fn output_set(address: u64, length: u64);
        pub fn error_set(address: u64);
        pub fn log_info(address: u64);
    }
}

#[link(wasm_import_module = "extism:host/user")]
extern "C" {
    fn nexus_call(name: u64, arguments: u64) -> u64;
}

/// Hands text over in a block of the host's.
fn give(text: &str) -> u64 {
    // SAFETY: the block was made as long as what is stored in it.
    unsafe {
        let address = env::alloc(text.len() as u64);
        for (i, byte) in text.bytes().enumerate() {
            env::store_u8(address + i as u64, byte.into());
        }
        address
    }
}

/// Takes over what a block of the host's holds, and frees it.
fn take(address: u64) -> String {
    // SAFETY: what is read is inside the block.
    let bytes = unsafe {
        let bytes: Vec<u8> =
            (0..env::length(address)).map(|i| env::load_u8(address + i) as u8).collect();
        env::free(address);
        bytes
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

pub fn input() -> String {
    // SAFETY: what is read is inside the input.
    let bytes: Vec<u8> =
        unsafe { (0..env::input_length()).map(|i| env::input_load_u8(i) as u8).collect() };
    String::from_utf8_lossy(&bytes).into_owned()
}

pub fn output(json: &str) {
    // SAFETY: the block is as long as is said.
    unsafe { env::output_set(give(json), json.len() as u64) }
}

/// Why a run failed: plain text, or `{"code": "…", "message": "…"}`.
pub fn error(text: &str) {
    // SAFETY: the address is that of a block.
    unsafe { env::error_set(give(text)) }
}

pub fn log(text: &str) {
    // SAFETY: the address is that of a block.
    unsafe { env::log_info(give(text)) }
}

/// Models, keys, files, HTTP and other agents, by name, with a JSON array of arguments.
///
/// Returns the JSON of the answer, or of `{"code": "…", "message": "…"}` as the error.
pub fn call(name: &str, arguments: &str) -> Result<String, String> {
    // SAFETY: both addresses are those of blocks.
    let answer = take(unsafe { nexus_call(give(name), give(arguments)) });
    let inside = |start: &str| answer.strip_prefix(start)?.strip_suffix('}').map(str::to_string);
    match inside(r#"{"ok":"#) {
        Some(ok) => Ok(ok),
        None => Err(inside(r#"{"error":"#).unwrap_or(answer)),
    }
}

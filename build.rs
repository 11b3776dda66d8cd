//! Links the program at a fixed address.
//!
//! A position-independent static program relocates itself whenever it starts: every shim and pause
//! process would then own three megabytes of rewritten pages instead of a tenth of one. What this
//! gives up is a random address for the program's own code; stack, heap and libraries keep theirs.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let set = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if set("CARGO_CFG_TARGET_OS", "linux") && set("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-static");
        println!("cargo:rustc-link-arg-bins=-no-pie");
        // Functions that came out the same are kept once; nothing compares their addresses. Rust's
        // own linker can do it, which is the usual one on this processor.
        if set("CARGO_CFG_TARGET_ARCH", "x86_64") {
            println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
        }
    }
}

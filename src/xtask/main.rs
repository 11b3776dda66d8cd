//! Developer commands: setup, demo, test, generate.

fn main() {}

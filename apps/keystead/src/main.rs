//! Keystead.

mod config;
mod dev;
mod exit;
mod hardening;
mod logging;
mod private_file;
mod root_key_file;
mod when;
mod wiring;
mod world;

fn main() {}

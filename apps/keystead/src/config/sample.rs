//! The sample file, made from the doc comments of the settings.

use std::fmt::Write;

use super::settings::{Section, Settings};

/// A configuration with every setting explained: what has to be set is set, the rest stands as a comment with its
/// default or an example.
pub fn sample() -> String {
    let mut text = String::from(
        "# Keystead: the configuration of `keystead serve`, as printed by `keystead sample-config`.\n\
         # A setting behind a # has the value shown, or is off if its comment says so. Unknown words are refused.\n",
    );
    for section in Settings::sections() {
        write_section(&mut text, &section).expect("writing to a string succeeds");
    }
    text
}

fn write_section(out: &mut String, section: &Section) -> std::fmt::Result {
    writeln!(out)?;
    for doc in section.docs {
        writeln!(out, "#{doc}")?;
    }
    writeln!(out, "{}", section.header)?;
    for line in &section.lines {
        writeln!(out)?;
        for doc in line.docs {
            writeln!(out, "#{doc}")?;
        }
        let hidden = if line.set { "" } else { "#" };
        writeln!(out, "{hidden}{} = {}", line.name, line.value)?;
    }
    Ok(())
}

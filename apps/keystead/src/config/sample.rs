//! The sample file, made from the doc comments of the settings.

use std::fmt::Write;
use std::path::Path;

use keystead_model::Location;

use super::settings::{Line, Section, Settings};

/// A configuration with every setting explained: what has to be set is set, the rest stands as a comment with its
/// default or an example.
pub fn sample() -> String {
    with_values(&[])
}

/// The sample, for a server in these places that answers for this location.
pub fn sample_for(data: &Path, root_key: &Path, location: &Location) -> anyhow::Result<String> {
    let text = |path: &Path| match path.to_str() {
        Some(path) => Ok(toml::Value::from(path).to_string()),
        None => {
            Err(anyhow::anyhow!("{} cannot be written into a configuration: it is not UTF-8", path.display()))
        }
    };
    Ok(with_values(&[
        ("[server]", "locations", format!("[\"{location}\"]")),
        ("[data]", "folder", text(data)?),
        ("[root_key]", "file", text(root_key)?),
    ]))
}

fn with_values(values: &[(&str, &str, String)]) -> String {
    let mut out = String::from(
        "# Keystead: the configuration of `keystead serve`, as printed by `keystead sample-config`.\n\
         # A setting behind a # has the value shown, or is off if its comment says so. Unknown words are refused.\n",
    );
    for section in Settings::sections() {
        let given = |line: &Line| {
            let given =
                values.iter().find(|(header, name, _)| (*header, *name) == (section.header, line.name));
            given.map(|(_, _, value)| value.as_str())
        };
        write_section(&mut out, &section, given).expect("writing to a string succeeds");
    }
    out
}

fn write_section<'v>(
    out: &mut String,
    section: &Section,
    given: impl Fn(&Line) -> Option<&'v str>,
) -> std::fmt::Result {
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
        let given = given(line);
        let hidden = if line.set || given.is_some() { "" } else { "#" };
        writeln!(out, "{hidden}{} = {}", line.name, given.unwrap_or(&line.value))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    #[test]
    fn a_sample_for_odd_places_names_them() {
        let location: Location = "eu-central-1".parse().expect("a name");
        let (data, key) = (Path::new("/a \"b\"\\c"), Path::new("/k'"));
        let config =
            Config::parse(&sample_for(data, key, &location).expect("UTF-8")).expect("a configuration");
        assert_eq!((config.data.as_path(), config.root_key.as_path()), (data, key));
        assert_eq!(config.locations, [location]);
    }
}

//! Writes the wire types of the AWS fronts from the published service models: `cargo xtask codegen`.
//!
//! The models come from the botocore package, at the version pinned below. Only facts are kept: names of
//! operations, members, types, limits, patterns, enumerations and errors; no documentation text. The output
//! is committed, so that building needs neither the package nor this command; `--check` says whether it is
//! stale. The newest model is taken in by raising [`BOTOCORE`] and running the command.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// The package version whose models are the source.
const BOTOCORE: &str = "1.44.5";

/// Runs the command: `[--check] [--model PATH]`, PATH being a botocore wheel. Without one the pinned version
/// is fetched through pip.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut check = false;
    let mut wheel = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--check" => check = true,
            "--model" => {
                wheel = Some(PathBuf::from(rest.next().context("--model wants the path of a wheel")?))
            }
            other => bail!("codegen knows --check and --model PATH, not {other:?}"),
        }
    }
    let wheel = match wheel {
        Some(path) => path,
        None => fetch()?,
    };
    let outputs = [
        (
            "fronts/http/src/aws/kms_model.rs",
            kms(&model(&wheel, "botocore/data/kms/2014-11-01/service-2.json.gz")?)?,
        ),
        (
            "fronts/http/src/aws/sts_model.rs",
            sts(&model(&wheel, "botocore/data/sts/2011-06-15/service-2.json.gz")?)?,
        ),
    ];
    for (path, text) in outputs {
        settle(&crate::root().join(path), &formatted(&text)?, check)?;
    }
    Ok(())
}

/// Writes a file, or with `check` only says that it should be.
fn settle(path: &Path, text: &str, check: bool) -> Result<()> {
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found == text {
        return Ok(());
    }
    ensure!(!check, "{} is stale: run `cargo xtask codegen` and commit what it writes", path.display());
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// The pinned wheel, fetched once into the target folder.
fn fetch() -> Result<PathBuf> {
    let folder = crate::root().join("target/codegen");
    let wheel = folder.join(format!("botocore-{BOTOCORE}-py3-none-any.whl"));
    if wheel.exists() {
        return Ok(wheel);
    }
    let status = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--dest"])
        .arg(&folder)
        .arg(format!("botocore=={BOTOCORE}"))
        .status()
        .context("python3 does not start; give a wheel with --model PATH instead")?;
    ensure!(
        status.success(),
        "pip could not fetch botocore {BOTOCORE}; give a wheel with --model PATH instead"
    );
    Ok(wheel)
}

/// One model out of the wheel.
fn model(wheel: &Path, member: &str) -> Result<Value> {
    const UNPACK: &str = "import gzip, sys, zipfile\n\
        sys.stdout.buffer.write(gzip.decompress(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2])))";
    let output = Command::new("python3").args(["-c", UNPACK]).arg(wheel).arg(member).output()?;
    ensure!(output.status.success(), "{member} is not in {}", wheel.display());
    serde_json::from_slice(&output.stdout).with_context(|| format!("{member} is not JSON"))
}

/// As rustfmt would have it.
fn formatted(text: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(crate::root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt does not start")?;
    child.stdin.take().context("rustfmt has no input")?.write_all(text.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "rustfmt refuses what codegen wrote");
    Ok(String::from_utf8(output.stdout)?)
}

// --- KMS ---------------------------------------------------------------------------------------------------

fn kms(model: &Value) -> Result<String> {
    let source = Source { shapes: object(model, "shapes")?, operations: object(model, "operations")? };
    let mut out = String::new();
    writeln!(
        out,
        "//! The wire shapes of AWS KMS, API version {}.",
        text(&model["metadata"], "apiVersion")?
    )?;
    writeln!(
        out,
        "//!\n//! Written by `cargo xtask codegen` from the service model in botocore {BOTOCORE}: facts only."
    )?;
    writeln!(out, "//! Change the command, not this file.\n")?;
    writeln!(out, "use std::sync::LazyLock;\n")?;
    writeln!(out, "use keystead_engine::SecretBytes;\nuse keystead_model::Timestamp;\n")?;
    writeln!(
        out,
        "use super::wire::{{BlobRule, Form, expression, IntegerRule, ListRule, Malformed, Pairs, Pattern, Reader, Structure, Text, TextRule}};\n"
    )?;
    writeln!(out, "/// What the `X-Amz-Target` header begins with.")?;
    writeln!(out, "pub const TARGET_PREFIX: &str = \"{}.\";\n", text(&model["metadata"], "targetPrefix")?)?;
    source.operations(&mut out)?;
    source.errors(&mut out)?;
    source.inputs(&mut out)?;
    Ok(out)
}

/// The parts of a model that are read.
struct Source<'m> {
    shapes: Members<'m>,
    operations: Members<'m>,
}

impl<'m> Source<'m> {
    fn shape(&self, name: &str) -> Result<&'m Value> {
        self.shapes.get(name).copied().with_context(|| format!("the model has no shape {name}"))
    }

    /// The enumeration of all operations.
    fn operations(&self, out: &mut String) -> Result<()> {
        let names: Vec<&str> = self.operations.keys().copied().collect();
        writeln!(out, "/// Every operation of the service.")?;
        writeln!(
            out,
            "#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]\npub enum Operation {{"
        )?;
        for name in &names {
            writeln!(out, "    /// `{name}`\n    {name},")?;
        }
        writeln!(out, "}}\n\nimpl Operation {{")?;
        writeln!(out, "    /// All of them, ascending by name.\n    pub const ALL: &[Operation] = &[")?;
        for name in &names {
            writeln!(out, "        Self::{name},")?;
        }
        writeln!(
            out,
            "    ];\n\n    /// The name on the wire.\n    pub fn name(self) -> &'static str {{ match self {{"
        )?;
        for name in &names {
            writeln!(out, "        Self::{name} => \"{name}\",")?;
        }
        writeln!(out, "    }} }}\n\n    /// The operation of a name, if there is one.")?;
        writeln!(out, "    pub fn parse(name: &str) -> Option<Self> {{ Some(match name {{")?;
        for name in &names {
            writeln!(out, "        \"{name}\" => Self::{name},")?;
        }
        writeln!(out, "        _ => return None,\n    }}) }}\n")?;
        writeln!(
            out,
            "    /// The members of its answer.\n    pub fn output(self) -> &'static [&'static str] {{ match self {{"
        )?;
        for name in &names {
            let members = match self.operations[*name]["output"]["shape"].as_str() {
                Some(shape) => {
                    object(self.shape(shape)?, "members")?.keys().map(|m| format!("\"{m}\"")).collect()
                }
                None => Vec::new(),
            };
            writeln!(out, "        Self::{name} => &[{}],", members.join(", "))?;
        }
        writeln!(out, "    }} }}\n}}\n")?;
        Ok(())
    }

    /// The table of modelled errors.
    fn errors(&self, out: &mut String) -> Result<()> {
        writeln!(out, "/// The modelled errors, ascending by name, and whether each is the server's fault.")?;
        writeln!(out, "pub const ERRORS: &[(&str, bool)] = &[")?;
        let faults: BTreeMap<&str, bool> = self
            .shapes
            .iter()
            .filter(|(_, shape)| shape["exception"] == Value::Bool(true))
            .map(|(name, shape)| (*name, shape["fault"] == Value::Bool(true)))
            .collect();
        for (name, fault) in faults {
            writeln!(out, "    (\"{name}\", {fault}),")?;
        }
        writeln!(out, "];\n")?;
        Ok(())
    }

    /// The input structures of all operations, what they are made of, and the rules of their members.
    fn inputs(&self, out: &mut String) -> Result<()> {
        let mut structures: Vec<String> = Vec::new();
        for operation in self.operations.values() {
            let name = text(&operation["input"], "shape")?.to_owned();
            if !structures.contains(&name) {
                structures.push(name);
            }
        }
        let mut rules = BTreeSet::new();
        let mut at = 0;
        while let Some(name) = structures.get(at).cloned() {
            at += 1;
            for (_, member) in object(self.shape(&name)?, "members")? {
                for found in self.within(text(member, "shape")?, &mut rules)? {
                    if !structures.contains(&found) {
                        structures.push(found);
                    }
                }
            }
        }
        structures.sort();
        for name in &structures {
            self.structure(out, name)?;
        }
        for name in &rules {
            self.rule(out, name)?;
        }
        Ok(())
    }

    /// Collects the shapes whose limits are needed to read `name`; answers the structures in it.
    fn within(&self, name: &str, rules: &mut BTreeSet<String>) -> Result<Vec<String>> {
        let shape = self.shape(name)?;
        match text(shape, "type")? {
            "structure" => Ok(vec![name.to_owned()]),
            "list" => {
                rules.insert(name.to_owned());
                self.within(text(&shape["member"], "shape")?, rules)
            }
            "map" | "boolean" | "timestamp" => Ok(Vec::new()),
            _ => {
                rules.insert(name.to_owned());
                Ok(Vec::new())
            }
        }
    }

    /// One input type and how it is read.
    fn structure(&self, out: &mut String, name: &str) -> Result<()> {
        let shape = self.shape(name)?;
        let members = object(shape, "members")?;
        let required: Vec<&str> =
            shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        writeln!(out, "/// `{name}`")?;
        let own = self.structure_type(name)?;
        writeln!(out, "#[derive(Default)]\npub struct {own} {{")?;
        for (member, target) in &members {
            let is_required = if required.contains(member) { ", required" } else { "" };
            writeln!(out, "    /// `{member}`{is_required}")?;
            writeln!(out, "    pub {}: Option<{}>,", snake(member), self.rust_type(text(target, "shape")?)?)?;
        }
        writeln!(out, "}}\n\nimpl<'a> Structure<'a> for {own} {{")?;
        writeln!(
            out,
            "    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {{"
        )?;
        writeln!(out, "        match name {{")?;
        for (member, target) in &members {
            let call = self.call(member, text(target, "shape")?)?;
            writeln!(out, "            \"{member}\" => {call}?,")?;
        }
        writeln!(out, "            _ => return Ok(false),\n        }}\n        Ok(true)\n    }}\n")?;
        let reader = if required.is_empty() { "_reader" } else { "reader" };
        writeln!(out, "    fn missing(&self, {reader}: &mut Reader<'a>) {{")?;
        for member in &required {
            writeln!(
                out,
                "        reader.require(\"{}\", self.{}.is_some());",
                camel(member),
                snake(member)
            )?;
        }
        writeln!(out, "    }}\n}}\n")?;
        Ok(())
    }

    /// The name of a structure's type, with a lifetime if it borrows.
    fn structure_type(&self, name: &str) -> Result<String> {
        for (_, member) in object(self.shape(name)?, "members")? {
            if self.rust_type(text(member, "shape")?)?.contains("'a") {
                return Ok(format!("{name}<'a>"));
            }
        }
        Ok(name.to_owned())
    }

    fn rust_type(&self, name: &str) -> Result<String> {
        let shape = self.shape(name)?;
        let sensitive = shape["sensitive"] == Value::Bool(true);
        Ok(match text(shape, "type")? {
            "string" if !sensitive => "Text<'a>".into(),
            "string" | "blob" if sensitive => "SecretBytes".into(),
            "timestamp" => "Timestamp".into(),
            "blob" => "Box<[u8]>".into(),
            "integer" => "i32".into(),
            "boolean" => "bool".into(),
            "structure" => self.structure_type(name)?,
            "list" => format!("Vec<{}>", self.rust_type(text(&shape["member"], "shape")?)?),
            "map" => "Pairs".into(),
            other => bail!("{name}: there is no reader for {other} (sensitive: {sensitive})"),
        })
    }

    /// The call that reads one member.
    fn call(&self, member: &str, name: &str) -> Result<String> {
        let shape = self.shape(name)?;
        let (path, slot, rule) = (camel(member), snake(member), shouting(name));
        Ok(match text(shape, "type")? {
            "string" if shape["sensitive"] == Value::Bool(true) => {
                format!("reader.secret_text(\"{path}\", &{rule}, &mut self.{slot})")
            }
            "string" => format!("reader.text(\"{path}\", &{rule}, &mut self.{slot})"),
            "timestamp" => format!("reader.timestamp(&mut self.{slot})"),
            "blob" if shape["sensitive"] == Value::Bool(true) => {
                format!("reader.secret(\"{path}\", &{rule}, &mut self.{slot})")
            }
            "blob" => format!("reader.blob(\"{path}\", &{rule}, &mut self.{slot})"),
            "integer" => format!("reader.integer(\"{path}\", &{rule}, &mut self.{slot})"),
            "boolean" => format!("reader.boolean(&mut self.{slot})"),
            "structure" => format!("reader.structure(\"{path}\", &mut self.{slot})"),
            "map" => format!("reader.map(&mut self.{slot})"),
            "list" => {
                let of = text(&shape["member"], "shape")?;
                match text(self.shape(of)?, "type")? {
                    "string" => {
                        format!("reader.texts(\"{path}\", &{rule}, &{}, &mut self.{slot})", shouting(of))
                    }
                    "structure" => format!("reader.structures(\"{path}\", &{rule}, &mut self.{slot})"),
                    other => bail!("{name}: there is no reader for a list of {other}"),
                }
            }
            other => bail!("{name}: there is no reader for {other}"),
        })
    }

    /// The limits of one shape.
    fn rule(&self, out: &mut String, name: &str) -> Result<()> {
        let shape = self.shape(name)?;
        let number = |key: &str| shape[key].as_i64();
        let optional = |value: Option<i64>| value.map_or("None".to_owned(), |v| format!("Some({v})"));
        let (min, max) = (number("min"), number("max"));
        writeln!(out, "/// `{name}`")?;
        let rule = shouting(name);
        match text(shape, "type")? {
            "string" => {
                let pattern = match shape["pattern"].as_str() {
                    Some(pattern) => format!("Some({})", pattern_rule(pattern)?),
                    None => "None".into(),
                };
                let values: Vec<String> =
                    shape["enum"].as_array().into_iter().flatten().map(Value::to_string).collect();
                writeln!(
                    out,
                    "pub static {rule}: TextRule = TextRule {{ chars_min: {}, chars_max: {}, pattern: {pattern}, values: &[{}] }};\n",
                    min.unwrap_or(0),
                    optional(max),
                    values.join(", ")
                )?;
            }
            "blob" => writeln!(
                out,
                "pub static {rule}: BlobRule = BlobRule {{ bytes_min: {}, bytes_max: {} }};\n",
                min.unwrap_or(0),
                max.with_context(|| format!("{name} has no upper bound"))?
            )?,
            "integer" => writeln!(
                out,
                "pub static {rule}: IntegerRule = IntegerRule {{ min: {}, max: {} }};\n",
                min.unwrap_or(i64::from(i32::MIN)),
                max.unwrap_or(i64::from(i32::MAX))
            )?,
            "list" => writeln!(
                out,
                "pub static {rule}: ListRule = ListRule {{ items_min: {}, items_max: {} }};\n",
                min.unwrap_or(0),
                optional(max)
            )?,
            other => bail!("{name}: there is no rule for {other}"),
        }
        Ok(())
    }
}

/// A pattern: one class of characters, repeated, as most are; else an expression.
fn pattern_rule(pattern: &str) -> Result<String> {
    let form = match class_rule(pattern) {
        Ok(class) => class,
        Err(_) => format!("Form::Expression(LazyLock::new(|| expression({pattern:?})))"),
    };
    Ok(format!("Pattern {{ text: {pattern:?}, form: {form} }}"))
}

fn class_rule(pattern: &str) -> Result<String> {
    let body = pattern.strip_prefix('^').unwrap_or(pattern);
    let body = body.strip_suffix('$').unwrap_or(body);
    let (body, least) = match (body.strip_suffix('+'), body.strip_suffix('*')) {
        (Some(body), _) => (body, 1),
        (_, Some(body)) => (body, 0),
        _ => bail!("the pattern {pattern} is not one repeated class"),
    };
    let class = body.strip_prefix('[').and_then(|b| b.strip_suffix(']'));
    let class = class.with_context(|| format!("the pattern {pattern} is not one repeated class"))?;
    let mut ranges = class_ranges(class).with_context(|| format!("the pattern {pattern}"))?;
    ranges.sort_unstable();
    let spelled: Vec<String> = ranges.iter().map(|(from, to)| format!("({from:?}, {to:?})")).collect();
    Ok(format!("Form::Class {{ chars_min: {least}, class: &[{}] }}", spelled.join(", ")))
}

/// The ranges of a character class, as Java reads one.
fn class_ranges(class: &str) -> Result<Vec<(char, char)>> {
    let mut ranges = Vec::new();
    let mut chars = class.chars().peekable();
    while let Some(c) = chars.next() {
        let from = match c {
            '\\' => match chars.next().context("a lone backslash")? {
                'w' => {
                    ranges.extend([('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]);
                    continue;
                }
                'd' => {
                    ranges.push(('0', '9'));
                    continue;
                }
                's' => {
                    ranges.extend([('\t', '\r'), (' ', ' ')]);
                    continue;
                }
                'u' => code_point(&mut chars)?,
                other => other,
            },
            '[' | '&' | '^' => bail!("{c:?} in a class is not read"),
            other => other,
        };
        let mut after = chars.clone();
        let is_range = after.next() == Some('-') && after.next().is_some();
        if !is_range {
            ranges.push((from, from));
            continue;
        }
        chars.next();
        let to = match chars.next().context("a range without an end")? {
            '\\' if chars.next() == Some('u') => code_point(&mut chars)?,
            '\\' => bail!("an escape ends a range"),
            other => other,
        };
        ensure!(from <= to, "the range {from:?}-{to:?} is empty");
        ranges.push((from, to));
        // A hyphen right after a range stands for itself.
        if chars.peek() == Some(&'-') {
            chars.next();
            ranges.push(('-', '-'));
        }
    }
    Ok(ranges)
}

fn code_point(chars: &mut impl Iterator<Item = char>) -> Result<char> {
    let digits: String = chars.take(4).collect();
    char::from_u32(u32::from_str_radix(&digits, 16)?).context("a surrogate")
}

// --- STS ---------------------------------------------------------------------------------------------------

fn sts(model: &Value) -> Result<String> {
    let metadata = &model["metadata"];
    let mut out = String::new();
    writeln!(out, "//! The names of AWS STS, API version {}.", text(metadata, "apiVersion")?)?;
    writeln!(
        out,
        "//!\n//! Written by `cargo xtask codegen` from the service model in botocore {BOTOCORE}: facts only."
    )?;
    writeln!(out, "//! Change the command, not this file.\n")?;
    writeln!(
        out,
        "/// The API version that requests name.\npub const VERSION: &str = \"{}\";\n",
        text(metadata, "apiVersion")?
    )?;
    writeln!(
        out,
        "/// The namespace of answers.\npub const NAMESPACE: &str = \"{}\";\n",
        text(metadata, "xmlNamespace")?
    )?;
    let operations: Vec<&str> = object(model, "operations")?.into_keys().collect();
    writeln!(
        out,
        "/// Every action of the service, ascending.\npub const ACTIONS: &[&str] = &{operations:?};\n"
    )?;
    let identity = object(&model["shapes"]["GetCallerIdentityResponse"], "members")?;
    let members: Vec<&str> = identity.into_keys().collect();
    writeln!(
        out,
        "/// The members of `GetCallerIdentity`'s answer.\npub const GET_CALLER_IDENTITY: &[&str] = &{members:?};"
    )?;
    Ok(out)
}

// --- Names -------------------------------------------------------------------------------------------------

/// An object of the model, ascending by name whatever order it was written in.
type Members<'v> = BTreeMap<&'v str, &'v Value>;

fn object<'v>(value: &'v Value, key: &str) -> Result<Members<'v>> {
    let object = value[key].as_object().with_context(|| format!("the model has no object {key}"))?;
    Ok(object.iter().map(|(name, value)| (name.as_str(), value)).collect())
}

fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str> {
    value[key].as_str().with_context(|| format!("the model has no text {key}"))
}

/// `KeyId` as a field is spelled: `key_id`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.char_indices() {
        if c.is_ascii_uppercase() && at > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// `KeyIdType` as a constant is spelled: `KEY_ID_TYPE`.
fn shouting(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// `KeyId` as messages of the service spell it: `keyId`.
fn camel(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_in_four_ways() {
        assert_eq!(snake("XksKeyId"), "xks_key_id");
        assert_eq!(shouting("KeyIdType"), "KEY_ID_TYPE");
        assert_eq!(camel("KeyId"), "keyId");
    }

    #[test]
    fn a_class_is_read_as_its_ranges() {
        let ranges = class_ranges("a-zA-Z0-9-_.").expect("a class");
        assert_eq!(ranges, [('a', 'z'), ('A', 'Z'), ('0', '9'), ('-', '-'), ('_', '_'), ('.', '.')]);
        let ranges = class_ranges("\\u0009\\u000A\\u0020-\\u00FF").expect("a class");
        assert_eq!(ranges, [('\t', '\t'), ('\n', '\n'), (' ', '\u{ff}')]);
        let ranges = class_ranges("a:/_-").expect("a class");
        assert_eq!(ranges, [('a', 'a'), (':', ':'), ('/', '/'), ('_', '_'), ('-', '-')]);
    }

    #[test]
    fn a_pattern_that_is_more_than_one_class_is_an_expression() {
        let form = |pattern| pattern_rule(pattern).expect("a rule");
        assert!(form("^([a-z]+-){2,3}\\d+$").contains("Expression"));
        assert!(form("^[a-z]+$").contains("Class"));
    }
}

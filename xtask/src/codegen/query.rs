//! Types for the reader of the query protocol, `fronts/http/src/aws/query/reader.rs`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Result, bail, ensure};
use serde_json::Value;

use super::model::{Model, is_sensitive, text};
use super::names::{shouting, snake};
use super::wheel::BOTOCORE;

/// The module of a service: all names of the model, and the inputs of those operations that have an action of their own,
/// `prefix:Name`, in `actions`.
pub(super) fn written(model: &Model<'_>, service: &str, prefix: &str, actions: &str) -> Result<String> {
    ensure!(text(model.metadata, "protocol")? == "query", "{service} does not speak the query protocol");
    let version = text(model.metadata, "apiVersion")?;
    let mut types = String::new();
    let mut inputs = BTreeSet::new();
    for (name, operation) in &model.operations {
        if actions.contains(&format!("\"{prefix}:{name}\"")) {
            inputs.extend(operation["input"]["shape"].as_str());
        }
    }
    let (structures, rules) = model.closure(&inputs)?;
    for name in &structures {
        structure(model, &mut types, name)?;
    }
    for name in &rules {
        model.rule(&mut types, name)?;
    }

    let mut out = String::new();
    writeln!(out, "//! The wire shapes of {service}, API version {version}.")?;
    writeln!(
        out,
        "//!\n//! Written by `cargo xtask codegen` from the service model in botocore {BOTOCORE}: facts only."
    )?;
    writeln!(out, "//! Change the command, not this file.\n")?;
    imports(&mut out, &types)?;
    writeln!(out, "/// The API version that requests name.\npub const VERSION: &str = \"{version}\";\n")?;
    writeln!(
        out,
        "/// The namespace of answers.\npub const NAMESPACE: &str = \"{}\";\n",
        text(model.metadata, "xmlNamespace")?
    )?;
    model.operations(&mut out)?;
    errors(model, &mut out)?;
    Ok(out + &types)
}

/// Imports what the types use.
fn imports(out: &mut String, types: &str) -> Result<()> {
    if types.contains("LazyLock") {
        writeln!(out, "use std::sync::LazyLock;\n")?;
    }
    if types.contains("SecretBytes") {
        writeln!(out, "use keystead_engine::SecretBytes;\n")?;
    }
    writeln!(out, "use super::query::{{Reader, Structure}};")?;
    let names = [
        ("Form::", "Form"),
        ("IntegerRule", "IntegerRule"),
        ("ListRule", "ListRule"),
        ("Malformed", "Malformed"),
        ("Pattern", "Pattern"),
        ("Text<", "Text"),
        ("TextRule", "TextRule"),
        ("expression(", "expression"),
        ("is_account_alias", "is_account_alias"),
        ("is_tag_key", "is_tag_key"),
        ("is_tag_text", "is_tag_text"),
    ];
    let used: Vec<&str> =
        names.iter().filter(|(sign, _)| types.contains(sign)).map(|(_, name)| *name).collect();
    writeln!(out, "use super::rules::{{{}}};\n", used.join(", "))?;
    Ok(())
}

/// The table of modelled errors.
fn errors(model: &Model<'_>, out: &mut String) -> Result<()> {
    writeln!(out, "/// The codes of the modelled errors with their HTTP status, ascending.")?;
    writeln!(out, "pub const ERRORS: &[(&str, u16)] = &[")?;
    let exceptions = model.shapes.values().filter(|shape| shape["exception"] == Value::Bool(true));
    let codes: BTreeSet<(&str, u64)> = exceptions
        .filter_map(|shape| {
            let error = &shape["error"];
            Some((error["code"].as_str()?, error["httpStatusCode"].as_u64()?))
        })
        .collect();
    for (code, status) in codes {
        writeln!(out, "    (\"{code}\", {status}),")?;
    }
    writeln!(out, "];\n")?;
    Ok(())
}

/// One input type and how it is read.
fn structure(model: &Model<'_>, out: &mut String, name: &str) -> Result<()> {
    let members = model.members(name)?;
    model.fields(out, name)?;
    writeln!(out, "impl<'a> Structure<'a> for {} {{", model.structure_type(name)?)?;
    let reader = if members.is_empty() { "_reader" } else { "reader" };
    writeln!(out, "    fn read({reader}: &mut Reader<'a>) -> Result<Self, Malformed> {{")?;
    let required = model.required(name)?;
    let (open, close) = if required.is_empty() { ("Ok(Self {", "})") } else { ("let read = Self {", "};") };
    writeln!(out, "        {open}")?;
    for (member, target) in &members {
        let plain = ["locationName", "queryName", "location"].iter().all(|key| target[*key].is_null());
        ensure!(plain, "{name}.{member} has another name on the wire, which is not read");
        writeln!(out, "            {}: {}?,", snake(member), call(model, member, text(target, "shape")?)?)?;
    }
    writeln!(out, "        {close}")?;
    for member in &required {
        writeln!(out, "        reader.require(\"{member}\", read.{}.is_some());", snake(member))?;
    }
    if !required.is_empty() {
        writeln!(out, "        Ok(read)")?;
    }
    writeln!(out, "    }}\n}}\n")?;
    Ok(())
}

/// The call that reads one member.
fn call(model: &Model<'_>, member: &str, name: &str) -> Result<String> {
    let shape = model.shape(name)?;
    let rule = shouting(name);
    Ok(match text(shape, "type")? {
        "string" if is_sensitive(shape) => format!("reader.secret_text(\"{member}\", &{rule})"),
        "string" => format!("reader.text(\"{member}\", &{rule})"),
        "integer" => format!("reader.integer(\"{member}\", &{rule})"),
        "boolean" => format!("reader.boolean(\"{member}\")"),
        "structure" => format!("reader.structure(\"{member}\")"),
        "list" => {
            let items = &shape["member"];
            let plain = items["locationName"].is_null() && shape["flattened"].is_null();
            ensure!(plain, "{name} is a list of another form than is read");
            let of = text(items, "shape")?;
            match text(model.shape(of)?, "type")? {
                "string" => format!("reader.texts(\"{member}\", &{rule}, &{})", shouting(of)),
                "structure" => format!("reader.structures(\"{member}\", &{rule})"),
                other => bail!("{name}: there is no reader for a list of {other}"),
            }
        }
        other => bail!("{name}: there is no reader for {other}"),
    })
}

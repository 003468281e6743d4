//! Types for the reader of JSON, `fronts/http/src/aws/wire.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Result, bail};
use serde_json::Value;

use super::model::{Model, is_sensitive, text};
use super::names::{camel, shouting, snake};
use super::wheel::BOTOCORE;

/// The module of AWS KMS.
pub(super) fn written(model: &Model<'_>) -> Result<String> {
    let mut out = String::new();
    writeln!(out, "//! The wire shapes of AWS KMS, API version {}.", text(model.metadata, "apiVersion")?)?;
    writeln!(
        out,
        "//!\n//! Written by `cargo xtask codegen` from the service model in botocore {BOTOCORE}: facts only."
    )?;
    writeln!(out, "//! Change the command, not this file.\n")?;
    writeln!(out, "use std::sync::LazyLock;\n")?;
    writeln!(out, "use keystead_engine::SecretBytes;\nuse keystead_model::Timestamp;\n")?;
    writeln!(
        out,
        "use super::rules::{{BlobRule, Form, IntegerRule, ListRule, Malformed, Pattern, Text, TextRule, expression}};"
    )?;
    writeln!(out, "use super::wire::{{Pairs, Reader, Structure}};\n")?;
    writeln!(out, "/// What the `X-Amz-Target` header begins with.")?;
    writeln!(out, "pub const TARGET_PREFIX: &str = \"{}.\";\n", text(model.metadata, "targetPrefix")?)?;
    model.operations(&mut out)?;
    errors(model, &mut out)?;
    let mut inputs = BTreeSet::new();
    for operation in model.operations.values() {
        inputs.insert(text(&operation["input"], "shape")?);
    }
    let (structures, rules) = model.closure(&inputs)?;
    for name in &structures {
        structure(model, &mut out, name)?;
    }
    for name in &rules {
        model.rule(&mut out, name)?;
    }
    Ok(out)
}

/// The table of modelled errors.
fn errors(model: &Model<'_>, out: &mut String) -> Result<()> {
    writeln!(out, "/// The modelled errors, ascending by name, and whether each is the server's fault.")?;
    writeln!(out, "pub const ERRORS: &[(&str, bool)] = &[")?;
    let faults: BTreeMap<&str, bool> = model
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

/// One input type and how it is read.
fn structure(model: &Model<'_>, out: &mut String, name: &str) -> Result<()> {
    let (members, required) = (model.members(name)?, model.required(name)?);
    model.fields(out, name)?;
    writeln!(out, "impl<'a> Structure<'a> for {} {{", model.structure_type(name)?)?;
    writeln!(
        out,
        "    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {{"
    )?;
    writeln!(out, "        match name {{")?;
    for (member, target) in &members {
        let call = call(model, member, text(target, "shape")?)?;
        writeln!(out, "            \"{member}\" => {call}?,")?;
    }
    writeln!(out, "            _ => return Ok(false),\n        }}\n        Ok(true)\n    }}\n")?;
    let reader = if required.is_empty() { "_reader" } else { "reader" };
    writeln!(out, "    fn missing(&self, {reader}: &mut Reader<'a>) {{")?;
    for member in &required {
        writeln!(out, "        reader.require(\"{}\", self.{}.is_some());", camel(member), snake(member))?;
    }
    writeln!(out, "    }}\n}}\n")?;
    Ok(())
}

/// The call that reads one member.
fn call(model: &Model<'_>, member: &str, name: &str) -> Result<String> {
    let shape = model.shape(name)?;
    let (path, slot, rule) = (camel(member), snake(member), shouting(name));
    Ok(match text(shape, "type")? {
        "string" if is_sensitive(shape) => {
            format!("reader.secret_text(\"{path}\", &{rule}, &mut self.{slot})")
        }
        "string" => format!("reader.text(\"{path}\", &{rule}, &mut self.{slot})"),
        "timestamp" => format!("reader.timestamp(&mut self.{slot})"),
        "blob" if is_sensitive(shape) => {
            format!("reader.secret(\"{path}\", &{rule}, &mut self.{slot})")
        }
        "blob" => format!("reader.blob(\"{path}\", &{rule}, &mut self.{slot})"),
        "integer" => format!("reader.integer(\"{path}\", &{rule}, &mut self.{slot})"),
        "boolean" => format!("reader.boolean(&mut self.{slot})"),
        "structure" => format!("reader.structure(\"{path}\", &mut self.{slot})"),
        "map" => format!("reader.map(&mut self.{slot})"),
        "list" => {
            let of = text(&shape["member"], "shape")?;
            match text(model.shape(of)?, "type")? {
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

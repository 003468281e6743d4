//! A service model, and what is written of it whatever the protocol: operations and limits.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::names::{shouting, snake};
use super::patterns::pattern_rule;

/// An object of a model, ascending by name whatever order it was written in.
pub(super) type Members<'v> = BTreeMap<&'v str, &'v Value>;

/// The parts of a model that are read.
pub(super) struct Model<'m> {
    pub(super) metadata: &'m Value,
    pub(super) shapes: Members<'m>,
    pub(super) operations: Members<'m>,
}

impl<'m> Model<'m> {
    pub(super) fn of(model: &'m Value) -> Result<Self> {
        Ok(Self {
            metadata: &model["metadata"],
            shapes: object(model, "shapes")?,
            operations: object(model, "operations")?,
        })
    }

    pub(super) fn shape(&self, name: &str) -> Result<&'m Value> {
        self.shapes.get(name).copied().with_context(|| format!("the model has no shape {name}"))
    }

    /// The members of a structure.
    pub(super) fn members(&self, name: &str) -> Result<Members<'m>> {
        object(self.shape(name)?, "members")
    }

    /// The names of a structure's required members.
    pub(super) fn required(&self, name: &str) -> Result<Vec<&'m str>> {
        let required = self.shape(name)?["required"].as_array();
        Ok(required.into_iter().flatten().filter_map(Value::as_str).collect())
    }

    /// The enumeration of all operations.
    pub(super) fn operations(&self, out: &mut String) -> Result<()> {
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

    /// The structures that inputs are made of, and the shapes whose limits are needed to read them.
    pub(super) fn closure(&self, inputs: &BTreeSet<&str>) -> Result<(Vec<String>, BTreeSet<String>)> {
        let mut structures: Vec<String> = inputs.iter().map(ToString::to_string).collect();
        let mut rules = BTreeSet::new();
        let mut at = 0;
        while let Some(name) = structures.get(at).cloned() {
            at += 1;
            for (_, member) in self.members(&name)? {
                for found in self.within(text(member, "shape")?, &mut rules)? {
                    if !structures.contains(&found) {
                        structures.push(found);
                    }
                }
            }
        }
        structures.sort();
        Ok((structures, rules))
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

    /// The fields of a structure's type.
    pub(super) fn fields(&self, out: &mut String, name: &str) -> Result<()> {
        let required = self.required(name)?;
        writeln!(out, "/// `{name}`")?;
        writeln!(out, "#[derive(Default)]\npub struct {} {{", self.structure_type(name)?)?;
        for (member, target) in &self.members(name)? {
            let is_required = if required.contains(member) { ", required" } else { "" };
            writeln!(out, "    /// `{member}`{is_required}")?;
            writeln!(out, "    pub {}: Option<{}>,", snake(member), self.rust_type(text(target, "shape")?)?)?;
        }
        writeln!(out, "}}\n")?;
        Ok(())
    }

    /// The name of a structure's type, with a lifetime if it borrows.
    pub(super) fn structure_type(&self, name: &str) -> Result<String> {
        for (_, member) in object(self.shape(name)?, "members")? {
            if self.rust_type(text(member, "shape")?)?.contains("'a") {
                return Ok(format!("{name}<'a>"));
            }
        }
        Ok(name.to_owned())
    }

    pub(super) fn rust_type(&self, name: &str) -> Result<String> {
        let shape = self.shape(name)?;
        let sensitive = is_sensitive(shape);
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

    /// The limits of one shape.
    pub(super) fn rule(&self, out: &mut String, name: &str) -> Result<()> {
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

pub(super) fn object<'v>(value: &'v Value, key: &str) -> Result<Members<'v>> {
    let object = value[key].as_object().with_context(|| format!("the model has no object {key}"))?;
    Ok(object.iter().map(|(name, value)| (name.as_str(), value)).collect())
}

pub(super) fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str> {
    value[key].as_str().with_context(|| format!("the model has no text {key}"))
}

/// Whether nobody but the caller may see a shape's values.
pub(super) fn is_sensitive(shape: &Value) -> bool {
    shape["sensitive"] == Value::Bool(true)
}

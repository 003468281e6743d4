//! A document as it is written: what the compiled form no longer knows.

use crate::PolicyError;
use crate::json::{Member, Node};

use super::{Finding, Severity};

/// A document that is known to be a policy.
pub(super) struct Document<'a> {
    pub(super) statements: Vec<Source<'a>>,
    /// Whether `${…}` is a variable.
    fills: bool,
}

/// One statement as it is written.
pub(super) struct Source<'a> {
    /// The whole.
    pub(super) node: Node<'a>,
    members: Vec<Member<'a>>,
}

impl<'a> Document<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, PolicyError> {
        let (mut statements, mut fills) = (Vec::new(), false);
        for Member { name, value, .. } in Node::parse(text)?.members("a policy")? {
            match &*name {
                "Version" => fills = value.string("Version")? == "2012-10-17",
                "Statement" => {
                    for node in value.one_or_more("Statement")? {
                        statements.push(Source { node, members: node.members("a statement")? });
                    }
                }
                _ => {}
            }
        }
        Ok(Self { statements, fills })
    }

    /// `${…}` where it is text.
    pub(super) fn variables(&self, findings: &mut Vec<Finding>) {
        if self.fills {
            return;
        }
        for source in &self.statements {
            let resources = ["Resource", "NotResource"].iter().flat_map(|name| source.items(name));
            let values = source
                .conditions()
                .into_iter()
                .flat_map(|block| block.entries)
                .flat_map(|entry| entry.value.one_or_more("a condition's value").unwrap_or_default());
            for node in resources.chain(values) {
                if node.string("a text").is_ok_and(|text| text.contains("${")) {
                    findings.push(Finding::at(
                        &node,
                        Severity::Warning,
                        "variable-literal",
                        "in this version of the language ${…} is plain text; write \"Version\": \"2012-10-17\"",
                    ));
                }
            }
        }
    }
}

/// The keys that one operator of a `Condition` asks for.
pub(super) struct Block<'a> {
    pub(super) entries: Vec<Member<'a>>,
}

impl<'a> Source<'a> {
    pub(super) fn member(&self, name: &str) -> Option<&Member<'a>> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The place of an element, or of the statement where it has none.
    pub(super) fn place(&self, names: &[&str]) -> Node<'a> {
        names.iter().find_map(|name| self.member(name)).map_or(self.node, |member| member.at)
    }

    /// The entries of an element; none where it is not there.
    pub(super) fn items(&self, name: &str) -> Vec<Node<'a>> {
        self.member(name).and_then(|member| member.value.one_or_more(name).ok()).unwrap_or_default()
    }

    /// The texts of an element's entries.
    pub(super) fn texts(&self, name: &str) -> Vec<(Node<'a>, String)> {
        let text = |node: Node<'a>| node.string(name).ok().map(|text| (node, text));
        self.items(name).into_iter().filter_map(text).collect()
    }

    pub(super) fn conditions(&self) -> Vec<Block<'a>> {
        let blocks = self.member("Condition").and_then(|member| member.value.members("Condition").ok());
        let block = |block: Member<'a>| block.value.members("keys").ok().map(|entries| Block { entries });
        blocks.unwrap_or_default().into_iter().filter_map(block).collect()
    }

    /// The places of all condition keys, in the order in which they are compiled.
    pub(super) fn condition_places(&self) -> Vec<Node<'a>> {
        self.conditions().into_iter().flat_map(|block| block.entries).map(|entry| entry.at).collect()
    }

    /// An element in one spelling, without regard to spaces and order; empty where it is not there.
    pub(super) fn normal(&self, name: &str) -> String {
        let value = self.member(name).map(|member| member.value.json());
        value.map_or_else(String::new, |value| value.to_string())
    }
}

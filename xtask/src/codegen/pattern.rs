//! From a pattern of the model to what `fronts/http/src/aws/pattern.rs` matches: classes, groups, alternatives and
//! counted repetition, which is all that the model uses.

use anyhow::{Context, Result, bail, ensure};

/// The value of a `Pattern` as it stands in the wire types.
pub fn rule(pattern: &str) -> Result<String> {
    let form = match one_class(pattern)? {
        Some((chars_min, class)) => {
            format!("Form::Class {{ chars_min: {chars_min}, class: &{} }}", spelled(class))
        }
        None => {
            let steps = compiled(pattern).with_context(|| format!("the pattern {pattern}"))?;
            format!("Form::Steps(&[{}])", steps.join(", "))
        }
    };
    Ok(format!("Pattern {{ text: {pattern:?}, form: {form} }}"))
}

/// Most steps that the matcher walks.
const STEPS_MAX: usize = 127;

type Class = Vec<(char, char)>;

fn spelled(mut class: Class) -> String {
    class.sort_unstable();
    let ranges: Vec<String> = class.iter().map(|(from, to)| format!("({from:?}, {to:?})")).collect();
    format!("[{}]", ranges.join(", "))
}

/// A pattern that is one class of characters, repeated without an upper bound.
fn one_class(pattern: &str) -> Result<Option<(usize, Class)>> {
    let body = pattern.strip_prefix('^').unwrap_or(pattern);
    let body = body.strip_suffix('$').unwrap_or(body);
    let (body, least) = match (body.strip_suffix('+'), body.strip_suffix('*')) {
        (Some(body), _) => (body, 1),
        (_, Some(body)) => (body, 0),
        _ => return Ok(None),
    };
    match body.strip_prefix('[').and_then(|body| body.strip_suffix(']')) {
        Some(class) if !class.contains(['[', ']']) => Ok(Some((least, class_ranges(class)?))),
        _ => Ok(None),
    }
}

// --- Patterns of more than one part ----------------------------------------------------------------------------

enum Node {
    One(Class),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Node>, usize, Option<usize>),
}

fn compiled(pattern: &str) -> Result<Vec<String>> {
    let mut parser = Parser { rest: pattern };
    let tree = parser.either()?;
    ensure!(parser.rest.is_empty(), "{:?} is left over", parser.rest);
    let mut steps = Vec::new();
    emit(&tree, &mut steps);
    ensure!(steps.len() <= STEPS_MAX, "it takes {} steps; {STEPS_MAX} are walked", steps.len());
    Ok(steps)
}

struct Parser<'p> {
    rest: &'p str,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Node> {
        let mut ways = vec![self.sequence()?];
        while self.eat('|') {
            ways.push(self.sequence()?);
        }
        Ok(Node::Either(ways))
    }

    fn sequence(&mut self) -> Result<Node> {
        let mut parts = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            // The whole text has to match, so these say nothing more.
            if self.eat('^') || self.eat('$') {
                continue;
            }
            let part = self.part()?;
            parts.push(self.repeated(part)?);
        }
        Ok(Node::Sequence(parts))
    }

    fn part(&mut self) -> Result<Node> {
        let first = self.rest.chars().next().context("it ends early")?;
        self.rest = &self.rest[first.len_utf8()..];
        Ok(match first {
            '(' => {
                self.eat_text("?:");
                let inner = self.either()?;
                ensure!(self.eat(')'), "a group does not end");
                inner
            }
            '[' => {
                let end = self.rest.find(']').context("a class does not end")?;
                let class = class_ranges(&self.rest[..end])?;
                self.rest = &self.rest[end + 1..];
                Node::One(class)
            }
            '.' => Node::One(vec![('\0', '\t'), ('\u{b}', '\u{c}'), ('\u{e}', char::MAX)]),
            '\\' => {
                let escaped = self.rest.chars().next().context("a lone backslash")?;
                self.rest = &self.rest[escaped.len_utf8()..];
                Node::One(class_ranges(&format!("\\{escaped}"))?)
            }
            '{' | '}' | '+' | '*' | '?' => bail!("{first:?} repeats nothing"),
            other => Node::One(vec![(other, other)]),
        })
    }

    fn repeated(&mut self, part: Node) -> Result<Node> {
        let (least, most) = match self.rest.chars().next() {
            Some('+') => (1, None),
            Some('*') => (0, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let end = self.rest.find('}').context("a count does not end")?;
                let count = &self.rest[1..end];
                self.rest = &self.rest[end..];
                match count.split_once(',') {
                    None => (count.parse()?, Some(count.parse()?)),
                    Some((least, "")) => (least.parse()?, None),
                    Some((least, most)) => (least.parse()?, Some(most.parse()?)),
                }
            }
            _ => return Ok(part),
        };
        self.rest = &self.rest[1..];
        Ok(Node::Repeat(Box::new(part), least, most))
    }

    fn eat(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn eat_text(&mut self, text: &str) {
        self.rest = self.rest.strip_prefix(text).unwrap_or(self.rest);
    }
}

fn emit(node: &Node, steps: &mut Vec<String>) {
    match node {
        Node::One(class) => steps.push(format!("Step::One(&{})", spelled(class.clone()))),
        Node::Sequence(parts) => parts.iter().for_each(|part| emit(part, steps)),
        Node::Either(ways) => emit_either(ways, steps),
        Node::Repeat(part, least, most) => {
            (0..*least).for_each(|_| emit(part, steps));
            match most {
                None => {
                    let start = steps.len();
                    steps.push(String::new());
                    emit(part, steps);
                    steps.push(format!("Step::Go({start})"));
                    steps[start] = format!("Step::Either({}, {})", start + 1, steps.len());
                }
                Some(most) => {
                    let mut forks = Vec::new();
                    for _ in *least..*most {
                        forks.push(steps.len());
                        steps.push(String::new());
                        emit(part, steps);
                    }
                    let end = steps.len();
                    forks.iter().for_each(|at| steps[*at] = format!("Step::Either({}, {end})", at + 1));
                }
            }
        }
    }
}

fn emit_either(ways: &[Node], steps: &mut Vec<String>) {
    let Some((last, others)) = ways.split_last() else { return };
    let mut ends = Vec::new();
    for way in others {
        let fork = steps.len();
        steps.push(String::new());
        emit(way, steps);
        ends.push(steps.len());
        steps.push(String::new());
        steps[fork] = format!("Step::Either({}, {})", fork + 1, steps.len());
    }
    emit(last, steps);
    let end = steps.len();
    ends.iter().for_each(|at| steps[*at] = format!("Step::Go({end})"));
}

// --- Classes ---------------------------------------------------------------------------------------------------

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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn one_class_repeated_is_told_from_other_patterns() {
        assert!(rule("^[a-z]+$").expect("a pattern").contains("Form::Class { chars_min: 1"));
        assert!(rule("^[a-z]+[0-9]+$").expect("a pattern").contains("Form::Steps"));
    }

    #[test]
    fn repetition_and_alternatives_become_steps() {
        let steps = |pattern| compiled(pattern).expect("a pattern").join(" ");
        assert_eq!(
            steps("^a+$"),
            "Step::One(&[('a', 'a')]) Step::Either(2, 4) Step::One(&[('a', 'a')]) Step::Go(1)"
        );
        assert_eq!(steps("(a)?"), "Step::Either(1, 2) Step::One(&[('a', 'a')])");
        assert_eq!(
            steps("^a$|^b$"),
            "Step::Either(1, 3) Step::One(&[('a', 'a')]) Step::Go(4) Step::One(&[('b', 'b')])"
        );
        assert_eq!(steps("\\d{2}"), "Step::One(&[('0', '9')]) Step::One(&[('0', '9')])");
    }

    #[test]
    fn a_pattern_that_is_not_understood_is_refused() {
        for odd in ["(a", "[a", "a{2", "+a", "a{130}", "a)"] {
            assert!(rule(odd).is_err(), "{odd}");
        }
    }
}

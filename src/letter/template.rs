//! `{{field}}` and `{{field|fallback}}` in a text. Parsing keeps spans, so that an editor can mark what it found.

use crate::rows::fields::is_word;
use std::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    Text(&'a str),
    Field { name: &'a str, fallback: Option<&'a str>, span: Range<usize> },
}

/// A parsed text. There is nothing that cannot be parsed: braces that name no field are text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template<'a> {
    pub parts: Vec<Part<'a>>,
}

pub fn parse(source: &str) -> Template<'_> {
    let (mut parts, mut done) = (Vec::new(), 0);
    while let Some(open) = source[done..].find("{{").map(|place| done + place) {
        let Some(close) = source[open + 2..].find("}}").map(|place| open + 2 + place) else { break };
        let inside = &source[open + 2..close];
        // The innermost pair counts: `{{ {{name}}` is text and a field.
        if let Some(later) = inside.rfind("{{") {
            parts.push(Part::Text(&source[done..open + 2 + later]));
            done = open + 2 + later;
            continue;
        }
        let (name, fallback) = inside.split_once('|').map_or((inside, None), |(name, fallback)| (name, Some(fallback.trim())));
        if is_name(name.trim()) {
            parts.push(Part::Text(&source[done..open]));
            parts.push(Part::Field { name: name.trim(), fallback, span: open..close + 2 });
        } else {
            parts.push(Part::Text(&source[done..close + 2]));
        }
        done = close + 2;
    }
    parts.push(Part::Text(&source[done..]));
    parts.retain(|part| *part != Part::Text(""));
    Template { parts }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| is_word(character) || character == '_')
}

impl<'a> Template<'a> {
    /// The text with every field filled in: by its value, else its fallback, else nothing.
    pub fn fill<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Field { name, fallback, .. } => {
                    let found = value(name).map(str::trim).filter(|found| !found.is_empty());
                    text.push_str(found.or(*fallback).unwrap_or_default());
                }
            }
        }
        text
    }

    pub fn fields(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field { name, fallback, .. } => Some((*name, *fallback)),
            Part::Text(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled() {
        let check = |source: &str, expected: &str| {
            let value = |name: &str| match name {
                "displayName" => Some("Ada {{company}}"),
                "company" => Some(" "),
                _ => None,
            };
            assert_eq!(parse(source).fill(value), expected, "{source}");
        };
        check("Hi {{displayName}}!", "Hi Ada {{company}}!");
        check("{{ displayName }}", "Ada {{company}}");
        check("{{company|your company}}", "your company");
        check("{{company}}|", "|");
        check("{{unknown|there}}", "there");
        check("{{unknown}}", "");
        check("{{not a name}} {{}} {{", "{{not a name}} {{}} {{");
        check("{{ {{displayName}} }}", "{{ Ada {{company}} }}");
        check("{displayName} }}{{", "{displayName} }}{{");
        check("ü{{größe|ß}}ü", "üßü");
        check("", "");
    }

    #[test]
    fn spans_point_into_the_source() {
        let source = "ü {{a}} {{b|c}}";
        let spans: Vec<&str> = parse(source)
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Field { span, .. } => Some(&source[span.clone()]),
                Part::Text(_) => None,
            })
            .collect();
        assert_eq!(spans, ["{{a}}", "{{b|c}}"]);
    }
}

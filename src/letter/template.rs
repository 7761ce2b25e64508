//! `{{field}}`, `{{field|fallback}}` and `{{#if field}}…{{else}}…{{/if}}` in a text. Parsing keeps spans, so that an editor can
//! mark what it found, and never fails: what cannot be understood stays as it was typed and is named as a mistake.

use crate::rows::fields::is_word;
use crate::rows::is_invisible;
use std::borrow::Cow;
use std::ops::Range;

/// A parsed text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template<'a> {
    parts: Vec<TemplatePart<'a>>,
    pub mistakes: Vec<Mistake>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum TemplatePart<'a> {
    Text(&'a str),
    Field(Field<'a>),
    /// What stands there when the field has a value, and when it has none.
    If(Field<'a>, Vec<TemplatePart<'a>>, Vec<TemplatePart<'a>>),
}

/// A place where a field is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    pub name: &'a str,
    pub fallback: Option<&'a str>,
    /// It is asked about and not shown.
    pub is_condition: bool,
    /// Bytes of the source, braces included.
    pub span: Range<usize>,
}

/// What cannot be meant as it stands. It is sent as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub what: MistakeKind,
    /// Bytes of the source.
    pub span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MistakeKind {
    /// `{{#if company}}` without its end.
    NotClosed,
    /// `{{/if}}` without its beginning.
    NotOpened,
    /// `{{else}}` outside a condition, or a second one.
    StrayElse,
    /// `{{#each x}}`, `{{first name}}`, `{{}}`
    NoField,
    /// `{{` without `}}`
    NoBraces,
    /// `{{#if a}}` within [`MOST_DEPTH`] others.
    TooDeep,
}

impl MistakeKind {
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotClosed => "This condition has no {{/if}}.",
            Self::NotOpened => "There is no {{#if …}} before this.",
            Self::StrayElse => "{{else}} belongs between {{#if …}} and {{/if}}, once.",
            Self::NoField => "This names no field: {{field}}, {{field|fallback}} or {{#if field}}.",
            Self::NoBraces => "The braces are not closed.",
            Self::TooDeep => "Conditions stand in each other more than 20 deep. Take some apart.",
        }
    }
}

/// Where the parts of a filled text come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceSource {
    Typed,
    Value,
    Fallback,
    /// A field without a value and without a fallback; the piece is empty.
    Gap,
}

/// A filled text, piece by piece. It may hold a redeem link, so `Debug` prints nothing of what values were filled in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Filled {
    pub pieces: Vec<(PieceSource, String)>,
}

impl std::fmt::Debug for Filled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown =
            |(source, text): &(PieceSource, String)| (*source, if *source == PieceSource::Value { "…".to_owned() } else { text.clone() });
        f.debug_list().entries(self.pieces.iter().map(shown)).finish()
    }
}

impl Filled {
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// Conditions within conditions. What is built of them is walked by functions that call themselves, and a browser's stack is
/// small.
pub const MOST_DEPTH: usize = 20;

/// What stands between two braces.
enum Tag<'a> {
    Field(&'a str, Option<&'a str>),
    If(&'a str),
    Else,
    End,
    Unknown,
}

impl<'a> Tag<'a> {
    fn read(inside: &'a str) -> Self {
        let inside = bare(inside);
        match inside {
            "else" => return Self::Else,
            "/if" => return Self::End,
            _ => {}
        }
        if let Some(condition) = inside.strip_prefix("#if").filter(|rest| rest.starts_with(char::is_whitespace)) {
            let name = bare(condition);
            return if is_name(name) { Self::If(name) } else { Self::Unknown };
        }
        let (name, fallback) = inside.split_once('|').map_or((inside, None), |(name, fallback)| (name, Some(bare(fallback))));
        let name = bare(name);
        if is_name(name) { Self::Field(name, fallback) } else { Self::Unknown }
    }

    const fn is_block(&self) -> bool {
        matches!(self, Self::If(_) | Self::Else | Self::End)
    }
}

/// Without blanks and without the invisible signs that come along when a text is copied from a web page or a mail.
fn bare(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || is_invisible(character))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| is_word(character) || character == '_')
}

/// A condition that is being read: its field, what stood before it, and, behind `{{else}}`, what holds otherwise.
struct Open<'a> {
    field: Field<'a>,
    /// What it takes of the source, which may be its whole line.
    whole: Range<usize>,
    before: Vec<TemplatePart<'a>>,
    then: Option<(Vec<TemplatePart<'a>>, Range<usize>)>,
}

pub fn parse(source: &str) -> Template<'_> {
    let mut template = Template::default();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut parts = Vec::new();
    let mut done = 0;
    // Conditions in hand that are too deep, and taken for text.
    let mut too_deep = 0_usize;
    let mistake =
        |template: &mut Template<'_>, what: MistakeKind, span: &Range<usize>| template.mistakes.push(Mistake { what, span: span.clone() });
    let mut next = 0;
    while let Some(start) = source[next..].find("{{").map(|place| next + place) {
        let Some(close) = source[start + 2..].find("}}").map(|place| start + 2 + place) else {
            mistake(&mut template, MistakeKind::NoBraces, &(start..start + 2));
            break;
        };
        // Of three braces the inner two count.
        let start = if source[start + 2..close].starts_with('{') { start + 1 } else { start };
        let inside = &source[start + 2..close];
        // The innermost pair counts: `{{ {{name}}` is text and a field.
        if let Some(later) = inside.rfind("{{") {
            mistake(&mut template, MistakeKind::NoBraces, &(start..start + 2));
            next = start + 2 + later;
            continue;
        }
        let span = start..close + 2;
        let tag = Tag::read(inside);
        next = span.end;
        // A condition that has a line of its own takes the line with it, as Handlebars has it.
        let whole = if tag.is_block() { own_line(source, &span, done) } else { span.clone() };
        let field = |name, fallback, is_condition| Field { name, fallback, is_condition, span: span.clone() };
        let depth = open.len();
        match (tag, open.last_mut()) {
            (Tag::If(_), _) if depth >= MOST_DEPTH => {
                // The outermost is named; those in it go with it.
                if too_deep == 0 {
                    mistake(&mut template, MistakeKind::TooDeep, &span);
                }
                too_deep += 1;
                continue;
            }
            (Tag::Else, _) if too_deep > 0 => continue,
            (Tag::End, _) if too_deep > 0 => {
                too_deep -= 1;
                continue;
            }
            (Tag::Field(name, fallback), _) => {
                text(&mut parts, &source[done..span.start]);
                parts.push(TemplatePart::Field(field(name, fallback, false)));
            }
            (Tag::If(name), _) => {
                text(&mut parts, &source[done..whole.start]);
                open.push(Open { field: field(name, None, true), whole: whole.clone(), before: std::mem::take(&mut parts), then: None });
            }
            (Tag::Else, Some(condition)) if condition.then.is_none() => {
                text(&mut parts, &source[done..whole.start]);
                condition.then = Some((std::mem::take(&mut parts), whole.clone()));
            }
            (Tag::End, Some(_)) => {
                text(&mut parts, &source[done..whole.start]);
                if let Some(condition) = open.pop() {
                    let last = std::mem::replace(&mut parts, condition.before);
                    let (then, otherwise) = match condition.then {
                        Some((then, _)) => (then, last),
                        None => (last, Vec::new()),
                    };
                    parts.push(TemplatePart::If(condition.field, then, otherwise));
                }
            }
            (stray, _) => {
                let what = match stray {
                    Tag::Else => MistakeKind::StrayElse,
                    Tag::End => MistakeKind::NotOpened,
                    _ => MistakeKind::NoField,
                };
                mistake(&mut template, what, &span);
                continue;
            }
        }
        done = whole.end;
    }
    text(&mut parts, &source[done..]);
    // What was never closed is text up to where it was opened, and what stood in it counts as if there were no condition.
    while let Some(condition) = open.pop() {
        mistake(&mut template, MistakeKind::NotClosed, &condition.field.span);
        let inner = std::mem::replace(&mut parts, condition.before);
        text(&mut parts, &source[condition.whole]);
        if let Some((then, between)) = condition.then {
            parts.extend(then);
            text(&mut parts, &source[between]);
        }
        parts.extend(inner);
    }
    template.mistakes.sort_by_key(|mistake| mistake.span.start);
    template.parts = parts;
    template
}

fn text<'a>(parts: &mut Vec<TemplatePart<'a>>, text: &'a str) {
    if !text.is_empty() {
        parts.push(TemplatePart::Text(text));
    }
}

/// The whole line where nothing else but blanks stands on it, from `done` on; else the span itself.
fn own_line(source: &str, span: &Range<usize>, done: usize) -> Range<usize> {
    let before = &source[..span.start];
    let start = before.trim_end_matches([' ', '\t']).len();
    let begins = start == 0 || source[..start].ends_with('\n');
    let rest = &source[span.end..];
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let rest = &rest[blank..];
    let end = if rest.is_empty() { Some(0) } else { ["\r\n", "\n"].iter().find(|end| rest.starts_with(**end)).map(|end| end.len()) };
    match end {
        Some(end) if begins && start >= done => start..span.end + blank + end,
        _ => span.clone(),
    }
}

impl<'a> Template<'a> {
    /// The text with every field filled in: by its value, else its fallback, else nothing. A field has a value when there is
    /// more than blanks.
    pub fn fill<'v>(&self, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> Filled {
        let mut filled = Filled::default();
        fill(&self.parts, &|name: &str| value(name).filter(|value| !value.trim().is_empty()), &mut filled.pieces);
        filled
    }

    /// Every place where a field is named, in the order of the text.
    pub fn fields(&self) -> Vec<&Field<'a>> {
        let mut fields = Vec::new();
        collect(&self.parts, &mut fields);
        fields
    }

    /// Fields that leave a gap where they have no value: without a fallback, and not inside a condition that asks about them.
    pub fn needed(&self) -> Vec<&'a str> {
        let mut needed = Vec::new();
        need(&self.parts, &mut Vec::new(), &mut needed);
        needed
    }

    /// Whether the field is named anywhere.
    pub fn names(&self, name: &str) -> bool {
        self.fields().iter().any(|field| field.name == name)
    }
}

fn fill<'v>(parts: &[TemplatePart<'_>], value: &impl Fn(&str) -> Option<Cow<'v, str>>, pieces: &mut Vec<(PieceSource, String)>) {
    for part in parts {
        match part {
            TemplatePart::Text(plain) => pieces.push((PieceSource::Typed, (*plain).to_owned())),
            TemplatePart::Field(field) => pieces.push(match (value(field.name), field.fallback) {
                (Some(value), _) => (PieceSource::Value, value.trim().to_owned()),
                (None, Some(fallback)) => (PieceSource::Fallback, fallback.to_owned()),
                (None, None) => (PieceSource::Gap, String::new()),
            }),
            TemplatePart::If(field, then, otherwise) => fill(if value(field.name).is_some() { then } else { otherwise }, value, pieces),
        }
    }
}

fn collect<'t, 'a>(parts: &'t [TemplatePart<'a>], fields: &mut Vec<&'t Field<'a>>) {
    for part in parts {
        match part {
            TemplatePart::Text(_) => {}
            TemplatePart::Field(field) => fields.push(field),
            TemplatePart::If(field, then, otherwise) => {
                fields.push(field);
                collect(then, fields);
                collect(otherwise, fields);
            }
        }
    }
}

fn need<'a>(parts: &[TemplatePart<'a>], asked: &mut Vec<&'a str>, needed: &mut Vec<&'a str>) {
    for part in parts {
        match part {
            TemplatePart::Field(field) if field.fallback.is_none() && !asked.contains(&field.name) && !needed.contains(&field.name) => {
                needed.push(field.name);
            }
            TemplatePart::Text(_) | TemplatePart::Field(_) => {}
            TemplatePart::If(field, then, otherwise) => {
                asked.push(field.name);
                need(then, asked, needed);
                asked.pop();
                need(otherwise, asked, needed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<Cow<'static, str>> {
        match name {
            "displayName" => Some("Ada {{company}}".into()),
            "firstName" => Some(" Ada ".into()),
            "company" => Some(" ".into()),
            "größe" => Some("XL".into()),
            "שם" => Some("עדה".into()),
            "名" => Some("愛".into()),
            _ => None,
        }
    }

    fn check(source: &str, expected: &str, mistakes: &[MistakeKind]) {
        let template = parse(source);
        assert_eq!(template.fill(value).text(), expected, "{source:?}");
        let found: Vec<MistakeKind> = template.mistakes.iter().map(|mistake| mistake.what).collect();
        assert_eq!(found, mistakes, "{source:?}");
        for span in template.fields().iter().map(|field| &field.span).chain(template.mistakes.iter().map(|mistake| &mistake.span)) {
            assert!(source.get(span.clone()).is_some_and(|text| text.starts_with("{{")), "{source:?} {span:?}");
        }
    }

    #[test]
    fn what_is_printed_for_developers_holds_no_value() {
        let filled = parse("Dear {{displayName}}, {{rank|friend}}").fill(value);
        assert!(filled.text().contains("Ada"));
        assert_eq!(format!("{filled:?}"), r#"[(Typed, "Dear "), (Value, "…"), (Typed, ", "), (Fallback, "friend")]"#);
    }

    #[test]
    fn fields_are_filled() {
        check("Hi {{displayName}}!", "Hi Ada {{company}}!", &[]);
        check("{{ displayName }}", "Ada {{company}}", &[]);
        check("{{firstName}}.", "Ada.", &[]);
        check("{{company|your company}}", "your company", &[]);
        check("{{company | your company }}", "your company", &[]);
        check("{{company|a|b}}", "a|b", &[]);
        check("{{company}}|", "|", &[]);
        check("{{company|}}", "", &[]);
        check("{{unknown|there}}", "there", &[]);
        check("{{unknown}}", "", &[]);
        check("ü{{größe|ß}}ü", "üXLü", &[]);
        check("{{שם}} שלום", "עדה שלום", &[]);
        check("{{名}}様", "愛様", &[]);
        check("{{a_b|x}}", "x", &[]);
        check("{{{firstName}}}", "{Ada}", &[]);
        check("{{\u{200b}firstName\u{feff}|\u{200e}you\u{200b}}}", "Ada", &[]);
        check("{{#if \u{ad}firstName\u{a0}}}yes{{\u{200b}else}}no{{/if\u{2060}}}", "yes", &[]);
        check("{{unknown\u{200b}|\u{200b}there}}", "there", &[]);
        check("", "", &[]);
    }

    #[test]
    fn conditions_choose_and_nest() {
        check("{{#if firstName}}yes{{/if}}", "yes", &[]);
        check("{{#if company}}yes{{/if}}", "", &[]);
        check("{{#if company}}yes{{else}}no{{/if}}", "no", &[]);
        check("{{#if firstName}}{{firstName}}{{else}}no{{/if}}", "Ada", &[]);
        check("{{# if firstName}}x{{/if}}", "{{# if firstName}}x{{/if}}", &[MistakeKind::NoField, MistakeKind::NotOpened]);
        check("{{#if firstName}}{{#if company}}a{{else}}b{{/if}}{{else}}c{{/if}}", "b", &[]);
        check("{{#if company}}a{{else}}{{#if firstName}}b{{else}}c{{/if}}{{/if}}", "b", &[]);
        check("{{#if a}}1{{/if}}{{#if firstName}}2{{/if}}{{#if b}}3{{/if}}", "2", &[]);
        check("{{ #if firstName }}x{{ else }}y{{ /if }}", "x", &[]);
        check("{{#if 名}}{{名}}様{{/if}}", "愛様", &[]);
        check("{{#if\tfirstName}}x{{/if}}", "x", &[]);
    }

    #[test]
    fn a_condition_on_a_line_of_its_own_leaves_no_line_behind() {
        check("a\n{{#if firstName}}\nb\n{{/if}}\nc", "a\nb\nc", &[]);
        check("a\n{{#if company}}\nb\n{{/if}}\nc", "a\nc", &[]);
        check("a\n  {{#if company}}  \nb\n\t{{else}}\nd\n{{/if}}\nc", "a\nd\nc", &[]);
        check("a\n{{#if firstName}} \t\nb\n {{/if}}  \nc", "a\nb\nc", &[]);
        check("a\r\n{{#if firstName}}\r\nb\r\n{{/if}}\r\nc", "a\r\nb\r\nc", &[]);
        check("a {{#if firstName}}\nb\n{{/if}}\nc", "a \nb\nc", &[]);
        check("{{#if firstName}}\nb\n{{/if}}", "b\n", &[]);
        check("{{#if firstName}}{{#if firstName}}\nb{{/if}}{{/if}}", "\nb", &[]);
        // A field on a line of its own keeps it.
        check("a\n{{company}}\nc", "a\n\nc", &[]);
    }

    #[test]
    fn what_cannot_be_meant_is_named_and_stays() {
        check("{{not a name}} {{}} {{", "{{not a name}} {{}} {{", &[MistakeKind::NoField, MistakeKind::NoField, MistakeKind::NoBraces]);
        check("{{ {{firstName}} }}", "{{ Ada }}", &[MistakeKind::NoBraces]);
        check("{{ or so {{firstName}}", "{{ or so Ada", &[MistakeKind::NoBraces]);
        check("{displayName} }}{{", "{displayName} }}{{", &[MistakeKind::NoBraces]);
        check("{{/if}}", "{{/if}}", &[MistakeKind::NotOpened]);
        check("{{else}}", "{{else}}", &[MistakeKind::StrayElse]);
        check("{{#if firstName}}a", "{{#if firstName}}a", &[MistakeKind::NotClosed]);
        check("{{#if company}}a{{else}}b", "{{#if company}}a{{else}}b", &[MistakeKind::NotClosed]);
        check("{{#if firstName}}a{{else}}b{{else}}c{{/if}}", "a", &[MistakeKind::StrayElse]);
        check("{{#if firstName}}{{#if company}}a{{/if}}", "{{#if firstName}}", &[MistakeKind::NotClosed]);
        check("a\n{{#if x}}\nb\n{{else}}\nc", "a\n{{#if x}}\nb\n{{else}}\nc", &[MistakeKind::NotClosed]);
        check("{{#each rows}}a{{/each}}", "{{#each rows}}a{{/each}}", &[MistakeKind::NoField, MistakeKind::NoField]);
        check("{{#if}}a{{/if}}", "{{#if}}a{{/if}}", &[MistakeKind::NoField, MistakeKind::NotOpened]);
        check("{{#if first name}}a{{/if}}", "{{#if first name}}a{{/if}}", &[MistakeKind::NoField, MistakeKind::NotOpened]);
        check("{{#iffy}}", "{{#iffy}}", &[MistakeKind::NoField]);
        check("{{!comment}}", "{{!comment}}", &[MistakeKind::NoField]);
    }

    /// Every sequence of up to four of these bits: whatever it is, what is typed and no tag is there once, mistakes point at
    /// braces, and a text without mistakes holds no tag any more.
    #[test]
    fn every_short_text_is_understood_or_named() {
        let bits = ["{{#if firstName}}", "{{#if company}}", "{{else}}", "{{/if}}", "{{firstName}}", ".", "{{", "}}", "\n"];
        let mut texts = vec![String::new()];
        let mut tried = 0;
        for _ in 0..4 {
            texts = texts.iter().flat_map(|text| bits.iter().map(move |bit| format!("{text}{bit}"))).collect();
            for text in &texts {
                tried += 1;
                let template = parse(text);
                let filled = template.fill(value).text();
                let opens = text.matches("{{#if").count();
                let closes = text.matches("{{/if}}").count();
                if template.mistakes.is_empty() {
                    assert_eq!(opens, closes, "{text:?}");
                    assert!(!filled.contains("{{"), "{text:?} became {filled:?}");
                }
                for mistake in &template.mistakes {
                    assert!(text[mistake.span.clone()].starts_with("{{"), "{text:?}");
                }
                let shown = if opens == 0 && closes == 0 { text.matches('.').count() } else { 0 };
                assert!(filled.matches('.').count() >= shown, "{text:?}");
            }
        }
        assert_eq!(tried, 9 + 81 + 729 + 6561);
    }

    #[test]
    fn spans_point_into_the_source_and_pieces_know_their_source() {
        let source = "ü {{a}} {{b|c}}{{#if d}}{{firstName}}{{/if}}";
        let template = parse(source);
        let spans: Vec<&str> = template.fields().iter().map(|field| &source[field.span.clone()]).collect();
        assert_eq!(spans, ["{{a}}", "{{b|c}}", "{{#if d}}", "{{firstName}}"]);
        assert_eq!(parse("{{a}}{{b|c}}{{#if d}}{{d}}{{e}}{{else}}{{d}}{{/if}}{{a}}").needed(), ["a", "e", "d"]);
        let pieces = parse("Hi {{a}}{{b|c}} {{firstName}}").fill(value).pieces;
        let sources: Vec<PieceSource> = pieces.iter().map(|(source, _)| *source).collect();
        assert_eq!(sources, [PieceSource::Typed, PieceSource::Gap, PieceSource::Fallback, PieceSource::Typed, PieceSource::Value]);
    }

    #[test]
    fn conditions_may_nest_twenty_deep_and_a_hundred_thousand_do_no_harm() {
        let nested = |depth: usize, end: &str| format!("{}x{}", "{{#if firstName}}".repeat(depth), end.repeat(depth));
        check(&nested(MOST_DEPTH, "{{/if}}"), "x", &[]);
        check(&nested(MOST_DEPTH, "{{else}}y{{/if}}"), "x", &[]);
        check(&nested(MOST_DEPTH + 1, "{{/if}}"), "{{#if firstName}}x{{/if}}", &[MistakeKind::TooDeep]);
        let within = format!(
            "{}{{{{#if company}}}}x{{{{else}}}}y{{{{/if}}}}{}",
            "{{#if firstName}}".repeat(MOST_DEPTH),
            "{{else}}z{{/if}}".repeat(MOST_DEPTH)
        );
        check(&within, "{{#if company}}x{{else}}y{{/if}}", &[MistakeKind::TooDeep]);
        assert!(MistakeKind::TooDeep.words().contains(&format!(" {MOST_DEPTH} ")));
        for end in ["{{/if}}", "{{else}}y{{/if}}", "", "{{else}}"] {
            let source = nested(100_000, end);
            let template = parse(&source);
            assert_eq!(template.mistakes.iter().filter(|mistake| mistake.what == MistakeKind::TooDeep).count(), 1);
            assert!(template.fill(value).text().contains('x') && template.needed().is_empty());
            assert_eq!(template.names("firstName"), end.ends_with("{{/if}}"));
            assert!(template.clone() == template && !format!("{template:?}").is_empty());
        }
    }
}

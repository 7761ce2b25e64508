//! What an editor of a letter needs to know: what to mark, what is wrong and how to fix it, what could be meant at the caret.

use super::foreign;
use super::template::{self, Field, MistakeKind};
use super::values::{self, KNOWN};
use crate::rows::List;
use std::ops::Range;

/// How a stretch of the source is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Plain,
    Field,
    /// Cannot be meant as it stands, or names no field of the list.
    Wrong,
}

/// Something to fix before the letter can be sent, with a way to do so when one is plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterIssue {
    /// Bytes of the source.
    pub span: Range<usize>,
    pub words: String,
    pub fix: Option<TextFix>,
    /// What it is called when somebody says that it is meant as it stands; nothing when that cannot be.
    pub as_typed: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFix {
    /// What the button says.
    pub words: String,
    /// Bytes of the source, and what comes in their place.
    pub span: Range<usize>,
    pub by: String,
}

/// Everything in this text that cannot be sent as it is, in the order of the text. `as_typed` holds what looks like a placeholder
/// of another program and is meant as it stands.
pub fn faults(source: &str, list: &List, as_typed: &[String]) -> Vec<LetterIssue> {
    let template = template::parse(source);
    let of_fields = template.fields().into_iter().filter_map(|field| check_field(source, list, field));
    let mistakes = template.mistakes.iter().map(|mistake| {
        let typed = &source[mistake.span.clone()];
        let words = format!("{typed} {}", mistake.what.words());
        LetterIssue { span: mistake.span.clone(), words, fix: fix(source, list, mistake), as_typed: None }
    });
    let foreign = foreign_faults(source, list, as_typed);
    // Of `{{{name}}}` and of `{{name}` the whole is said to be wrong, and not what stands between two of its braces or opens it.
    let is_outside =
        |fault: &LetterIssue| !foreign.iter().any(|other| other.span.start <= fault.span.start && fault.span.end <= other.span.end);
    let mut faults: Vec<LetterIssue> = of_fields.chain(mistakes).filter(is_outside).collect();
    faults.extend(foreign);
    faults.sort_by_key(|fault| fault.span.start);
    faults
}

/// Placeholders of other programs, in the order of the text; none overlaps another.
fn foreign_faults(source: &str, list: &List, as_typed: &[String]) -> Vec<LetterIssue> {
    let placeholders = foreign::placeholders(source, list).into_iter();
    placeholders.filter_map(|placeholder| check_placeholder(source, placeholder, as_typed)).collect()
}

/// A field that nobody knows, or whose fallback is written as other programs do.
fn check_field(source: &str, list: &List, field: &Field<'_>) -> Option<LetterIssue> {
    let typed = &source[field.span.clone()];
    let is_known = values::is_known(list, field.name);
    let meant = if is_known { Some(field.name.to_owned()) } else { foreign::meant(list, field.name) };
    if let Some(wanted) = field.fallback.and_then(foreign::foreign_fallback) {
        let fix = meant.map(|meant| {
            let by = wanted.map_or_else(|| format!("{{{{{meant}}}}}"), |fallback| format!("{{{{{meant}|{fallback}}}}}"));
            TextFix { words: format!("Use {by}"), span: field.span.clone(), by }
        });
        let words = format!("{typed} has a fallback in the manner of another program; its quotes and filters would be printed.");
        return Some(LetterIssue { span: field.span.clone(), words, fix, as_typed: None });
    }
    if is_known {
        return None;
    }
    let place = field.span.start + typed.find(field.name).unwrap_or_default();
    let question = meant.as_ref().map_or_else(String::new, |meant| format!(" Did you mean {{{{{meant}}}}}?"));
    let words = format!("The list has no column for {{{{{}}}}}.{question}", field.name);
    let span = place..place + field.name.len();
    let fix = meant.map(|meant| TextFix { words: format!("Use {{{{{meant}}}}}"), span, by: meant });
    Some(LetterIssue { span: field.span.clone(), words, fix, as_typed: None })
}

fn check_placeholder(source: &str, placeholder: foreign::Placeholder, as_typed: &[String]) -> Option<LetterIssue> {
    // What stands between two of three braces is filled in all the same: guests would read `{Ada}`.
    let foreign::Placeholder { span, by, is_filled_in } = placeholder;
    let typed = &source[span.clone()];
    if !is_filled_in && as_typed.iter().any(|kept| kept == typed) {
        return None;
    }
    let question = by.as_ref().map_or_else(String::new, |by| format!(" Did you mean {by}?"));
    let then = if is_filled_in { "leave braces in the letter" } else { "be sent as it stands" };
    let words = format!("{typed} looks like a placeholder of another program and would {then}.{question}");
    let fix = by.map(|by| TextFix { words: format!("Use {by}"), span: span.clone(), by });
    Some(LetterIssue { span, words, fix, as_typed: (!is_filled_in).then(|| typed.to_owned()) })
}

/// The text with every placeholder of other programs changed to the field that it probably means, where one is plain; `None` when there is
/// nothing to change.
pub fn translated(source: &str, list: &List, as_typed: &[String]) -> Option<String> {
    let fixes: Vec<TextFix> = foreign_faults(source, list, as_typed).into_iter().filter_map(|fault| fault.fix).collect();
    let mut text = source.to_owned();
    for fix in fixes.iter().rev() {
        text.replace_range(fix.span.clone(), &fix.by);
    }
    (!fixes.is_empty()).then_some(text)
}

/// Messages of rows' own as they would read with their placeholders of other programs changed to fields: row's id, column, text.
pub fn own_messages(list: &List, as_typed: &[String]) -> Vec<(u32, usize, String)> {
    let Some(column) = list.column("message") else { return Vec::new() };
    let rows = list.ids().iter().enumerate();
    rows.filter_map(|(place, id)| Some((*id, column, translated(list.cell(place, column), list, as_typed)?))).collect()
}

/// What looks like placeholders of other programs in messages of rows' own, each once, the first few: to be left as it is, if that is meant.
pub fn typed_in_own_messages(list: &List, as_typed: &[String]) -> Vec<String> {
    const MOST: usize = 5;
    let Some(column) = list.column("message") else { return Vec::new() };
    let mut all: Vec<String> = Vec::new();
    let faults = (0..list.len()).flat_map(|place| faults(list.cell(place, column), list, as_typed));
    for typed in faults.filter_map(|fault| fault.as_typed) {
        if all.len() < MOST && !all.contains(&typed) {
            all.push(typed);
        }
    }
    all
}

fn fix(source: &str, list: &List, mistake: &template::Mistake) -> Option<TextFix> {
    let span = mistake.span.clone();
    match mistake.what {
        MistakeKind::NotClosed => {
            let (words, at) = ("Add {{/if}} at the end".to_owned(), source.len());
            Some(TextFix { words, span: at..at, by: "{{/if}}".into() })
        }
        MistakeKind::TooDeep => None,
        MistakeKind::NotOpened | MistakeKind::StrayElse | MistakeKind::NoBraces => {
            Some(TextFix { words: "Remove it".into(), span, by: String::new() })
        }
        MistakeKind::NoField => {
            // `{{First name}}` and `{{Firmenname}}` mean columns by their headings, `{{ contact.FIRSTNAME }}` a field of another program.
            let by = foreign::translated_braces(source, span.end, list)?;
            Some(TextFix { words: format!("Use {by}"), span, by })
        }
    }
}

/// The source, cut where its look changes.
pub fn marked<'a>(source: &'a str, list: &List, as_typed: &[String]) -> Vec<(Mark, &'a str)> {
    let template = template::parse(source);
    let wrong = faults(source, list, as_typed).into_iter().map(|fault| (fault.span, Mark::Wrong));
    let mut spans: Vec<(Range<usize>, Mark)> =
        template.fields().into_iter().map(|field| (field.span.clone(), Mark::Field)).chain(wrong).collect();
    // What is wrong goes before what it is wrong with.
    spans.sort_by_key(|(span, mark)| (span.start, *mark != Mark::Wrong));
    let mut marked = Vec::new();
    let mut done = 0;
    for (span, mark) in spans {
        if span.start < done {
            continue;
        }
        if done < span.start {
            marked.push((Mark::Plain, &source[done..span.start]));
        }
        marked.push((mark, &source[span.clone()]));
        done = span.end;
    }
    if done < source.len() {
        marked.push((Mark::Plain, &source[done..]));
    }
    marked
}

/// What is being typed between braces that are not closed yet, as bytes of the source: the name so far.
pub fn being_typed(source: &str, caret: usize) -> Option<Range<usize>> {
    let before = source.get(..caret)?;
    let open = before.rfind('{')?;
    let mut start = open + 1;
    let typed = &before[start..];
    if typed.contains(['}', '\n']) {
        return None;
    }
    let blank = typed.len() - typed.trim_start().len();
    start += blank;
    if let Some(condition) = before[start..].strip_prefix("#if ") {
        start = caret - condition.trim_start().len();
    }
    let name = &before[start..];
    // A single brace, or the second of two; with a fallback begun the name stands.
    (!name.contains(['|', '#', '/', ' '])).then_some(start..caret)
}

/// One field to choose while typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    pub name: String,
    /// What it stands for.
    pub words: String,
}

/// More are not offered at once: a list that scrolls is no help while typing, and the next letter narrows it.
const OFFERED: usize = 12;

/// Fields that begin with, else contain, what is typed; columns of the list first.
pub fn offers(list: &List, typed: &str, own_letter: bool) -> Vec<Completion> {
    let columns = list.columns().iter().map(|column| Completion { name: column.name.clone(), words: column.heading.clone() });
    let known = KNOWN
        .iter()
        .filter(|(name, _)| (own_letter || *name != "redeemUrl") && list.column(name).is_none())
        .map(|(name, words)| Completion { name: (*name).into(), words: (*words).into() });
    let typed = typed.to_lowercase();
    let mut rated: Vec<(bool, Completion)> = columns
        .chain(known)
        .filter_map(|offer| {
            let (name, words) = (offer.name.to_lowercase(), offer.words.to_lowercase());
            let begins = name.starts_with(&typed) || words.starts_with(&typed);
            (name.contains(&typed) || words.contains(&typed)).then_some((!begins, offer))
        })
        .collect();
    rated.sort_by_key(|(later, _)| *later);
    rated.into_iter().map(|(_, offer)| offer).take(OFFERED).collect()
}

/// The source with the offered field in the place of what was typed, its braces closed; and where the caret goes, in bytes.
pub fn taken(source: &str, typed: &Range<usize>, name: &str) -> (String, usize) {
    let before = source[..typed.start].trim_end();
    let opened = before.ends_with("{{");
    let is_condition = before.ends_with("#if");
    let rest = &source[typed.end..];
    let closed = rest.trim_start().starts_with("}}");
    let mut text = source[..typed.start].to_owned();
    if !opened && !is_condition {
        text.push('{');
    }
    text.push_str(name);
    if !closed {
        text.push_str("}}");
    }
    let caret = text.len() + if closed { rest.find("}}").map_or(0, |place| place + 2) } else { 0 };
    text.push_str(rest);
    (text, caret)
}

/// A place in UTF-16 units, as browsers count, in bytes.
pub fn bytes_of_utf16(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (place, character) in text.char_indices() {
        if seen >= units {
            return place;
        }
        seen += character.len_utf16();
    }
    text.len()
}

/// A place in bytes in UTF-16 units.
pub fn utf16_of_bytes(text: &str, bytes: usize) -> usize {
    text[..bytes].encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Column;

    fn list() -> List {
        let mut list = List::default();
        let cells = ["email", "First name", "company", "Kunden Nr."].map(|heading| (Column::from_heading(heading), "x".to_owned()));
        list.add(&cells);
        list
    }

    #[test]
    fn every_issue_that_can_be_fixed_is_gone_after_fixing() {
        let check = |source: &str, faults_there: usize, expected: &str| {
            let mut text = source.to_owned();
            assert_eq!(faults(source, &list(), &[]).len(), faults_there, "{source}");
            while let Some(fix) = faults(&text, &list(), &[]).into_iter().find_map(|fault| fault.fix) {
                text.replace_range(fix.span, &fix.by);
            }
            assert_eq!(text, expected);
            assert!(faults(&text, &list(), &[]).iter().all(|fault| fault.fix.is_none()));
        };
        check("Hi {{firstName}}", 0, "Hi {{firstName}}");
        check("Hi {{fristName|you}} of {{companyName}}", 2, "Hi {{firstName|you}} of {{company}}");
        check("{{First name}}, {{ kunden nr. |none}}", 2, "{{firstName}}, {{kundenNr|none}}");
        check("{{#if company}}x", 1, "{{#if company}}x{{/if}}");
        check("x{{/if}} {{else}}", 2, "x ");
        check("a {{ b", 1, "a  b");
        check("{{zzzzzz}}", 1, "{{zzzzzz}}");
        check("{{#if comany}}x{{/if}}", 1, "{{#if company}}x{{/if}}");
        check("Hi {{ first_name | default: \"there\" }}", 1, "Hi {{firstName|there}}");
        check("Hi {{\u{200b}firstName|“guest”}}", 1, "Hi {{firstName|guest}}");
        check("Hi {{firstName|capitalize}} {{company|default('x')}}", 2, "Hi {{firstName}} {{company|x}}");
        check("{{ contact.FIRSTNAME | default(\"you\") }}", 1, "{{firstName|you}}");
        check(
            "{{- FNAME -}} {{“company”}} {{ first_name default=\"you\" }} {{name ?? 'x'}}",
            4,
            "{{firstName}} {{company}} {{firstName|you}} {{displayName|x}}",
        );
        check("{{ if company }}x{{/if}}", 2, "{{#if company}}x{{/if}}");
        check("Dear *|FNAME|* of «Company» [[x]]", 2, "Dear {{firstName}} of {{company}} [[x]]");
        check("*|UNSUB|*", 1, "*|UNSUB|*");
        check("Dear {{{firstName}}},", 1, "Dear {{firstName}},");
        check("Dear {firstName}}, {{firstName}, { { firstName } }", 3, "Dear {{firstName}}, {{firstName}}, {{firstName}}");
        check("{{“firstName|guest”}} {{\"firstName\"|\"guest\"}} ~~company~~", 3, "{{firstName|guest}} {{firstName|guest}} {{company}}");
        check("Dear {{{ firstName }}},", 1, "Dear {{firstName}},");
        check("Dear {{{Kunden Nr.|none}}},", 1, "Dear {{kundenNr|none}},");
        check("Dear {{&firstName}},", 1, "Dear {{firstName}},");
        check("{{{#if company}}}x{{{/if}}}", 2, "{{#if company}}x{{/if}}");
        check("{{fristName}} of [Company], {{comany}}", 3, "{{firstName}} of {{company}}, {{company}}");
        check("Dear {{firstName}, welcome", 1, "Dear {{firstName}}, welcome");
    }

    #[test]
    fn what_is_meant_as_it_stands_is_left_alone() {
        let braces = "Dear {{{firstName}}}";
        let left = faults(braces, &list(), &["{{{firstName}}}".to_owned()]);
        assert_eq!(left.iter().map(|fault| fault.as_typed.clone()).collect::<Vec<_>>(), [None], "{left:?}");
        assert_eq!(translated(braces, &list(), &[]).as_deref(), Some("Dear {{firstName}}"));
        let source = "Dear *|FNAME|*, in [Company] and [Company]";
        assert_eq!(faults(source, &list(), &[]).len(), 3);
        let left = faults(source, &list(), &["[Company]".to_owned()]);
        assert_eq!(left.iter().map(|fault| fault.as_typed.as_deref()).collect::<Vec<_>>(), [Some("*|FNAME|*")]);
        assert_eq!(translated(source, &list(), &[]).as_deref(), Some("Dear {{firstName}}, in {{company}} and {{company}}"));
        assert_eq!(
            translated(source, &list(), &["[Company]".to_owned()]).as_deref(),
            Some("Dear {{firstName}}, in [Company] and [Company]")
        );
        assert_eq!(translated("{{fristName}} [sic]", &list(), &[]), None);
        // A field of our own behind too many braces is fixed by itself, and by one fix.
        let braces = "{{{{company}} [Company]";
        assert_eq!(translated(braces, &list(), &[]).as_deref(), Some("{{company}} {{company}}"));
        let spans: Vec<Range<usize>> = faults(braces, &list(), &[]).into_iter().map(|fault| fault.span).collect();
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{spans:?}");
    }

    #[test]
    fn what_is_marked_is_the_whole_source() {
        let source = "Hi {{firstName}}, {{nobodyKnows}} {{/if}} {{#if company}}ü{{else}}{{ {{inviter}} {{/if}}";
        let marked = marked(source, &list(), &[]);
        assert_eq!(marked.iter().map(|(_, text)| *text).collect::<String>(), source);
        let wrong: Vec<&str> = marked.iter().filter(|(mark, _)| *mark == Mark::Wrong).map(|(_, text)| *text).collect();
        assert_eq!(wrong, ["{{nobodyKnows}}", "{{/if}}", "{{"]);
        let fields: Vec<&str> = marked.iter().filter(|(mark, _)| *mark == Mark::Field).map(|(_, text)| *text).collect();
        assert_eq!(fields, ["{{firstName}}", "{{#if company}}", "{{inviter}}"]);
        let check = |source: &str, expected: &[(Mark, &str)]| assert_eq!(super::marked(source, &list(), &[]), expected);
        check("", &[]);
        check("Hi", &[(Mark::Plain, "Hi")]);
        check("{{firstName}}{{company}}", &[(Mark::Field, "{{firstName}}"), (Mark::Field, "{{company}}")]);
        check(
            "Hi [Company]{{company}}!",
            &[(Mark::Plain, "Hi "), (Mark::Wrong, "[Company]"), (Mark::Field, "{{company}}"), (Mark::Plain, "!")],
        );
    }

    #[test]
    fn what_is_typed_is_offered_and_taken() {
        let check = |before: &str, after: &str, expected: Option<(&str, &str)>| {
            let source = format!("{before}{after}");
            let typed = being_typed(&source, before.len());
            let result = typed.map(|typed| {
                let name = offers(&list(), &source[typed.clone()], true).first().map_or(String::new(), |offer| offer.name.clone());
                let (text, caret) = taken(&source, &typed, &name);
                (text[..caret].to_owned(), text[caret..].to_owned())
            });
            assert_eq!(result.as_ref().map(|(before, after)| (before.as_str(), after.as_str())), expected, "{before}|{after}");
        };
        check("Hi {", "", Some(("Hi {{email}}", "")));
        check("Hi {{", "!", Some(("Hi {{email}}", "!")));
        check("Hi {{fi", "}}!", Some(("Hi {{firstName}}", "!")));
        check("Hi {{ fi", " }}!", Some(("Hi {{ firstName }}", "!")));
        check("{{#if comp", "", Some(("{{#if company}}", "")));
        check("{{inv", "", Some(("{{inviter}}", "")));
        check("{{firstName}} ", "", None);
        check("{{firstName|th", "", None);
        check("{\nx", "", None);
        check("none", "", None);
        assert!(!offers(&list(), "redeem", false).iter().any(|offer| offer.name == "redeemUrl"));
    }

    #[test]
    fn what_begins_with_the_letters_typed_is_offered_first() {
        let list = List::from_columns(["Email", "In your team", "Tenant"].map(Column::from_heading).into());
        let check = |typed: &str, own_letter: bool, expected: &[&str]| {
            let names: Vec<String> = offers(&list, typed, own_letter).into_iter().map(|offer| offer.name).collect();
            assert_eq!(names, expected, "{typed}");
        };
        check("your", true, &["inviter", "inYourTeam", "redeemUrl"]);
        check("your", false, &["inviter", "inYourTeam"]);
        check("TEN", true, &["tenant"]);
        check("url", true, &["redirectUrl", "redeemUrl"]);
        check("zzz", true, &[]);
        let many: Vec<String> = (0..20).map(|number| format!("Team {number}")).collect();
        let many = List::from_columns(many.iter().map(|heading| Column::from_heading(heading)).collect());
        assert_eq!(offers(&many, "team", true).len(), OFFERED);
    }

    #[test]
    fn messages_of_rows_are_put_into_our_own_words_where_something_changes() {
        let mut list = List::default();
        for message in
            ["Welcome", "Dear [First name]", "", "{{firstName}} of [Company] and [Company]", "[A1] [Company] [Email] *|A|* *|B|* *|C|*"]
        {
            list.add(
                &[("Email", "x"), ("First name", "x"), ("Company", "x"), ("Message", message)]
                    .map(|(heading, cell)| (Column::from_heading(heading), cell.to_owned())),
            );
        }
        let own = own_messages(&list, &["[Email]".to_owned()]);
        let own: Vec<(u32, usize, &str)> = own.iter().map(|(id, column, text)| (*id, *column, text.as_str())).collect();
        let (ids, column) = (list.ids(), list.column("message").unwrap());
        assert_eq!(
            own,
            [
                (ids[1], column, "Dear {{firstName}}"),
                (ids[3], column, "{{firstName}} of {{company}} and {{company}}"),
                (ids[4], column, "[A1] {{company}} [Email] *|A|* *|B|* *|C|*"),
            ]
        );
        let mut all = vec!["[First name]", "[Company]", "[Email]", "*|A|*", "*|B|*"];
        assert_eq!(typed_in_own_messages(&list, &[]), all);
        all.remove(2);
        all.push("*|C|*");
        assert_eq!(typed_in_own_messages(&list, &["[Email]".to_owned()]), all);
        assert_eq!((own_messages(&super::tests::list(), &[]), typed_in_own_messages(&super::tests::list(), &[])), (vec![], vec![]));
    }

    #[test]
    fn places_are_counted_as_browsers_do() {
        for (units, bytes) in [(0, 0), (1, 2), (3, 6), (4, 7), (9, 7)] {
            assert_eq!(bytes_of_utf16("ü😀x", units), bytes);
        }
        assert_eq!(utf16_of_bytes("ü😀x", 6), 3);
    }

    #[test]
    fn what_other_programs_write_between_braces_is_fixed_with_its_fallback() {
        let list = List::from_columns(["Email", "First name", "Company"].map(Column::from_heading).into());
        let check = |source: &str, expected: &str| {
            let mut text = source.to_owned();
            while let Some(fix) = faults(&text, &list, &[]).into_iter().find_map(|fault| fault.fix) {
                text.replace_range(fix.span, &fix.by);
            }
            assert_eq!(text, expected, "{source}");
        };
        check("{{ contact.FIRSTNAME | default : \"there\" }}", "{{firstName|there}}");
        check("{{ personalization_token('contact.firstname', 'there') }}", "{{firstName|there}}");
        check("{{lead.First Name:default=there}}", "{{firstName|there}}");
        check("{{company.Company Name}}", "{{company}}");
        check("{{{Recipient.FirstName}}}", "{{firstName}}");
        check("{{var:firstname:\"there\"}}", "{{firstName|there}}");
        check("{{first_name or \"there\"}}", "{{firstName|there}}");
        check("{{ person.first_name|default:'' }}", "{{firstName}}");
        check("{{${first_name} | default: 'there'}}", "{{firstName|there}}");
        check("{{ticket.requester.firstname}}", "{{firstName}}");
        check("{{sender.first_name}}", "{{inviter}}");
        // Nobody knows the title of whoever sends.
        check("{{sender.title}}", "{{sender.title}}");
        assert_eq!(faults("{{{first_name}}}", &list, &[]).len(), 1);
    }
}

//! Placeholders of other programs: `*|FNAME|*`, `«Vorname»`, `<<Name>>`, `%%name%%`, `[Name]`, `${name}`, `{Name}`, `{% if name %}`,
//! `<%= name %>`, and what Liquid, Jinja and the like write between `{{` and `}}`. Nobody fills them in here, so a letter that was
//! copied with them would say `Dear *|FNAME|*`.

use super::values::{self, KNOWN};
use crate::rows::fields::{is_word, known_field};
use crate::rows::{List, is_invisible};
use std::ops::Range;

/// A placeholder outside of `{{ }}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Bytes of the source.
    pub span: Range<usize>,
    /// What would say the same here, if that is plain: `{{firstName|there}}`, `{{#if company}}`.
    pub by: Option<String>,
}

/// When a text between two delimiters is taken for a placeholder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Always: nobody writes this for anything else.
    Sure,
    /// When it looks like a name.
    Name,
    /// When it means a field: the delimiters have other uses, such as `[sic]`, `{x}` and `50 % of`.
    Field,
}

/// Opening, closing, and when; longer ones first where they begin alike.
/// Mailchimp `*|x|*`; Word `«x»`; `DocuSign` and Zoho `<<x>>`; Marketing Cloud `%%x%%`, `%%=x=%%` and `%%[x]%%`; Salesforce and
/// Dynamics `{!x}`; Power Automate `@{x}`; ERB, EJS and ASP `<% %>`; Liquid and Jinja
/// `{% %}`; Template Toolkit `[% %]`; Smarty `{$x}`; Ruby `#{x}`; shells and JavaScript `${x}`; Python `%(x)s`.
const DELIMITERS: [(&str, &str, Rule); 31] = [
    ("*|", "|*", Rule::Sure),
    ("%%=", "=%%", Rule::Sure),
    ("%%[", "]%%", Rule::Sure),
    ("{!", "}", Rule::Sure),
    ("@{", "}", Rule::Sure),
    ("<%", "%>", Rule::Sure),
    ("{%", "%}", Rule::Sure),
    ("[%", "%]", Rule::Sure),
    ("{$", "}", Rule::Name),
    ("${", "}", Rule::Name),
    ("#{", "}", Rule::Name),
    ("<<", ">>", Rule::Name),
    ("%%", "%%", Rule::Name),
    ("%(", ")s", Rule::Field),
    ("$(", ")", Rule::Field),
    ("[[", "]]", Rule::Field),
    ("##", "##", Rule::Field),
    ("@@", "@@", Rule::Field),
    ("__", "__", Rule::Field),
    ("≪", "≫", Rule::Field),
    ("«", "»", Rule::Field),
    ("‹", "›", Rule::Field),
    ("｛", "｝", Rule::Field),
    ("［", "］", Rule::Field),
    ("《", "》", Rule::Field),
    ("[", "]", Rule::Field),
    ("{", "}", Rule::Field),
    ("<", ">", Rule::Field),
    ("%", "%", Rule::Field),
    ("#", "#", Rule::Field),
    ("$", "$", Rule::Field),
];
/// Characters between delimiters; longer ones are text.
const LONGEST: usize = 80;

/// What other programs call fields that have another name here; in lower case, letters and digits only.
const ALIASES: [(&str, &str); 27] = [
    ("fname", "firstName"),
    ("givenname", "firstName"),
    ("lname", "lastName"),
    ("contactname", "fullName"),
    ("recipientname", "fullName"),
    ("guestname", "fullName"),
    ("attendeename", "fullName"),
    ("participantname", "fullName"),
    ("inviteename", "fullName"),
    ("customername", "fullName"),
    ("clientname", "fullName"),
    ("teilnehmername", "fullName"),
    ("empfängername", "fullName"),
    ("recipient", "fullName"),
    ("yourname", "inviter"),
    ("yourfullname", "inviter"),
    ("myname", "inviter"),
    ("ihrname", "inviter"),
    ("votrenom", "inviter"),
    ("sender", "inviter"),
    ("sendername", "inviter"),
    ("fromname", "inviter"),
    ("absender", "inviter"),
    ("yourcompany", "tenant"),
    ("yourorganization", "tenant"),
    ("currentdate", "today"),
    ("todaysdate", "today"),
];
/// What other programs fill in and this page does not; in lower case, letters and digits only.
const UNKNOWN_HERE: [&str; 14] = [
    "anrede",
    "briefanrede",
    "salutation",
    "civilité",
    "aanhef",
    "tratamiento",
    "greetingline",
    "grußzeile",
    "addressblock",
    "adressblock",
    "unsub",
    "unsubscribe",
    "unsubscribelink",
    "eventname",
];
/// Whose field it is, in front of its name: `[Guest First Name]`, `[insert company]`.
const WHOSE: [&str; 16] = [
    "insert",
    "enter",
    "recipients",
    "recipient",
    "guests",
    "guest",
    "contacts",
    "contact",
    "attendees",
    "attendee",
    "invitees",
    "invitee",
    "customers",
    "customer",
    "subscribers",
    "subscriber",
];

/// Every placeholder of another program in this text, in its order.
pub fn placeholders(source: &str, list: &List) -> Vec<Placeholder> {
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(character) = source[next..].chars().next() {
        // What stands in braces of our own is looked at by whoever reads those.
        let own = source[next..].strip_prefix("{{").and_then(|rest| rest.find("}}"));
        let placeholder = if own.is_some() { None } else { at(source, next, list) };
        next = match (own, placeholder) {
            (Some(length), _) => next + length + 4,
            (None, Some(placeholder)) => {
                let end = placeholder.span.end;
                found.push(placeholder);
                end
            }
            (None, None) => next + character.len_utf8(),
        };
    }
    found
}

/// The placeholder that begins here.
fn at(source: &str, start: usize, list: &List) -> Option<Placeholder> {
    let rest = &source[start..];
    // Most characters begin none, and lists have many messages.
    if rest.starts_with(|first: char| first.is_alphanumeric() || first.is_whitespace()) {
        return None;
    }
    DELIMITERS.iter().filter(|(open, ..)| rest.starts_with(open)).find_map(|(open, close, rule)| {
        let inside = &rest[open.len()..];
        let near = inside.char_indices().nth(LONGEST + close.len()).map_or(inside, |(end, _)| &inside[..end]);
        let inside = &near[..near.find(close)?];
        let span = start..start + open.len() + inside.len() + close.len();
        let is_meant = !inside.contains('\n')
            && match rule {
                Rule::Sure => inside.contains(char::is_alphabetic),
                // `<< so >>` and `100%% sure, 50%% off` are no names.
                Rule::Name if inside.trim() != inside => open != close && means_field(list, inside),
                // `<<Agenda.docx>>`, `<<Bonjour à tous>>`
                Rule::Name if *open == "<<" && (!inside.is_ascii() || inside.contains(['.', ' '])) => means_field(list, inside),
                Rule::Name => is_name(inside),
                Rule::Field => is_field(source, &span, inside, list),
            };
        is_meant.then(|| Placeholder { span, by: translated(inside, list) })
    })
}

/// `first_name`, `user.first_name`, `First Name`, with or without a fallback.
fn is_name(inside: &str) -> bool {
    let (name, _) = split(inside);
    let name = name.trim();
    inside.starts_with(|first: char| first.is_alphabetic() || "_=@$".contains(first))
        && name.chars().filter(|character| is_word(*character)).count() > 1
        && name.split_whitespace().count() <= 3
        && !name.contains(|character: char| !is_word(character) && !"_.-:>()=@$[]'\" ".contains(character))
}

fn is_field(source: &str, span: &Range<usize>, inside: &str, list: &List) -> bool {
    let (before, behind) = (&source[..span.start], &source[span.end..]);
    let delimiter = source[span.clone()].chars().next().unwrap_or_default();
    let is_spaced = inside.trim() != inside;
    // An address of an image, a member of JSON.
    let means = || !inside.contains("//") && !inside.starts_with('"') && means_field(list, inside);
    match delimiter {
        // `[Company](https://…)` is a link.
        '[' => !behind.starts_with('(') && means(),
        // Tags of HTML, of which `title` is also a field, and addresses are something else.
        '<' => !inside.eq_ignore_ascii_case("title") && !inside.contains(['/', '@', '=', ':']) && means(),
        // French sets its quotation marks apart by blanks; Word does not.
        '«' | '‹' => !is_spaced && (inside.contains('_') || means()),
        // `50 %`, `#one #two`, `$5 to $6`
        '%' | '#' | '$' | '@' | '_' => !is_spaced && !before.ends_with(|last: char| is_word(last) || last == '_') && means(),
        _ => means(),
    }
}

/// Whether this is the name of a field, here or in other programs. A single letter is none.
fn means_field(list: &List, inside: &str) -> bool {
    let (name, _) = split(inside);
    let plain = squeezed(name);
    let is_long = plain.chars().nth(1).is_some() || !plain.is_ascii();
    is_long && (field_of(list, inside).is_some() || UNKNOWN_HERE.contains(&plain.as_str()))
}

/// What says the same in this page's own way.
pub fn translated(inside: &str, list: &List) -> Option<String> {
    let inside = stripped(inside);
    let lower = inside.to_lowercase();
    let is = |words: &[&str]| words.contains(&lower.trim_end_matches(':').trim());
    if is(&["else"]) {
        return Some("{{else}}".into());
    }
    if is(&["end", "endif", "end if", "end:if", "/if"]) {
        return Some("{{/if}}".into());
    }
    let condition = ["if ", "if:", "#if "].iter().find(|word| lower.starts_with(**word)).and_then(|word| inside.get(word.len()..));
    if let Some(condition) = condition {
        // A comparison has no equal here.
        let is_plain = !condition.trim().contains([' ', '=', '<', '!']);
        return is_plain.then(|| meant(list, condition)).flatten().map(|field| format!("{{{{#if {field}}}}}"));
    }
    let (name, fallback) = split(inside);
    let field = meant(list, name)?;
    let fallback = fallback.and_then(cleaned).map_or_else(String::new, |fallback| format!("|{fallback}"));
    Some(format!("{{{{{field}{fallback}}}}}"))
}

/// Without the marks that say how a value is printed: `<%= name -%>`, `{{- name -}}`, `{{& name}}`.
fn stripped(inside: &str) -> &str {
    let is_mark = |character: char| character.is_whitespace() || is_invisible(character) || "=-&@$~".contains(character);
    inside.trim_matches(is_mark)
}

/// A name, and what comes in its place where there is no value: `name || "x"`, `name ?? "x"`, `name | default: "x"`,
/// `name default="x"`, `Name, fallback=x`.
pub fn split(inside: &str) -> (&str, Option<&str>) {
    let inside = stripped(inside);
    let marks = ["||", "??", "|", ":default=", " default=", " fallback=", ",fallback=", ", fallback="];
    let found = marks.iter().filter_map(|mark| inside.find(mark).map(|place| (place, place + mark.len()))).min_by_key(|(place, _)| *place);
    found.map_or((inside, None), |(name, rest)| (inside[..name].trim(), Some(inside[rest..].trim())))
}

/// The field that a placeholder of this name probably means; one that can be used with this list.
pub fn meant(list: &List, name: &str) -> Option<String> {
    match field_of(list, name) {
        Some(field) => field,
        None => values::nearest(list, last_part(name)).map(str::to_owned),
    }
}

/// The field that this names, whoever wrote it; inside, nothing when the list has no such column and nothing else would do.
fn field_of(list: &List, text: &str) -> Option<Option<String>> {
    let (name, _) = split(text);
    let name = name.trim_start_matches("MERGEFIELD ").split('\\').next().unwrap_or_default();
    // `contact.first_name`; a sentence has blanks, too.
    let parts = name.rsplit(['.', ':', '[', '(', '>']).filter(|_| !name.trim().contains(' '));
    std::iter::once(name).chain(parts).find_map(|part| field_of_word(list, part))
}

fn field_of_word(list: &List, word: &str) -> Option<Option<String>> {
    let plain = squeezed(word);
    if plain.is_empty() {
        return None;
    }
    let short = WHOSE.iter().find_map(|whose| plain.strip_prefix(whose)).unwrap_or(&plain);
    let short = short.strip_suffix("here").unwrap_or(short);
    [plain.as_str(), short].into_iter().filter(|plain| !plain.is_empty()).find_map(|plain| {
        let column = list.columns().iter().find(|column| squeezed(&column.name) == plain || squeezed(&column.heading) == plain);
        if let Some(column) = column {
            return Some(Some(column.name.clone()));
        }
        let known = || known_field(plain).filter(|field| *field != "message").or_else(|| known_here(plain));
        let field = ALIASES.iter().find(|(alias, _)| *alias == plain).map(|(_, field)| *field).or_else(known)?;
        Some(usable(list, field))
    })
}

fn known_here(plain: &str) -> Option<&'static str> {
    KNOWN.iter().map(|(known, _)| *known).find(|known| known.eq_ignore_ascii_case(plain))
}

/// The field, or one that says nearly the same, in so far as a letter to this list can use it.
fn usable(list: &List, field: &str) -> Option<String> {
    let is_name = ["displayName", "firstName", "lastName"].contains(&field);
    let instead = if is_name && !values::is_known(list, field) { "fullName" } else { field };
    values::is_known(list, instead).then(|| instead.to_owned())
}

/// The name without whose it is: of `contact.FIRSTNAME` the last part.
fn last_part(name: &str) -> &str {
    let part = name.rsplit(['.', ':']).next().unwrap_or(name);
    part.trim_matches(|character: char| !is_word(character) || is_quote(character) || is_invisible(character))
}

/// Lower case, letters and digits only.
fn squeezed(text: &str) -> String {
    let kept = |character: &char| is_word(*character) && !is_invisible(*character) && !is_quote(*character);
    text.chars().filter(kept).flat_map(char::to_lowercase).collect()
}

const fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '«' | '»')
}

/// Filters that other programs put behind a `|`, where a fallback stands here.
const FILTERS: [&str; 12] =
    ["capitalize", "upcase", "downcase", "upper", "lower", "uppercase", "lowercase", "titlecase", "title", "strip", "trim", "escape"];

/// What a fallback was meant to be when it is written as other programs do, which would be printed with its quotes and filters:
/// `default: "there"`, `“guest”`, `capitalize`. Inside, nothing when it is only a filter. `None` for a fallback as it should be.
pub fn foreign_fallback(text: &str) -> Option<Option<String>> {
    let cleaned = cleaned(text);
    (cleaned.as_deref() != Some(text.trim())).then_some(cleaned)
}

fn cleaned(text: &str) -> Option<String> {
    // What stood behind `||` begins with the second of the two.
    let mut text = text.trim_start_matches('|').trim();
    let lower = text.to_lowercase();
    let word = ["default", "fallback"].iter().find_map(|word| lower.strip_prefix(word));
    if let Some(rest) = word.filter(|rest| rest.trim_start().starts_with([':', '=', '(', '"', '\''])) {
        text = text.get(text.len() - rest.len()..).unwrap_or(text).trim_start().trim_start_matches([':', '=', '(']).trim_start();
        text = text.strip_suffix(')').unwrap_or(text);
        text = quoted(text).unwrap_or_else(|| text.split('|').next().unwrap_or(text).trim());
        return (!text.is_empty()).then(|| text.to_owned());
    }
    if FILTERS.contains(&lower.as_str()) {
        return None;
    }
    // Filters behind one another: `capitalize | default: "there"`.
    if let Some((filter, rest)) = text.split_once('|')
        && FILTERS.contains(&filter.trim().to_lowercase().as_str())
    {
        return cleaned(rest);
    }
    let is_whole = |inside: &&str| text.ends_with(is_quote) && text.chars().count() == inside.chars().count() + 2;
    Some(quoted(text).filter(is_whole).unwrap_or(text).trim().to_owned())
}

/// What stands between the quotes that a text begins with.
fn quoted(text: &str) -> Option<&str> {
    let first = text.chars().next().filter(|first| is_quote(*first))?;
    let inside = &text[first.len_utf8()..];
    inside.find(is_quote).map(|end| &inside[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Column;

    fn list() -> List {
        let headings = ["Email", "First name", "Last name", "Company", "Kunden Nr.", "x"];
        List::of_columns(headings.map(Column::of_heading).into())
    }

    #[test]
    fn placeholders_of_other_programs_are_found_and_put_into_our_own_words() {
        let list = list();
        let check = |source: &str, expected: &[(&str, &str)]| {
            let found = placeholders(source, &list);
            let found: Vec<(&str, &str)> =
                found.iter().map(|found| (&source[found.span.clone()], found.by.as_deref().unwrap_or(""))).collect();
            assert_eq!(found, expected, "{source}");
        };
        let one = |source: &str, by: &str| check(&format!("Dear {source}, hi"), &[(source, by)]);
        one("*|FNAME|*", "{{firstName}}");
        one("*|COMPANY|*", "{{company}}");
        one("*|UNSUB|*", "");
        one("{!Contact.FirstName}", "{{firstName}}");
        one("{!User:Full Name;}", "{{fullName}}");
        one("@{triggerOutputs()?['body/mail']}", "");
        one("%%=v(@name)=%%", "{{fullName}}");
        one("%%[ SET @name = FirstName ]%%", "");
        check(
            "*|IF:FNAME|*Hi *|FNAME|**|ELSE:|*Hi*|END:IF|*",
            &[("*|IF:FNAME|*", "{{#if firstName}}"), ("*|FNAME|*", "{{firstName}}"), ("*|ELSE:|*", "{{else}}"), ("*|END:IF|*", "{{/if}}")],
        );
        one("«First_Name»", "{{firstName}}");
        one("«Vorname»", "{{firstName}}");
        one("«Anrede»", "");
        one("«Some_Thing»", "");
        one("<<Name>>", "{{fullName}}");
        one("<<First Name>>", "{{firstName}}");
        one("%%name%%", "{{fullName}}");
        one("%%First Name%%", "{{firstName}}");
        one("%%=v(@FirstName)=%%", "{{firstName}}");
        one("%FIRSTNAME%", "{{firstName}}");
        one("[Name]", "{{fullName}}");
        one("[Company Name]", "{{company}}");
        one("[KUNDEN NR.]", "{{kundenNr}}");
        one("[Your Name]", "{{inviter}}");
        one("[Insert company here]", "{{company}}");
        one("[Department]", "");
        one("[Customer's Name]", "{{fullName}}");
        one("[Attendee’s first name]", "{{firstName}}");
        one("[Your Full Name]", "{{inviter}}");
        one("{FirstName|fallback=reader}", "{{firstName|reader}}");
        one("[subscriber:firstname | default:reader]", "{{firstName|reader}}");
        one("${name}", "{{fullName}}");
        one("${firstName}", "{{firstName}}");
        one("${user.first_name || 'there'}", "{{firstName|there}}");
        one("{Name}", "{{fullName}}");
        one("{FirstName}", "{{firstName}}");
        one("{Nachname|Gast}", "{{lastName|Gast}}");
        one("{$first_name}", "{{firstName}}");
        one("{ MERGEFIELD First_Name \\* MERGEFORMAT }", "{{firstName}}");
        one("#{user.email}", "{{email}}");
        one("#email#", "{{email}}");
        one("@@company@@", "{{company}}");
        one("%(first_name)s", "{{firstName}}");
        one("<Name>", "{{fullName}}");
        one("[[name]]", "{{fullName}}");
        one("［氏名］", "{{fullName}}");
        one("{% if first_name %}", "{{#if firstName}}");
        one("{% if plan == 'gold' %}", "");
        one("{% else %}", "{{else}}");
        one("{% endif %}", "{{/if}}");
        one("<%= first_name %>", "{{firstName}}");
        one("<%= @user.first_name -%>", "{{firstName}}");
        one("<% end %>", "{{/if}}");
        one("[% first_name %]", "{{firstName}}");
        check("Dear [Name]:", &[("[Name]", "{{fullName}}")]);
    }

    #[test]
    fn what_is_no_placeholder_passes() {
        for source in [
            "Hello {{firstName|there}},\n\nSave 50% by [clicking here], see the {draft} note. 100 %",
            "[1] [sic] [x] {x} {draft} {Hi|Hello} [0-9] {1,2} { } [] {} <> «» ** || |*",
            "50 % of 100 %, 5% or 10%, 100%% sure, 50%% off, $100 to $200, $5$",
            "<b>bold</b> <title>x</title> <a href=\"https://x.example\">x</a> Ada <ada@fabrikam.example>",
            "[company](https://x.example) ![name](x.png) https://x.example/%20name%20?a=%C3%A4%C3%B6&b=[1]",
            "« Nom » und «Zitat» sowie »Name« und «Wir freuen uns»; a << b >> c, 1 << 2",
            "#one #email #two, a #email # b, snake_case__name__x, if (a || b) { return name; }",
            "{{*|FNAME|*}} {{[Name]}} {{#if company}}x{{/if}}",
            "[https://mail.contoso.example/logo.png] [https://portal.company.example] {\"name\":\"Ada\"}",
            "<<Agenda.docx>> <<Bonjour à tous>>",
            "C:\\Users\\%USERNAME%\\x, 3 < 4 and 5 > 4, [Zoom-Link folgt], [Press release]",
        ] {
            assert_eq!(placeholders(source, &list()), [], "{source}");
        }
    }

    #[test]
    fn fallbacks_are_freed_of_filters_and_quotes() {
        let check = |text: &str, expected: Option<Option<&str>>| {
            assert_eq!(foreign_fallback(text), expected.map(|inside| inside.map(str::to_owned)), "{text}");
        };
        for fine in ["there", "a|b", "the \"boss\"", "\"A\" or \"B\"", "l’équipe", "'n Freund", "default", "default title", ""] {
            check(fine, None);
        }
        for text in [
            "fallback:\"there\"",
            "fallback=there",
            "default: \"there\"",
            "default('there')",
            "default=\"there\"",
            "default:'there' | capitalize",
            "default: there",
        ] {
            check(text, Some(Some("there")));
        }
        check("“guest”", Some(Some("guest")));
        check("„Gast“", Some(Some("Gast")));
        check("\"guest\"", Some(Some("guest")));
        check("| \"guest\"", Some(Some("guest")));
        check("capitalize", Some(None));
        check("capitalize | default: \"there\"", Some(Some("there")));
        check("default: \"\"", Some(None));
    }
}

//! What a placeholder of another program means: the field it names, whose it is, and what comes in its place where there is no value.

use super::super::values::{self, KNOWN};
use super::blocks::{ForeignCondition, ForeignTag};
use crate::rows::fields::{is_word, known_field};
use crate::rows::{List, is_invisible};

/// What other programs call fields that have another name here; in lower case, letters and digits only.
const ALIASES: [(&str, &str); 39] = [
    ("fname", "firstName"),
    ("nickname", "firstName"),
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
    ("guest", "fullName"),
    ("gast", "fullName"),
    ("gastname", "fullName"),
    ("namedesgastes", "fullName"),
    ("namedesempfängers", "fullName"),
    ("namedesteilnehmers", "fullName"),
    ("vornamenachname", "fullName"),
    ("vornamename", "fullName"),
    ("firstnamelastname", "fullName"),
    ("prénomnom", "fullName"),
    ("empfänger", "fullName"),
    ("attendee", "fullName"),
    ("invitee", "fullName"),
    ("participant", "fullName"),
    ("teilnehmer", "fullName"),
    ("customer", "fullName"),
    ("accountname", "company"),
    ("acctname", "company"),
    ("ihrname", "inviter"),
    ("votrenom", "inviter"),
    ("sender", "inviter"),
    ("absender", "inviter"),
    ("currentdate", "today"),
    ("todaysdate", "today"),
];
/// What other programs fill in and this page does not; in lower case, letters only. Fields of addresses are called alike in most of them.
#[rustfmt::skip]
const UNKNOWN_HERE: [&str; 72] = [
    "anrede", "briefanrede", "salutation", "civilité", "aanhef", "tratamiento", "greetingline", "grußzeile",
    "titel", "titre", "título", "titolo",
    "address", "addressline", "adresse", "anschrift", "dirección", "indirizzo", "adres", "addressblock", "adressblock",
    "street", "straße", "strasse", "calle",
    "zip", "zipcode", "postcode", "postalcode", "plz", "postleitzahl", "codepostal",
    "city", "town", "ort", "wohnort", "stadt", "ville", "ciudad", "città", "plaats",
    "country", "land", "pays", "país", "paese", "state",
    "phone", "telephone", "mobile", "telefon", "telefonnummer", "téléphone", "teléfono", "telefono", "handy", "fax",
    "date", "datum", "fecha", "uhrzeit", "link", "url",
    "kundennummer", "customernumber", "customerid",
    "signature",
    "unsub", "unsubscribe", "unsubscribelink",
    "eventname", "eventdate",
];
/// Whose field it is, in front of its name or behind it and an *of*: `[Guest First Name]`, `[insert company]`, `[Name of guest]`; or that it is
/// somebody else's, as Japanese has it: `[お名前]`.
const WHOSE: [&str; 23] = [
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
    "clients",
    "client",
    "participants",
    "participant",
    "subscribers",
    "subscriber",
    "お",
    "ご",
    "御",
];

/// Whose field it is when it is of whoever sends: `[Your Title]`, `{{sender.first_name}}`.
const SENDERS: [&str; 5] = ["your", "my", "sender", "owner", "from"];

/// Whether this is the name of a field, here or in other programs, or says that something is to be put in. A single letter is none.
pub(super) fn means_field(list: &List, inside: &str) -> bool {
    let (name, _) = split(inside);
    let plain = squeezed(name);
    let is_long = plain.chars().nth(1).is_some() || !plain.is_ascii();
    let is_to_be_put_in = inside.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("insert "));
    is_to_be_put_in || is_long && (field_of(list, inside).is_some() || is_unknown_here(&plain))
}

/// `address2` is one of several lines.
fn is_unknown_here(plain: &str) -> bool {
    UNKNOWN_HERE.contains(&plain.trim_end_matches(|last: char| last.is_ascii_digit()))
}

/// What says the same in this page's own way.
pub fn translated(inside: &str, list: &List) -> Option<String> {
    match ForeignTag::read(inside, list) {
        ForeignTag::Value => value(inside, list),
        ForeignTag::If(ForeignCondition { field, .. }) => Some(format!("{{{{#if {}}}}}", field?)),
        ForeignTag::Unless(ForeignCondition { field, .. }) => Some(format!("{{{{#if {}}}}}{{{{else}}}}", field?)),
        ForeignTag::Else => Some("{{else}}".into()),
        ForeignTag::End | ForeignTag::EndOf(_) => Some("{{/if}}".into()),
        ForeignTag::Block(_) | ForeignTag::ElseIf | ForeignTag::Aside => None,
    }
}

fn value(inside: &str, list: &List) -> Option<String> {
    let (name, fallback) = split_field(inside, list);
    let field = meant(list, name)?;
    let fallback = fallback.and_then(|fallback| cleaned(fallback.trim_end_matches('|'))).filter(|fallback| !fallback.is_empty());
    let fallback = fallback.map_or_else(String::new, |fallback| format!("|{fallback}"));
    Some(format!("{{{{{field}{fallback}}}}}"))
}

/// Without the marks that say how a value is printed: `<%= name -%>`, `{{- name -}}`, `{{& name}}`; and without quotes around all of it.
pub(super) fn stripped(inside: &str) -> &str {
    let is_mark = |character: char| character.is_whitespace() || is_invisible(character) || "=-&@$~".contains(character);
    let inside = inside.trim_matches(is_mark);
    let whole = inside.strip_prefix(is_quote).and_then(|rest| rest.strip_suffix(is_quote)).filter(|inside| !inside.contains(is_quote));
    whole.unwrap_or(inside)
}

/// A name, and what comes in its place where there is no value: `name || "x"`, `name ?? "x"`, `name | default: "x"`,
/// `name default="x"`, `Name, fallback=x`, `NAME OR "x"`, `name:"x"`, `Name;x`, `function(name, "x")`.
pub fn split(inside: &str) -> (&str, Option<&str>) {
    let inside = stripped(inside);
    let marks =
        ["||", "??", "|", ":default=", " default=", " fallback=", ",fallback=", ", fallback=", " OR ", " or \"", " or '", ":\"", ":'", ";"];
    let found = marks.iter().filter_map(|mark| inside.find(mark).map(|place| (place, mark))).min_by_key(|(place, _)| *place);
    // `[name; optional]` goes on with a blank.
    let found = found.filter(|(place, mark)| **mark != ";" || !inside[place + 1..].starts_with(' '));
    if let Some((place, mark)) = found {
        // A quote belongs to what it begins.
        let mark = mark.trim_end_matches(is_quote);
        return (inside[..place].trim(), Some(inside[place + mark.len()..].trim()));
    }
    let call = inside.strip_suffix(')').and_then(|call| call.split_once('(')).and_then(|(_, arguments)| arguments.split_once(','));
    call.map_or((inside, None), |(name, fallback)| (name.trim(), Some(fallback.trim())))
}

/// The same where a colon may stand between the two: behind one of `{subscriber:firstname}` stands the name, of `{firstname:there}` it does not.
fn split_field<'a>(inside: &'a str, list: &List) -> (&'a str, Option<&'a str>) {
    let (name, fallback) = split(inside);
    let named = name.rsplit_once(':').filter(|(before, behind)| {
        fallback.is_none() && !name.contains(' ') && field_named(list, before) && !behind.is_empty() && !field_named(list, behind)
    });
    named.map_or((name, fallback), |(name, fallback)| (name, Some(fallback)))
}

/// A name and a fallback with a comma between them, in this page's own way: `firstname, there`. Nothing where both are names of fields.
pub(super) fn split_by_comma(inside: &str, list: &List) -> Option<String> {
    let (name, fallback) = inside.split_once(',')?;
    let (name, fallback) = (name.trim(), fallback.trim());
    let is_fallback = fallback.starts_with(|first: char| is_word(first) || is_quote(first)) && !fallback.contains([':', '=']);
    (is_fallback && field_named(list, name) && !field_named(list, fallback)).then(|| format!("{name}|{fallback}"))
}

/// Whether a field is called just so, here or in other programs.
pub(super) fn field_named(list: &List, name: &str) -> bool {
    name.starts_with(is_word) && field_of_word(list, name).is_some()
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
    // Word says so in the language of who made the document, Mautic in front of an equals sign.
    let fields = ["MERGEFIELD ", "SERIENDRUCKFELD ", "CHAMPFUSION ", "field="];
    let name = fields.iter().find_map(|field| name.split_once(field)).map_or(name, |(_, name)| name);
    let name = name.split('\\').next().unwrap_or_default();
    // `contact.first_name`; a sentence has blanks, too, and so may what stands in quotes.
    let parts = name.rsplit(['.', ':', '[', '(', '>']).filter(|_| !name.trim().contains(' '));
    let key = name.trim().strip_suffix(']').and_then(|name| name.rsplit_once('[')).map(|(_, key)| key).filter(|key| quoted_whole(key));
    std::iter::once(name).chain(key).chain(parts).find_map(|part| field_of_word(list, part))
}

fn field_of_word(list: &List, word: &str) -> Option<Option<String>> {
    let plain = squeezed(word);
    if plain.is_empty() {
        return None;
    }
    let of = |whose: &&str| plain.strip_suffix(*whose).and_then(|rest| rest.strip_suffix("ofthe").or_else(|| rest.strip_suffix("of")));
    let short = WHOSE.iter().find_map(|whose| plain.strip_prefix(whose)).or_else(|| WHOSE.iter().find_map(of)).unwrap_or(&plain);
    let short = short.strip_suffix("here").unwrap_or(short);
    [plain.as_str(), short].into_iter().filter(|plain| !plain.is_empty()).find_map(|plain| {
        let column = list.columns().iter().find(|column| squeezed(&column.name) == plain || squeezed(&column.heading) == plain);
        if let Some(column) = column {
            return Some(Some(column.name.clone()));
        }
        let sender = SENDERS.iter().find_map(|sender| plain.strip_prefix(sender)).filter(|rest| !rest.is_empty());
        match sender.map(|rest| (known_field(rest), rest)) {
            Some((Some("displayName" | "firstName" | "lastName"), _)) => return Some(usable(list, "inviter")),
            Some((Some("company"), _)) => return Some(usable(list, "tenant")),
            // Of whoever sends nothing else is known.
            Some((known, rest)) if known.is_some() || is_unknown_here(rest) => return Some(None),
            _ => {}
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
pub(super) fn squeezed(text: &str) -> String {
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
    // The quote that opened stands in front of the name: `“name|there”`.
    if let Some(inside) = text.strip_suffix(['”', '“', '"', '»']).filter(|inside| !inside.contains(is_quote)) {
        return Some(inside.trim().to_owned());
    }
    let is_whole = |inside: &&str| text.ends_with(is_quote) && text.chars().count() == inside.chars().count() + 2;
    Some(quoted(text).filter(is_whole).unwrap_or(text).trim().to_owned())
}

/// Whether it is one text in quotes: `'First name'`.
pub(super) fn quoted_whole(text: &str) -> bool {
    let inside = ['\'', '"'].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    inside.is_some_and(|inside| !inside.is_empty() && !inside.contains(is_quote))
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

    #[test]
    fn a_name_is_told_from_what_comes_in_its_place() {
        let check = |text: &str, name: &str, fallback: Option<&str>| assert_eq!(split(text), (name, fallback), "{text}");
        check("first_name", "first_name", None);
        check(" -first_name- ", "first_name", None);
        check("first_name || \"there\"", "first_name", Some("\"there\""));
        check("first_name ?? 'there'", "first_name", Some("'there'"));
        check("first_name|there|you", "first_name", Some("there|you"));
        check("first_name default=\"there\"", "first_name", Some("\"there\""));
        check("First Name, fallback=there", "First Name", Some("there"));
        check("FNAME OR \"Friend\"", "FNAME", Some("\"Friend\""));
        check("first_name or 'there'", "first_name", Some("'there'"));
        check("firstname:\"there\"", "firstname", Some("\"there\""));
        check("Vorname;Gast", "Vorname", Some("Gast"));
        check("name; optional", "name; optional", None);
        check("name|there; or you", "name", Some("there; or you"));
        check("token('firstname', 'there')", "'firstname'", Some("'there'"));
        check("token(firstname)", "token(firstname)", None);
    }

    #[test]
    fn only_what_a_letter_can_say_is_put_into_our_own_words() {
        let list = List::from_columns(["Email", "First name", "Company"].map(Column::from_heading).into());
        let check = |inside: &str, expected: Option<&str>| assert_eq!(translated(inside, &list).as_deref(), expected, "{inside}");
        for end in ["end", "endif", "END IF", "end:if", "/if", "/if:"] {
            check(end, Some("{{/if}}"));
        }
        check("Else:", Some("{{else}}"));
        check("if company", Some("{{#if company}}"));
        check("IF:COMPANY", Some("{{#if company}}"));
        check("#if contact.company", Some("{{#if company}}"));
        for comparison in ["if company = 'x'", "if company=x", "if company<5", "if !company", "if first name", "if rank"] {
            check(comparison, None);
        }
        check("company|''", Some("{{company}}"));
        check("company|you|", Some("{{company|you}}"));
        check("& company", Some("{{company}}"));
        check("rank|you", None);
    }

    #[test]
    fn fields_are_known_by_what_other_programs_call_them() {
        let check = |headings: &[&str], name: &str, expected: Option<&str>| {
            let list = List::from_columns(headings.iter().map(|heading| Column::from_heading(heading)).collect());
            assert_eq!(meant(&list, name).as_deref(), expected, "{name} of {headings:?}");
        };
        let all = ["Email", "Name", "First name", "Company", "Kunden Nr."];
        check(&all, "KUNDEN-NR", Some("kundenNr"));
        check(&all, "contact.FNAME", Some("firstName"));
        check(&all, "“First name”", Some("firstName"));
        check(&all, "insert first name here", Some("firstName"));
        check(&all, "MERGEFIELD First_Name \\* MERGEFORMAT", Some("firstName"));
        check(&all, "contactfield=firstname", Some("firstName"));
        check(&all, "name", Some("displayName"));
        check(&all, "ACCTNAME", Some("company"));
        check(&all, "Your full name", Some("inviter"));
        check(&all, "my company", Some("tenant"));
        check(&all, "sender.email", None);
        check(&all, "your phone", None);
        check(&all, "redeemURL", Some("redeemUrl"));
        check(&all, "todays date", Some("today"));
        check(&all, "user.fristname", Some("firstName"));
        // Marks around a name make it no more like one that is known.
        for unknown in ["hostname", "hostname!", "“hostname”", "hostname\u{200b}"] {
            check(&all, unknown, None);
        }
        let renamed = List::from_columns(vec![Column { name: "badgeNumber".into(), heading: "Ausweis".into() }]);
        assert_eq!(["AUSWEIS", "badge_number"].map(|name| meant(&renamed, name)), [(); 2].map(|()| Some("badgeNumber".to_owned())));
        // Begins like `my title`, which would be the sender's.
        check(&["Email", "Mystery prize"], "mystery price", Some("mysteryPrize"));
        // Where the list has no such column, the name that is made does, and nothing else.
        check(&["Email"], "first_name", Some("fullName"));
        check(&["Email"], "displayName", Some("fullName"));
        check(&["Email"], "company", None);
        check(&["Email"], "job title", None);
    }

    #[test]
    fn single_letters_and_words_for_nothing_here_are_told_apart() {
        let list = List::from_columns(["Email", "x", "名"].map(Column::from_heading).into());
        let check = |inside: &str, expected: bool| assert_eq!(means_field(&list, inside), expected, "{inside}");
        check("x", false);
        check("名", true);
        check("Email", true);
        check("Anrede", true);
        check("Redeem URL", true);
        check("Insert the day of your choice", true);
        check("inserted", false);
        check("sic", false);
        check("", false);
    }
}

//! Placeholders of other programs: `*|FNAME|*`, `«Vorname»`, `<<Name>>`, `%%name%%`, `[Name]`, `${name}`, `{Name}`, `{% if name %}`,
//! `<%= name %>`, `@firstname`, and what Liquid, Jinja and the like write between `{{` and `}}`. Nobody fills them in here, so a letter that was
//! copied with them would say `Dear *|FNAME|*`.

mod blocks;
mod meaning;

use crate::rows::List;
use crate::rows::fields::is_word;
use blocks::ForeignTag;
pub use meaning::{foreign_fallback, meant, split, translated};
use meaning::{means_field, quoted_whole, split_by_comma};
use std::borrow::Cow;
use std::ops::Range;

/// A placeholder outside of `{{ }}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Bytes of the source.
    pub span: Range<usize>,
    /// What would say the same here, if that is plain: `{{firstName|there}}`, `{{#if company}}`.
    pub by: Option<String>,
    /// What stands inside is filled in here all the same, and signs around it are left in the letter: `{{{firstName}}}`.
    pub is_filled_in: bool,
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
/// `{% %}`; Template Toolkit `[% %]`; Smarty `{$x}`; Ruby `#{x}`; shells and JavaScript `${x}`; Python `%(x)s`; Zoho `$[x]$`;
/// Dotdigital `@x@`; Keap `~x~`.
const DELIMITERS: [(&str, &str, Rule); 43] = [
    ("*|", "|*", Rule::Sure),
    ("*|", "|", Rule::Field),
    ("|", "|*", Rule::Field),
    ("%%=", "=%%", Rule::Sure),
    ("%%[", "]%%", Rule::Sure),
    ("{!", "}", Rule::Sure),
    ("@{", "}", Rule::Sure),
    ("<%", "%>", Rule::Sure),
    ("{%", "%}", Rule::Sure),
    ("[%", "%]", Rule::Sure),
    ("$[", "]$", Rule::Name),
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
    ("$$", "$$", Rule::Field),
    ("::", "::", Rule::Field),
    ("≪", "≫", Rule::Field),
    ("«", "»", Rule::Field),
    ("‹", "›", Rule::Field),
    ("&lt;&lt;", "&gt;&gt;", Rule::Field),
    ("｛｛", "｝｝", Rule::Field),
    ("［［", "］］", Rule::Field),
    ("｛", "｝", Rule::Field),
    ("［", "］", Rule::Field),
    ("《", "》", Rule::Field),
    ("【", "】", Rule::Field),
    ("[", "]", Rule::Field),
    ("{", "}", Rule::Field),
    ("<", ">", Rule::Field),
    ("%", "%", Rule::Field),
    ("#", "#", Rule::Field),
    ("$", "$", Rule::Field),
    ("@", "@", Rule::Field),
    ("~~", "~~", Rule::Field),
    ("~", "~", Rule::Field),
];
/// Signs that stand around a name in layers, and what closes each.
const MIRRORED: [(char, char); 9] =
    [('<', '>'), ('[', ']'), ('{', '}'), ('«', '»'), ('‹', '›'), ('%', '%'), ('#', '#'), ('$', '$'), ('@', '@')];
/// What Gmail fills in behind an `@`, and scripts behind a `$`: <https://support.google.com/mail/answer/12921167>.
const OPEN_ENDED: [&str; 5] = ["firstname", "lastname", "surname", "fullname", "email"];
/// Characters between delimiters; longer ones are text.
const LONGEST: usize = 80;

/// What stands between marks that fill something in, here or in another program.
struct Sign<'a> {
    /// Bytes of the source, marks included.
    span: Range<usize>,
    /// What it names or says.
    inside: Cow<'a, str>,
    marks: SignMarks,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SignMarks {
    /// `{{` and `}}`: looked at by whoever reads those.
    Ours,
    /// Ours, with more around them.
    AroundOurs,
    Foreign,
}

/// Every placeholder of another program in this text, in its order.
pub fn placeholders(source: &str, list: &List) -> Vec<Placeholder> {
    let signs = signs(source, list);
    // Most texts have none, and lists have many messages.
    if signs.iter().all(|sign| sign.marks == SignMarks::Ours) {
        return Vec::new();
    }
    let have_equals = have_equals(&signs, list);
    let found = signs.into_iter().zip(have_equals).filter(|(sign, _)| sign.marks != SignMarks::Ours);
    let said = |(sign, has_equal): (Sign<'_>, bool)| Placeholder {
        by: translated(&sign.inside, list).filter(|_| has_equal),
        span: sign.span,
        is_filled_in: sign.marks == SignMarks::AroundOurs,
    };
    found.map(said).collect()
}

/// What would say the same here as what stands in braces of our own, which end at this byte of the source.
pub fn translated_braces(source: &str, end: usize, list: &List) -> Option<String> {
    let signs = signs(source, list);
    let place = signs.iter().position(|sign| sign.marks == SignMarks::Ours && sign.span.end == end)?;
    translated(&signs[place].inside, list).filter(|_| have_equals(&signs, list)[place])
}

fn have_equals(signs: &[Sign<'_>], list: &List) -> Vec<bool> {
    let tags: Vec<ForeignTag<'_>> = signs.iter().map(|sign| ForeignTag::read(&sign.inside, list)).collect();
    blocks::have_equals(&tags, list)
}

fn signs<'a>(source: &'a str, list: &List) -> Vec<Sign<'a>> {
    let mut found: Vec<Sign<'a>> = Vec::new();
    let mut next = 0;
    while let Some(character) = source[next..].chars().next() {
        let own = source[next..].strip_prefix("{{").and_then(|rest| rest.find("}}").map(|length| &rest[..length]));
        let floor = found.last().map_or(0, |sign| sign.span.end);
        let sign = in_braces(source, next, list).or_else(|| own.is_none().then(|| outside_braces(source, next..floor, list)).flatten());
        next = match (sign, own) {
            (Some(sign), _) => {
                let end = sign.span.end;
                found.push(sign);
                end
            }
            // The innermost pair counts.
            (None, Some(inside)) if inside.contains("{{") => next + 2 + inside.rfind("{{").unwrap_or_default(),
            (None, Some(inside)) => {
                let span = next..next + inside.len() + 4;
                found.push(Sign { span: span.clone(), inside: inside.into(), marks: SignMarks::Ours });
                span.end
            }
            (None, None) => next + character.len_utf8(),
        };
    }
    found
}

/// A name between braces that are not two and two, or have blanks between them: `{{{name}}}` as Handlebars and Pardot write it, and slips
/// such as `{name}}` and `{ {name} }`.
fn in_braces<'a>(source: &'a str, start: usize, list: &List) -> Option<Sign<'a>> {
    let rest = &source[start..];
    let opened = brace_run(rest, '{');
    let inside = &rest[opened..];
    let near = inside.char_indices().nth(LONGEST + 1).map_or(inside, |(end, _)| &inside[..end]);
    let inside = &near[..near.find(['{', '}', '\n'])?];
    let behind = &rest[opened + inside.len()..];
    let braces = [&rest[..opened], &behind[..brace_run(behind, '}')]];
    let open_and_close = [braces[0].matches('{').count(), braces[1].matches('}').count()];
    let is_meant = match open_and_close {
        // `{x}` has other uses, and `{{x}}` is our own.
        [0, _] | [_, 0] | [1, 1] => false,
        [2, 2] if braces == ["{{", "}}"] => false,
        [open, close] if open.min(close) > 2 => inside.contains(char::is_alphabetic),
        _ => means_field(list, inside),
    };
    let is_filled_in = braces[0].ends_with("{{") && braces[1].starts_with("}}");
    let span = start..start + opened + inside.len() + braces[1].len();
    let marks = if is_filled_in { SignMarks::AroundOurs } else { SignMarks::Foreign };
    is_meant.then(|| Sign { span, inside: inside.into(), marks })
}

/// The length of the braces that a text begins with; a blank between two single ones is part of them.
fn brace_run(text: &str, brace: char) -> usize {
    let count = |text: &str| text.chars().take_while(|sign| *sign == brace).count();
    let first = count(text);
    let is_spaced = first == 1 && text[1..].strip_prefix(' ').is_some_and(|rest| count(rest) == 1);
    if is_spaced { 3 } else { first }
}

/// What begins at `place.start`, or in front of it and not before `place.end`.
fn outside_braces<'a>(source: &'a str, place: Range<usize>, list: &List) -> Option<Sign<'a>> {
    let start = place.start;
    let rest = &source[start..];
    // Most characters begin none.
    if rest.starts_with(|first: char| first.is_alphanumeric() || first.is_whitespace()) {
        return None;
    }
    let indexed = || indexed(source, place, list);
    nested(source, start, list).or_else(indexed).or_else(|| delimited(source, start, list)).or_else(|| open_ended(source, start))
}

/// A field between signs of several kinds, and their mirror image: `<<[Name]>>` as Aspose writes it, `[%name%]`, `{[Name]}`.
fn nested<'a>(source: &'a str, start: usize, list: &List) -> Option<Sign<'a>> {
    let rest = &source[start..];
    let closing = |sign: char| MIRRORED.iter().find(|(open, _)| *open == sign).map(|(_, close)| *close);
    let closed: String = rest.chars().map_while(closing).collect::<Vec<char>>().into_iter().rev().collect();
    let opened = rest.len() - rest.trim_start_matches(|sign| closing(sign).is_some()).len();
    let is_known = || DELIMITERS.iter().any(|(open, ..)| *open == &rest[..opened]);
    if closed.chars().nth(1).is_none() || is_known() || rest[..opened].contains("{{") {
        return None;
    }
    let inside = &rest[opened..];
    let near = inside.char_indices().nth(LONGEST + closed.len()).map_or(inside, |(end, _)| &inside[..end]);
    let inside = &near[..near.find(&closed)?];
    let span = start..start + opened + inside.len() + closed.len();
    // `### Name ###` is a heading.
    let has_brackets = closed.contains(['>', ']', '}', '»', '›']);
    let is_meant = !inside.contains('\n') && (has_brackets || inside.trim() == inside) && means_field(list, inside);
    is_meant.then(|| Sign { span, inside: inside.into(), marks: SignMarks::Foreign })
}

/// A member of something, with all that it is reached by: `@triggerBody()?['First name']` as Power Automate has it, `contact["name"]`.
fn indexed<'a>(source: &'a str, place: Range<usize>, list: &List) -> Option<Sign<'a>> {
    let Range { start, end: floor } = place;
    let mut end = start;
    let mut inside = "";
    while let Some(rest) = source[end..].strip_prefix('?').unwrap_or(&source[end..]).strip_prefix('[') {
        let near = rest.char_indices().nth(LONGEST).map_or(rest, |(end, _)| &rest[..end]);
        let Some(key) = near.find(']').map(|length| &near[..length]).filter(|key| quoted_whole(key)) else { break };
        (inside, end) = (key, source.len() - rest.len() + key.len() + 1);
    }
    let mut depth = 0_usize;
    let is_reached_by = |sign: &char| {
        match sign {
            ')' => depth += 1,
            '(' if depth > 0 => depth -= 1,
            '\n' => return false,
            _ if depth > 0 => {}
            sign => return is_word(*sign) || "_.?@$".contains(*sign),
        }
        true
    };
    let reach: usize = source[floor..start].chars().rev().take(LONGEST).take_while(is_reached_by).map(char::len_utf8).sum();
    let whole = &source[start - reach..end];
    let is_meant = !inside.is_empty() && reach > 0 && (whole.starts_with(['@', '$']) || means_field(list, inside));
    is_meant.then(|| Sign { span: start - reach..end, inside: inside.into(), marks: SignMarks::Foreign })
}

/// What stands between two of [`DELIMITERS`].
fn delimited<'a>(source: &'a str, start: usize, list: &List) -> Option<Sign<'a>> {
    let rest = &source[start..];
    DELIMITERS.iter().filter(|(open, ..)| rest.starts_with(open)).find_map(|(open, close, rule)| {
        let inside = &rest[open.len()..];
        let near = inside.char_indices().nth(LONGEST + close.len()).map_or(inside, |(end, _)| &inside[..end]);
        let inside = &near[..near.find(close)?];
        let span = start..start + open.len() + inside.len() + close.len();
        let by_comma = split_by_comma(inside, list).filter(|_| *open == "{");
        let is_meant = !inside.contains('\n')
            && match rule {
                // `{{fullName}} <{{email}}>` is filled in here.
                Rule::Name | Rule::Field if inside.contains("{{") => false,
                _ if by_comma.is_some() => true,
                Rule::Sure => inside.contains(char::is_alphabetic),
                // `<< so >>` and `100%% sure, 50%% off` are no names.
                Rule::Name if inside.trim() != inside => open != close && means_field(list, inside),
                Rule::Name if ForeignTag::read(inside, list).is_surely_of_block() => true,
                // `<<Agenda.docx>>`, `<<Bonjour à tous>>`
                Rule::Name if *open == "<<" && (!inside.is_ascii() || inside.contains(['.', ' '])) => means_field(list, inside),
                Rule::Name => is_name(inside),
                Rule::Field => is_field(source, &span, inside, list),
            };
        // Who sends is called a user by Salesforce and Dynamics, and their tenant an organization.
        let senders = [("User", "sender"), ("Organization.Name", "your company")].into_iter().filter(|_| *open == "{!");
        let whose = senders.filter_map(|(theirs, ours)| Some(ours.to_owned() + inside.trim_start().strip_prefix(theirs)?)).next();
        let said = whose.or(by_comma).map_or(Cow::Borrowed(inside), Cow::Owned);
        is_meant.then_some(Sign { span, inside: said, marks: SignMarks::Foreign })
    })
}

/// `@firstname` and `$firstname`, which nothing closes. Mentions, addresses of mail and handles are none.
fn open_ended(source: &str, start: usize) -> Option<Sign<'_>> {
    let rest = source[start..].strip_prefix(['@', '$'])?;
    let (inside, behind) = rest.split_at(rest.find(|sign: char| !sign.is_ascii_alphanumeric()).unwrap_or(rest.len()));
    let is_joined = |sign: char| is_word(sign) || "@-_+".contains(sign);
    let is_end = behind.strip_prefix('.').is_none_or(|rest| !rest.starts_with(is_word)) && !behind.starts_with(is_joined);
    let is_apart = is_end && !source[..start].ends_with(|last| is_joined(last) || last == '.');
    let is_known = OPEN_ENDED.iter().any(|known| known.eq_ignore_ascii_case(inside));
    let span = start..start + 1 + inside.len();
    (is_apart && is_known).then(|| Sign { span, inside: inside.into(), marks: SignMarks::Foreign })
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
        // Tags of HTML, of which some are called as fields, and addresses are something else.
        '<' => {
            !["title", "address", "link"].iter().any(|tag| inside.eq_ignore_ascii_case(tag))
                && !inside.contains(['/', '@', '=', ':'])
                && means()
        }
        // French sets its quotation marks apart by blanks; Word does not.
        '«' | '‹' => !is_spaced && (inside.contains('_') || means()),
        // `50 %`, `#one #two`, `$5 to $6`
        '%' | '#' | '$' | '_' => !is_spaced && !before.ends_with(|last: char| is_word(last) || last == '_') && means(),
        // `@name@social.example`, `~/company~`
        '@' | '~' | ':' => !is_spaced && !inside.starts_with('/') && !before.ends_with(is_word) && !behind.starts_with(is_word) && means(),
        _ => means(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Column;

    fn list() -> List {
        let headings = ["Email", "First name", "Last name", "Company", "Kunden Nr.", "x"];
        List::from_columns(headings.map(Column::from_heading).into())
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
        one("｛｛firstName｝｝", "{{firstName}}");
        one("［［Company］］", "{{company}}");
        one("&lt;&lt;First name&gt;&gt;", "{{firstName}}");
        one("*|COMPANY|*", "{{company}}");
        one("*|UNSUB|*", "");
        one("{!Contact.FirstName}", "{{firstName}}");
        one("{!User:Full Name;}", "{{inviter}}");
        one("{!User.Phone}", "");
        one("{!Organization.Name}", "{{tenant}}");
        one("{!Contact:First Name;there}", "{{firstName|there}}");
        one("{!Account.Name}", "{{company}}");
        one("{!BLANKVALUE(Contact.FirstName, \"there\")}", "{{firstName|there}}");
        one("@firstname", "{{firstName}}");
        one("@FirstName", "{{firstName}}");
        one("$firstname", "{{firstName}}");
        one("$$firstname$$", "{{firstName}}");
        one("::first_name::", "{{firstName}}");
        one("%recipient.first_name%", "{{firstName}}");
        one("@FIRSTNAME@", "{{firstName}}");
        one("~Contact.FirstName~", "{{firstName}}");
        one("{contactfield=firstname}", "{{firstName}}");
        one("{contactfield=firstname|friend}", "{{firstName|friend}}");
        one("[[FIRSTNAME OR \"Friend\"]]", "{{firstName|Friend}}");
        one("[[data:firstname:\"there\"]]", "{{firstName|there}}");
        one("$[FNAME|Customer]$", "{{firstName|Customer}}");
        one("$[FNAME|Customer|]$", "{{firstName|Customer}}");
        one("%ACCT_NAME%", "{{company}}");
        one("{{{Recipient.FirstName}}}", "{{firstName}}");
        one("{{{firstName}}}", "{{firstName}}");
        for slip in
            ["{firstName}}", "{{firstName}", "{{firstName}}}", "{{{firstName}}", "{{{{firstName}}}}", "{ {firstName} }", "{{ firstName} }"]
        {
            one(slip, "{{firstName}}");
        }
        one("{ { firstName|there } }", "{{firstName|there}}");
        one("~~name~~", "{{fullName}}");
        one("«Kundennummer»", "{{kundenNr}}");
        one("«Telefonnummer»", "");
        one("{city}", "");
        one("[Datum]", "");
        one("<Address2>", "");
        one("[Vorname Nachname]", "{{fullName}}");
        one("[Name des Gastes]", "{{fullName}}");
        one("«Empfänger»", "{{fullName}}");
        one("{ SERIENDRUCKFELD Vorname }", "{{firstName}}");
        one("[Guest]", "{{fullName}}");
        one("[Your Title]", "");
        one("[Your Email]", "");
        one("[your company name]", "{{tenant}}");
        one("[Insert date]", "");
        one("[Event name]", "");
        one("*|EVENT_NAME|*", "");
        one("[Phone]", "");
        one("[Signature]", "");
        one("«Adresse»", "");
        one("*|ADDRESS|*", "");
        check("Hi @firstname, I am @lastname.", &[("@firstname", "{{firstName}}"), ("@lastname", "{{lastName}}")]);
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
        one("<< First name >>", "{{firstName}}");
        one("${ firstName }", "{{firstName}}");
        for name in
            ["[お名前]", "【お名前】", "【氏名】", "[NAME OF GUEST]", "[Name of recipient]", "[Name of the guest]", "[Client's name]"]
        {
            one(name, "{{fullName}}");
        }
        one("[Client's company]", "{{company}}");
        one("[Company of the participant]", "{{company}}");
        one("*|FNAME|", "{{firstName}}");
        one("|FNAME|*", "{{firstName}}");
        one("{firstname, there}", "{{firstName|there}}");
        one("{First name, dear guest}", "{{firstName|dear guest}}");
        one("{firstname:there}", "{{firstName|there}}");
        one("{subscriber:firstname}", "{{firstName}}");
        one("<<[FirstName]>>", "{{firstName}}");
        one("<<[contact.FirstName]>>", "{{firstName}}");
        one("<[First name]>", "{{firstName}}");
        one("{[First name]}", "{{firstName}}");
        one("[#company#]", "{{company}}");
        one("[[[Company]]]", "{{company}}");
        one("<<<Company>>>", "{{company}}");
        one("@triggerBody()?['First name']", "{{firstName}}");
        one("@{triggerBody()?['First name']}", "{{firstName}}");
        one("@items('Apply_to_each')?['First name']", "{{firstName}}");
        one("@body('Get_item')?['value']?['company']", "{{company}}");
        one("@outputs('Get_item')?['plan']", "");
        one("contact[\"First name\"]", "{{firstName}}");
        one("$row['company']", "{{company}}");
        check(
            "<<if [Company]>>x<<else>>y<</if>>",
            &[("<<if [Company]>>", "{{#if company}}"), ("<<else>>", "{{else}}"), ("<</if>>", "{{/if}}")],
        );
        check("<<foreach [one in guests]>>x<</foreach>>", &[("<<foreach [one in guests]>>", ""), ("<</foreach>>", "")]);
        // Names of what this page does not know.
        for unknown in ["${plan}", "${user.plan}", "{$member_id}", "<<member_id>>", "%%Member ID%%", "$[_plan]$"] {
            one(unknown, "");
        }
    }

    #[test]
    fn what_is_no_placeholder_passes() {
        for source in [
            "Hello {{firstName|there}},\n\nSave 50% by [clicking here], see the {draft} note. 100 %",
            "[1] [sic] [x] {x} {draft} {Hi|Hello} [0-9] {1,2} { } [] {} <> «» ** || |*",
            "50 % of 100 %, 5% or 10%, 100%% sure, 50%% off, $100 to $200, $5$",
            "<b>bold</b> <title>x</title> <link> <a href=\"https://x.example\">x</a> Ada <ada@fabrikam.example>",
            "[company](https://x.example) ![name](x.png) https://x.example/%20name%20?a=%C3%A4%C3%B6&b=[1]",
            "« Nom » und «Zitat» sowie »Name« und «Wir freuen uns»; a << b >> c, 1 << 2",
            "#one #email #two, a #email # b, snake_case__name__x, if (a || b) { return name; }",
            "{{*|FNAME|*}} {{[Name]}} {{#if company}}x{{/if}}",
            "[https://mail.contoso.example/logo.png] [https://portal.company.example] {\"name\":\"Ada\"}",
            "{{x}} } { {draft} } {{#if company}}{{x}}{{/if}} {a: {b: {c}}} fn x() { if y { z } }",
            "<<Agenda.docx>> <<Bonjour à tous>> <<Zürich>>, 10 %% name %%",
            "${12ab} {$x} $[one two three four]$ #{price*2}",
            "team@firstname team.$lastname",
            "<company/> and <company=Fabrikam>, 5 % name %, $ company $, a#company#, _#name#, __ name __",
            "@ company @ or @/company@, x~company~, ~company~s, [\"name\"], [name//x]",
            "@ada @company @Email-Team @firstname.lastname@x.example a@firstname.example @name@social.example @media (name) a@b@c @",
            "~5 or ~/company~ ~~10~~ {name=value} {color:red;margin:0} [name or company] [name; optional] <address>x</address> 5 % and 6 % $5 to {}",
            "<{{email}}> [{{Company}}] «{{x}}» [Name, Department] {email, company} [Word of mouth] [client] 【重要】 *| x | {0, number} a|b|c {name, {x}} ### Name ###, <<For example>> <<If needed>> <<[Agenda]>> [\"name\"] a[0] x['plan'] $row[company2",
            "C:\\Users\\%USERNAME%\\x, 3 < 4 and 5 > 4, [Zoom-Link folgt], [Press release]",
        ] {
            assert_eq!(placeholders(source, &list()), [], "{source}");
        }
    }

    #[test]
    fn what_is_longer_than_any_name_is_text() {
        for (open, close) in [("*|", "|*"), ("{{{", "}}}"), ("@{", "}")] {
            let source = |length: usize| format!("Dear {open}{}{close}, hi", "ü".repeat(length));
            let found = placeholders(&source(LONGEST), &list());
            assert_eq!(found.len(), 1, "{open}");
            assert_eq!(found[0].span, 5..source(LONGEST).len() - 4);
            assert_eq!(placeholders(&source(LONGEST + 1), &list()), [], "{open}");
        }
    }
}

//! What makes a letter look like spam or phishing, or fail to arrive as it was meant. Nothing here keeps anybody from sending.

use super::links::{host, links};
use super::microsoft::LONG_TEXT;
use super::template::{self, PieceSource};
use super::{Letter, RenderedLetter};
use crate::rows::Row;
use crate::words::grouped;

/// Something worth changing in one guest's letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    pub what: LintKind,
    pub words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LintKind {
    Html,
    Long,
    Capitals,
    /// The host is a number.
    NumericLink,
    ForeignLink,
    OpenLink,
    BareLink,
    NobodyGreeted,
    NameMissing,
}

/// Where the letter goes, and whose hosts are the sender's own.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// By Microsoft's mail; otherwise it is a letter of one's own.
    pub by_microsoft: bool,
    /// The tenant's domains and the hosts that guests may land on.
    pub hosts: &'a [String],
}

const NAMES: [&str; 4] = ["displayName", "firstName", "lastName", "fullName"];

/// What is to be said about this guest's letter.
pub fn lints(letter: &Letter, row: Row<'_>, written: &RenderedLetter, redeem: Option<&str>, setting: Setting<'_>) -> Vec<Lint> {
    let text = written.text.text();
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut say = |what: LintKind, words: String| found.push(Lint { what, words });
    if has_tags(&text) {
        say(LintKind::Html, "HTML is shown as it is typed; nobody renders it.".into());
    }
    let length = text.trim().chars().count();
    if setting.by_microsoft && length > LONG_TEXT {
        say(
            LintKind::Long,
            format!(
                "The text has {} characters. Microsoft publishes no limit, but longer texts than {} were seen to vanish.",
                grouped(length),
                grouped(LONG_TEXT)
            ),
        );
    }
    if let Some(shouted) = shouted(&text) {
        say(LintKind::Capitals, format!("“{shouted}” shouts; capitals and rows of exclamation marks look like spam."));
    }
    for span in links(&text) {
        let link = &text[span];
        if Some(link) == redeem {
            continue;
        }
        let host = host(link).unwrap_or_default();
        let own = |own: &String| host == *own || host.strip_suffix(own.as_str()).is_some_and(|rest| rest.ends_with('.'));
        let is_numeric =
            host.starts_with('[') || !host.is_empty() && host.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if is_numeric {
            say(LintKind::NumericLink, format!("The link to {host} looks like phishing: no name, only a number."));
        } else if !setting.hosts.iter().any(own) {
            say(LintKind::ForeignLink, format!("The link to {host} leads away from your organisation; filters and guests distrust that."));
        } else if link.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")) {
            say(LintKind::OpenLink, format!("The link to {host} is not encrypted: write https."));
        } else if setting.by_microsoft {
            say(LintKind::BareLink, format!("The bare link to {host} stands above Microsoft’s own button; guests may take the wrong one."));
        }
    }
    let own_text = letter.text_of(row).message;
    let template = template::parse(own_text);
    let greets = template.fields().iter().any(|field| NAMES.contains(&field.name));
    let typed = NAMES.iter().map(|name| row.cell(name).trim()).any(|name| !name.is_empty() && text.contains(name));
    if !greets && !typed {
        say(LintKind::NobodyGreeted, "The letter calls nobody by name; {{firstName|there}} would.".into());
    } else if greets && !typed {
        let filled = written.text.pieces.iter().any(|(source, _)| matches!(source, PieceSource::Gap | PieceSource::Fallback));
        if filled {
            say(LintKind::NameMissing, "This guest’s name is missing in the list.".into());
        }
    }
    found
}

/// Whether a person should look at this letter: something is to be said about it, or a value is missing in it.
pub fn is_odd(letter: &Letter, row: Row<'_>, written: &RenderedLetter, redeem: Option<&str>, setting: Setting<'_>) -> bool {
    written.text.pieces.iter().any(|(source, _)| matches!(source, PieceSource::Gap | PieceSource::Fallback))
        || !lints(letter, row, written, redeem, setting).is_empty()
}

/// Whether something looks like a tag of HTML.
pub fn has_tags(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/') && rest.contains('>'))
}

/// Two words or more in capitals, one after the other, or three exclamation marks.
fn shouted(text: &str) -> Option<String> {
    if text.contains("!!!") {
        return Some("!!!".into());
    }
    let is_loud = |word: &&str| {
        let letters = || word.chars().filter(|letter| letter.is_alphabetic());
        letters().count() >= 3 && letters().all(char::is_uppercase)
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let pair = words.windows(2).find(|pair| pair.iter().all(is_loud))?;
    Some(pair.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::values::MergeContext;
    use crate::rows::{Column, List};

    fn list(name: &str) -> List {
        let mut list = List::default();
        list.add(&[(Column::from_heading("email"), "a@b.example".into()), (Column::from_heading("firstName"), name.into())]);
        list
    }

    fn found(message: &str, name: &str, by_microsoft: bool) -> Vec<LintKind> {
        let list = list(name);
        let letter = Letter { message: message.into(), ..Letter::default() };
        let redeem = "https://redeem.example/x";
        let written = letter.written(list.row(0), &MergeContext::default(), Some(redeem));
        let hosts = ["contoso.example".to_owned()];
        let lints = lints(&letter, list.row(0), &written, Some(redeem), Setting { by_microsoft, hosts: &hosts });
        lints.into_iter().map(|lint| lint.what).collect()
    }

    #[test]
    fn what_looks_wrong_is_named() {
        let check = |message: &str, expected: &[LintKind]| assert_eq!(found(message, "Ada", true), expected, "{message}");
        check("", &[]);
        check("Hi {{firstName}}, welcome.", &[]);
        check("Hi Ada, welcome.", &[]);
        check("Hi, welcome.", &[LintKind::NobodyGreeted]);
        check("{{firstName}} <b>x</b>", &[LintKind::Html]);
        check("{{firstName}} a < b > c", &[]);
        check("{{firstName}} x</b>", &[LintKind::Html]);
        check("{{firstName}} a <b, </ and 1 <2>", &[]);
        check("{{firstName}} ACT NOW", &[LintKind::Capitals]);
        check("{{firstName}} NASA and ESA", &[]);
        check("{{firstName}} NASA and ESA UK", &[]);
        check("{{firstName}} Act Now", &[]);
        check("{{firstName}} GO UP !!", &[]);
        check("{{firstName}} 東京 大阪", &[]);
        check("{{firstName}}!!!", &[LintKind::Capitals]);
        check("{{firstName}} http://10.1.2.3/x", &[LintKind::NumericLink]);
        check("{{firstName}} https://[::1]/x", &[LintKind::NumericLink]);
        check("{{firstName}} https://evil.example", &[LintKind::ForeignLink]);
        check("{{firstName}} https://notcontoso.example", &[LintKind::ForeignLink]);
        check("{{firstName}} http://www.contoso.example", &[LintKind::OpenLink]);
        check("{{firstName}} https://www.contoso.example", &[LintKind::BareLink]);
        check("{{firstName}} https://contoso.example", &[LintKind::BareLink]);
        check("{{firstName}} https://10.contoso.example.1x", &[LintKind::ForeignLink]);
        // Nobody could follow it.
        check("{{firstName}} https://?x.y", &[LintKind::ForeignLink]);
        check(&format!("{{{{firstName}}}} {}", "x".repeat(LONG_TEXT - 4)), &[]);
        check(&format!("{{{{firstName}}}} {}", "x".repeat(LONG_TEXT - 3)), &[LintKind::Long]);
        check("{{firstName}} {{redeemUrl}}", &[]);
    }

    #[test]
    fn letters_of_ones_own_may_be_long_and_have_links() {
        assert_eq!(found(&format!("{{{{firstName}}}} https://contoso.example {}", "x".repeat(1500)), "Ada", false), []);
        assert_eq!(found("Hi {{firstName|there}}", "", false), [LintKind::NameMissing]);
        assert_eq!(found("Hi {{firstName}}", "", false), [LintKind::NameMissing]);
    }

    #[test]
    fn a_name_is_missing_only_where_the_letter_has_a_gap_for_it() {
        assert_eq!(found("Hi {{firstName}} of {{company}}", "Ada", false), []);
        assert_eq!(found("Hi{{#if firstName}} {{firstName}}{{/if}}, welcome", "", false), []);
        assert_eq!(found("Hi, welcome to {{company|us}}", "Ada", false), [LintKind::NobodyGreeted]);
    }

    #[test]
    fn a_letter_is_odd_where_a_value_is_missing_or_something_is_to_be_said() {
        let check = |message: &str, name: &str, expected: bool| {
            let (list, letter) = (list(name), Letter { message: message.into(), ..Letter::default() });
            let written = letter.written(list.row(0), &MergeContext::default(), None);
            let setting = Setting { by_microsoft: true, hosts: &[] };
            assert_eq!(is_odd(&letter, list.row(0), &written, None, setting), expected, "{message}");
        };
        check("Hi {{firstName}}", "Ada", false);
        check("Hi {{firstName}} of {{company}}", "Ada", true);
        check("Hi {{firstName|there}}", "", true);
        check("Hi {{firstName}}!!!", "Ada", true);
    }
}

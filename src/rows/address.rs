//! What Microsoft accepts as the address of a guest. Narrower than the RFCs: these are the rules of the invitation API.

pub(super) use super::clutter::is_invisible;
use super::{clutter, scripts, spelling};
use std::collections::HashMap;
use url::Url;

/// A mail address that Graph's documented rules allow. Domains are kept in ASCII (punycode).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// Something known of addresses. Two spellings of one address are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByAddress<T> {
    places: HashMap<String, usize>,
    values: Vec<Option<T>>,
}

impl<T> Default for ByAddress<T> {
    fn default() -> Self {
        Self { places: HashMap::new(), values: Vec::new() }
    }
}

impl<T> ByAddress<T> {
    pub fn get(&self, address: &Address) -> Option<&T> {
        self.values[*self.places.get(&address.key())?].as_ref()
    }

    pub fn set(&mut self, address: &Address, value: Option<T>) {
        let place = *self.places.entry(address.key()).or_insert(self.values.len());
        if place == self.values.len() {
            self.values.push(value);
        } else {
            self.values[place] = value;
        }
    }
}

/// Why a text is no address, or none that Microsoft would accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    Empty,
    NoAt,
    NoName,
    NoDomain,
    BadDomain,
    /// The domain is not in ASCII. The page rewrites such domains before they reach the list.
    NotAscii,
    /// A sign that Microsoft refuses, a blank, or one beyond ASCII that belongs in no address: a quote, a dash, a bullet.
    NotAllowed(char),
    Edge(char),
    TooLong,
    /// Exchange's own name of a mailbox, which no mail from outside reaches.
    ExchangeName,
    /// More than one address.
    Several,
    /// A full-width form of an ASCII sign.
    FullWidth(char),
    /// A zero-width or directional mark between the letters.
    Invisible,
}

/// msgraph-sdk-dotnet @ 24e68f7f, comment of Invitation.InvitedUserEmailAddress.
const NOT_ALLOWED: &str = "~!#$%^&*()+=[]{}\\/|;:\"'<>?,`";
/// RFC 5321 section 4.5.3.1.3, without the angle brackets.
const MOST: usize = 254;

impl Address {
    /// Reads an address; blanks and invisible marks around it are dropped.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, AddressProblem> {
        let text = text.trim_matches(is_around);
        if text.is_empty() {
            return Err(AddressProblem::Empty);
        }
        if clutter::is_exchange_name(text) && clutter::addresses(text).is_empty() {
            return Err(AddressProblem::ExchangeName);
        }
        if text.matches('@').nth(1).is_some() && clutter::addresses(text).len() > 1 {
            return Err(AddressProblem::Several);
        }
        if text.contains(is_invisible) {
            return Err(AddressProblem::Invisible);
        }
        if let Some(wide) = text.chars().find(|character| clutter::narrowed(*character) != *character) {
            return Err(if wide.is_whitespace() { AddressProblem::NotAllowed(' ') } else { AddressProblem::FullWidth(wide) });
        }
        if let Some(sign) = text.chars().find(|character| clutter::is_sign(*character)) {
            return Err(AddressProblem::NotAllowed(sign));
        }
        let address = Self::from_halves(text)?;
        // What a browser made of `example”`, or an earlier version.
        let hides_sign = |label: &str| label.starts_with("xn--") && scripts::label(label).contains(clutter::is_sign);
        if address.domain().split('.').any(hides_sign) { Err(AddressProblem::BadDomain) } else { Ok(address) }
    }

    /// An address out of a record of a run. Earlier versions sent to addresses with invisible marks between the letters, which they
    /// left out, and with full-width letters and signs, as they were typed; who was invited so stays known.
    pub fn from_record(text: &str) -> Option<Self> {
        let text: String = text.trim_matches(is_around).chars().filter(|character| !is_invisible(*character)).collect();
        Self::parse(&text).or_else(|_| Self::from_halves(&text)).ok()
    }

    fn from_halves(text: &str) -> Result<Self, AddressProblem> {
        let (local, domain) = text.rsplit_once('@').ok_or(AddressProblem::NoAt)?;
        if local.is_empty() {
            return Err(AddressProblem::NoName);
        }
        if let Some(bad) =
            local.chars().find(|character| NOT_ALLOWED.contains(*character) || character.is_whitespace() || *character == '@')
        {
            return Err(AddressProblem::NotAllowed(bad));
        }
        let edges = [local.chars().next(), local.chars().last()];
        if let Some(edge) = edges.into_iter().flatten().find(|edge| matches!(edge, '.' | '-' | '·')) {
            return Err(AddressProblem::Edge(edge));
        }
        let domain = domain_of(domain)?;
        let address = format!("{local}@{domain}");
        if address.len() > MOST { Err(AddressProblem::TooLong) } else { Ok(Self(address)) }
    }

    /// The two halves of what is an address, without making one: for looking through a list. Their case is as it was typed.
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub fn parse_parts(text: &str) -> Result<(&str, &str), AddressProblem> {
        // Looking for marks around it is half of the work, and hardly any has them.
        let edges = [text.as_bytes().first(), text.as_bytes().last()];
        let is_bare = edges.iter().all(|edge| edge.is_some_and(u8::is_ascii_graphic));
        let text = if is_bare { text } else { text.trim_matches(is_around) };
        match Self::plain_parts(text) {
            Some((local, domain)) if is_plain_domain(domain) => Ok((local, domain)),
            // Rarer ones take the long way.
            _ => Self::parse(text).map(|_| text.rsplit_once('@').unwrap_or((text, ""))),
        }
    }

    /// The two halves of what is an address if the second one is a plain domain; nothing where the first one needs a second look.
    pub(super) fn plain_parts(text: &str) -> Option<(&str, &str)> {
        // Byte by byte: the search for a character begins too slowly for texts as short as these.
        let at = text.bytes().rposition(|byte| byte == b'@').filter(|_| text.len() <= MOST)?;
        let (local, domain) = (&text[..at], &text[at + 1..]);
        is_plain_name(local).then_some((local, domain))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// What two spellings of one address share.
    pub fn key(&self) -> String {
        spelling::folded(&self.0).into_owned()
    }
}

/// An address as a list keeps it: without invisible marks around it, and with a domain beyond ASCII as `ascii` writes it, which says
/// nothing of what is none. A domain with signs that belong in none, or with invisible ones but those that join letters or keep them
/// apart (RFC 5892, appendix A), stays as it is, to be seen: browsers leave them out or make letters of them.
pub fn kept_address(text: &str, ascii: impl Fn(&str) -> Option<String>) -> String {
    let text = if text.is_ascii() { text } else { text.trim_matches(is_around) };
    let is_hidden = |sign: char| is_invisible(sign) && !matches!(sign, '\u{200c}' | '\u{200d}');
    let belongs = |sign: char| !(sign.is_whitespace() || is_hidden(sign) || clutter::is_sign(sign));
    let is_label = |label: &str| label.chars().all(belongs) && !label.starts_with('·') && !label.ends_with('·');
    let is_international = |domain: &str| !domain.is_ascii() && domain.split('.').all(is_label);
    let halves = text.rsplit_once('@').filter(|(_, domain)| is_international(domain));
    let written = halves.and_then(|(local, domain)| Some(format!("{local}@{}", ascii(domain)?)));
    written.unwrap_or_else(|| text.to_owned())
}

/// What may stand on either side of an address without being part of it.
fn is_around(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// Letters, digits and the marks that need no second look.
fn is_plain_name(local: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    edge(local.as_bytes().first()) && edge(local.as_bytes().last()) && local.bytes().all(inner)
}

/// Labels of letters, digits and hyphens that are neither a number nor punycode.
pub(super) fn is_plain_domain(domain: &str) -> bool {
    let is_edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let is_plain = |label: &[u8]| {
        let is_punycode = || label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"xn--"));
        let are_plain = || label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        is_edge(label.first()) && is_edge(label.last()) && label.len() <= 63 && are_plain() && !is_punycode()
    };
    let labels = || domain.as_bytes().split(|byte| *byte == b'.');
    let is_word = |label: &[u8]| label.first().is_some_and(u8::is_ascii_alphabetic);
    domain.contains('.') && labels().all(is_plain) && labels().next_back().is_some_and(is_word)
}

/// The domain in lower case, as the URL standard's host parser sees it.
fn domain_of(text: &str) -> Result<String, AddressProblem> {
    if text.is_empty() {
        return Err(AddressProblem::NoDomain);
    }
    if let Some(bad) = text.chars().find(|character| NOT_ALLOWED.contains(*character) || character.is_whitespace()) {
        return Err(AddressProblem::NotAllowed(bad));
    }
    if !text.is_ascii() {
        return Err(AddressProblem::NotAscii);
    }
    let url = Url::parse(&format!("https://{text}/")).map_err(|_| AddressProblem::BadDomain)?;
    match url.host() {
        Some(url::Host::Domain(domain)) if is_sound(domain) => Ok(domain.to_owned()),
        _ => Err(AddressProblem::BadDomain),
    }
}

fn is_sound(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let label = |label: &&str| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-');
    labels.len() > 1
        && labels.iter().all(label)
        && labels.last().is_some_and(|last| last.chars().any(|character| character.is_ascii_alphabetic()))
}

impl AddressProblem {
    /// A short sentence for the cell.
    pub fn words(self) -> String {
        match self {
            Self::Empty => "An email address is missing.".into(),
            Self::NoAt => "The @ is missing.".into(),
            Self::NoName => "There is nothing before the @.".into(),
            Self::NoDomain => "There is nothing after the @.".into(),
            Self::BadDomain => "The part after the @ is not a domain.".into(),
            Self::NotAscii => "The domain has to be written in its ASCII form, which begins with xn--.".into(),
            Self::NotAllowed(blank) if blank.is_whitespace() => "There is a blank inside the address.".into(),
            Self::NotAllowed(sign) if !sign.is_ascii() => format!("{sign} belongs in no address."),
            Self::NotAllowed(character) => format!("Microsoft refuses invitations to addresses with {character}."),
            Self::Edge(character) => format!("The part before the @ must not begin or end with {character}"),
            Self::TooLong => "The address is longer than 254 characters.".into(),
            Self::ExchangeName => {
                "This is the name by which Exchange knows a mailbox (X.500), not an address that mail from outside reaches.".into()
            }
            Self::Several => "More than one address stands here, and a row is one guest.".into(),
            Self::FullWidth(character) => {
                format!("{character} is the full-width form of {}, which no address has.", clutter::narrowed(character))
            }
            Self::Invisible => "There is an invisible sign inside the address.".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn who_was_invited_by_an_earlier_version_stays_known() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Address::from_record(text).as_ref().map(Address::as_str), expected, "{text:?}");
        };
        check("ada@fabrikam.example", Some("ada@fabrikam.example"));
        check("ada\u{200b}@fabrikam.example\u{200e} ", Some("ada@fabrikam.example"));
        check("ａｄａ@fabrikam.example", Some("ａｄａ@fabrikam.example"));
        check("★ada@fabrikam.example", Some("★ada@fabrikam.example"));
        check("ada@fabrikam.xn--example-b46c", Some("ada@fabrikam.xn--example-b46c"));
        check("nobody", None);
    }

    #[test]
    fn a_domain_beyond_ascii_is_written_in_ascii_and_what_is_none_stays_to_be_seen() {
        let check = |text: &str, expected: &str| {
            let ascii = |domain: &str| (!domain.contains('!')).then(|| format!("xn--{}", domain.len()));
            assert_eq!(kept_address(text, ascii), expected, "{text:?}");
        };
        check("ana@bücher.example", "ana@xn--15");
        check("ana@हिन्दी.example", "ana@xn--26");
        check("ana@col·legi.example", "ana@xn--17");
        check("Ana@Fabrikam.example", "Ana@Fabrikam.example");
        check(" Ana@Fabrikam.example ", " Ana@Fabrikam.example ");
        check("\u{202a} ana@fabrikam.example\u{202c}", "ana@fabrikam.example");
        check("\u{200e}ana@bücher.example\u{2069}", "ana@xn--15");
        check("nobody\u{feff}", "nobody");
        check("ana@نامه\u{200c}ای.example", "ana@xn--23");
        for text in [
            "ana@x.example\u{feff}Email",
            "ana@ü b",
            "ana@ü!",
            "“ana@fabrikam.example”",
            "ana@fabrikam.example™",
            "ana@bücher.example…",
            "ana@x–y.example",
            "ana@x.example·",
        ] {
            check(text, text);
        }
    }

    fn check(text: &str, expected: Result<&str, AddressProblem>) {
        assert_eq!(Address::parse(text).map(|address| address.0), expected.map(Into::into), "{text:?}");
        let halves = Address::parse_parts(text).map(|(local, domain)| format!("{local}@{}", domain.to_ascii_lowercase()));
        assert_eq!(halves, expected.map(Into::into), "{text:?}");
    }

    #[test]
    fn addresses_are_judged_by_graphs_rules() {
        use AddressProblem as P;
        check("ada@fabrikam.example", Ok("ada@fabrikam.example"));
        check("  Ada.Lovelace_1@Fabrikam.EXAMPLE\u{200b} ", Ok("Ada.Lovelace_1@fabrikam.example"));
        check("ana@xn--bcher-kva.example", Ok("ana@xn--bcher-kva.example"));
        check("ana@bücher.example", Err(P::NotAscii));
        check("", Err(P::Empty));
        check("\u{feff} ", Err(P::Empty));
        check("ada.fabrikam.example", Err(P::NoAt));
        check("@fabrikam.example", Err(P::NoName));
        check("ada@", Err(P::NoDomain));
        check("ada@fabrikam", Err(P::BadDomain));
        check("ada@.example", Err(P::BadDomain));
        check("ada@fabri kam.example", Err(P::NotAllowed(' ')));
        check("ada@fabrikam.example/sales", Err(P::NotAllowed('/')));
        check("ada@fabrikam.-sales.example", Err(P::BadDomain));
        check("ada@xn--99999999.example", Err(P::BadDomain));
        check("ada@sales.XN--99999999.example", Err(P::BadDomain));
        check("ada@xn--99999999.xn--99999999", Err(P::BadDomain));
        check("ada@fabrikam..example", Err(P::BadDomain));
        check("ada@-fabrikam.example", Err(P::BadDomain));
        check("ada@127.0.0.1", Err(P::BadDomain));
        check("ada+tag@fabrikam.example", Err(P::NotAllowed('+')));
        check("ada@home@fabrikam.example", Err(P::NotAllowed('@')));
        check("o'neil@fabrikam.example", Err(P::NotAllowed('\'')));
        check("ada lovelace@fabrikam.example", Err(P::NotAllowed(' ')));
        check("<script>@fabrikam.example", Err(P::NotAllowed('<')));
        check(".ada@fabrikam.example", Err(P::Edge('.')));
        check("ada-@fabrikam.example", Err(P::Edge('-')));
        check(&format!("{}@fabrikam.example", "a".repeat(250)), Err(P::TooLong));
        check("a@1.2.3.0x4", Err(P::BadDomain));
        check("_a@b-c.example", Ok("_a@b-c.example"));
        check("x500:/o=Fabrikam/ou=First/cn=Recipients/cn=ada", Err(P::ExchangeName));
        check("/O=FABRIKAM/OU=FIRST/CN=RECIPIENTS/CN=ADA", Err(P::ExchangeName));
        check("SMTP:/o=Fabrikam/cn=ada", Err(P::ExchangeName));
        check("IMCEAEX-_o=Fabrikam_cn=ada@fabrikam.example", Err(P::ExchangeName));
        check("ada@fabrikam.example ::: ada@adatum.example", Err(P::Several));
        check("ada@fabrikam.example;ada@adatum.example", Err(P::Several));
        check("a\u{200b}da@fabrikam.example", Err(P::Invisible));
        check("ａda@fabrikam.example", Err(P::FullWidth('ａ')));
        check("ada＠fabrikam.example", Err(P::FullWidth('＠')));
        check("ada\u{3000}l@fabrikam.example", Err(P::NotAllowed(' ')));
        for text in ["“ada@fabrikam.example”", "“ada@fabrikam.example", "•ada@fabrikam.example", "★ada@fabrikam.example"] {
            check(text, Err(P::NotAllowed(text.chars().next().unwrap())));
        }
        for text in ["ada@fabrikam.example”", "ada@fabrikam.example…", "ada@fabrikam.example™", "ada@xn--bcher-kva.example²"] {
            check(text, Err(P::NotAllowed(text.chars().last().unwrap())));
        }
        check("ada@fabrikam.xn--example-b46c", Err(P::BadDomain));
        check("ada@Fabrikam.XN--example-B46C", Err(P::BadDomain));
        check("ada@fabri–kam.example", Err(P::NotAllowed('–')));
        check("o’neil@fabrikam.example", Err(P::NotAllowed('’')));
        check("J\u{fffd}rgen@fabrikam.example", Err(P::NotAllowed('\u{fffd}')));
        check("·ada@fabrikam.example", Err(P::Edge('·')));
        check("gal·la@fabrikam.example", Ok("gal·la@fabrikam.example"));
        check("สมชาย่@fabrikam.example", Ok("สมชาย่@fabrikam.example"));
        check("ada@fabrikam.example.", Err(P::BadDomain));
        check("Ada.Lovelace@Fabrikam.example", Ok("Ada.Lovelace@fabrikam.example"));
    }

    #[test]
    fn an_address_may_have_254_characters_and_63_between_two_dots() {
        for (length, expected) in [(253, Ok(())), (254, Ok(())), (255, Err(AddressProblem::TooLong))] {
            for address in [format!("{:a>length$}", "@fabrikam.example"), format!("é{:a>1$}", "@fabrikam.example", length - 2)] {
                check(&address, expected.map(|()| address.as_str()));
            }
        }
        for (length, expected) in [(63, Ok(())), (64, Err(AddressProblem::BadDomain)), (120, Err(AddressProblem::BadDomain))] {
            let label = "a".repeat(length);
            for domain in
                [format!("{label}.example"), format!("sales.{label}.example"), format!("fabrikam.{label}"), format!("{label}.{label}")]
            {
                let address = format!("ada@{domain}");
                check(&address, expected.map(|()| address.as_str()));
            }
        }
    }

    #[test]
    fn the_domain_of_an_address_is_what_stands_behind_its_at() {
        let domain = |text| Address::parse(text).map(|address| address.domain().to_owned());
        assert_eq!(domain("Ada@Sales.Fabrikam.example").as_deref(), Ok("sales.fabrikam.example"));
    }

    #[test]
    fn a_problem_is_told_in_words() {
        let check = |text: &str, expected: &str| assert_eq!(Address::parse(text).unwrap_err().words(), expected, "{text:?}");
        check("ada lovelace@fabrikam.example", "There is a blank inside the address.");
        check("ada+tag@fabrikam.example", "Microsoft refuses invitations to addresses with +.");
        check("ada@bücher.example", "The domain has to be written in its ASCII form, which begins with xn--.");
        check("ada.@fabrikam.example", "The part before the @ must not begin or end with .");
        check("ａda@fabrikam.example", "ａ is the full-width form of a, which no address has.");
        check("“ada@fabrikam.example", "“ belongs in no address.");
    }

    /// Looking through a list takes short ways, which lead where the long one does.
    #[test]
    fn the_short_way_judges_made_up_addresses_as_the_long_one_does() {
        let parts = ["a", "7", ".", "-", "_", "xn--", "é", "%", "sales", "example", "0x1f"];
        let mut rng = Rng::new(1);
        let mut pick = |sides: usize| rng.below(sides);
        for _ in 0..5000 {
            let mut text = |longest: usize| (0..=pick(longest)).map(|_| parts[pick(parts.len())]).collect::<String>();
            let address = format!("{}@{}", text(2), text(5));
            let long = Address::parse(&address).map(|address| address.0);
            let short = Address::parse_parts(&address).map(|(local, domain)| format!("{local}@{}", domain.to_ascii_lowercase()));
            assert_eq!(short, long, "{address}");
        }
    }

    #[test]
    fn two_spellings_share_a_key() {
        let key = |text| Address::parse(text).map(|address| address.key());
        assert_eq!(key("Ada@Fabrikam.example"), key("ada@fabrikam.EXAMPLE"));
        assert_eq!(key("René@fabrikam.example"), key("RENE\u{301}@fabrikam.example"));
        assert_ne!(key("ada@fabrikam.example"), key("ada@adatum.example"));
        // Also of a run that an earlier version recorded.
        let mut before = ByAddress::default();
        before.set(&Address::from_record("rene\u{301}@fabrikam.example").unwrap(), Some(7));
        assert_eq!(before.get(&Address::parse("René@fabrikam.example").unwrap()), Some(&7));
    }
}

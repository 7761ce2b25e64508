//! What a mail domain gives away by its spelling alone: a slip of the hand, a name made to look like another, a mailbox for
//! ten minutes. Nobody is asked; a list of disposable domains is kept as data beside this file.

use std::sync::LazyLock;

/// What may be wrong with a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Fine,
    /// Probably this one was meant.
    Typo(String),
    /// Looks like this one and is not.
    LookAlike(String),
    Disposable,
}

/// Domains of mailboxes that people mistype. Those that are a letter away from another stand here so as to be fine.
const POPULAR: [&str; 48] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.fr",
    "hotmail.de",
    "hotmail.it",
    "live.com",
    "msn.com",
    "microsoft.com",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.fr",
    "yahoo.de",
    "yahoo.co.jp",
    "ymail.com",
    "rocketmail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "gmx.at",
    "gmx.ch",
    "web.de",
    "t-online.de",
    "freenet.de",
    "orange.fr",
    "wanadoo.fr",
    "laposte.net",
    "free.fr",
    "libero.it",
    "virgilio.it",
    "proton.me",
    "protonmail.com",
    "mail.com",
    "email.com",
    "fastmail.com",
    "zoho.com",
    "yandex.com",
    "docomo.ne.jp",
    "bluewin.ch",
    "hey.com",
    "comcast.net",
    "verizon.net",
    "bigpond.com",
];

/// Endings that no domain has, and what was meant.
const ENDINGS: [(&str, &str); 14] = [
    ("con", "com"),
    ("cmo", "com"),
    ("ocm", "com"),
    ("comm", "com"),
    ("coom", "com"),
    ("cim", "com"),
    ("vom", "com"),
    ("xom", "com"),
    ("cpm", "com"),
    ("nett", "net"),
    ("ner", "net"),
    ("nte", "net"),
    ("ogr", "org"),
    ("orgg", "org"),
];

static DISPOSABLE: &str = include_str!("disposable.txt");
/// Lists may name hundreds of domains, and each is held against all of these.
static SKELETONS: LazyLock<[String; POPULAR.len()]> = LazyLock::new(|| POPULAR.map(skeleton));

/// The ending that was mistyped, and what was meant.
pub fn ending(domain: &str) -> Option<(&'static str, &'static str)> {
    let last = domain.rsplit('.').next()?;
    ENDINGS.into_iter().find(|(wrong, _)| last.eq_ignore_ascii_case(wrong))
}

/// Looks at a domain in lower case. `own` are the tenant's domains.
pub fn verdict<'a>(domain: &str, own: impl Iterator<Item = &'a str> + Clone) -> Verdict {
    let known = || own.clone().chain(POPULAR);
    if known().any(|known| known.eq_ignore_ascii_case(domain)) {
        return Verdict::Fine;
    }
    if is_disposable(domain) {
        return Verdict::Disposable;
    }
    if let Some((wrong, right)) = ending(domain) {
        return Verdict::Typo(format!("{}{right}", &domain[..domain.len() - wrong.len()]));
    }
    let seen = skeleton(domain);
    let popular = || POPULAR.into_iter().zip(SKELETONS.iter()).find(|(_, skeleton)| **skeleton == seen).map(|(known, _)| known);
    if let Some(like) = own.clone().find(|known| skeleton(known) == seen).or_else(popular) {
        return Verdict::LookAlike(like.to_owned());
    }
    let near = |known: &&str| {
        let ((name, rest), (own, own_rest)) = (cut(domain), cut(known));
        match (own == name, own_rest == rest) {
            // A shorter name is a letter away from too many.
            (false, true) => own.len() > 4 && name.len().abs_diff(own.len()) < 2 && strsim::osa_distance(name, own) == 1,
            (true, false) => own.len() > 4 && own_rest == "com" && matches!(rest, "co" | "cm" | "om"),
            _ => false,
        }
    };
    match known().find(near) {
        Some(known) if own.clone().any(|own| own == known) => Verdict::LookAlike(known.to_owned()),
        Some(known) => Verdict::Typo(known.to_owned()),
        None => Verdict::Fine,
    }
}

/// The domain itself, or one above it, is on the list, which is sorted.
fn is_disposable(domain: &str) -> bool {
    static LINES: LazyLock<Vec<&'static str>> = LazyLock::new(|| DISPOSABLE.lines().collect());
    let above = domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..]);
    std::iter::once(domain).chain(above).any(|name| LINES.binary_search(&name).is_ok())
}

fn cut(domain: &str) -> (&str, &str) {
    domain.split_once('.').unwrap_or((domain, ""))
}

/// What is left of a name when signs that look alike count as one.
fn skeleton(domain: &str) -> String {
    let pairs = domain.replace("rn", "m").replace("vv", "w").replace("cl", "d");
    pairs
        .chars()
        .map(|character| match character {
            '0' => 'o',
            '1' | 'i' => 'l',
            '5' => 's',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_judged_by_their_spelling() {
        use Verdict as V;
        let own = ["contoso.example"];
        let check = |domain: &str, expected: V| assert_eq!(verdict(domain, own.into_iter()), expected, "{domain}");
        for fine in [
            "fabrikam.example",
            "gmail.com",
            "mail.com",
            "ymail.com",
            "yahoo.fr",
            "hotmail.se",
            "contoso.example",
            "aon.com",
            "firma.de",
            "love.com",
            "live.co",
            "zoho.cm",
        ] {
            check(fine, V::Fine);
        }
        check("fabrikam.con", V::Typo("fabrikam.com".into()));
        check("gmial.com", V::Typo("gmail.com".into()));
        check("gmail.cm", V::Typo("gmail.com".into()));
        check("outlok.com", V::Typo("outlook.com".into()));
        check("rnicrosoft.com", V::LookAlike("microsoft.com".into()));
        check("micr0soft.com", V::LookAlike("microsoft.com".into()));
        check("c0ntoso.example", V::LookAlike("contoso.example".into()));
        check("contosso.example", V::LookAlike("contoso.example".into()));
        check("mailinator.com", V::Disposable);
        check("box.mailinator.com", V::Disposable);
        check("notmailinator.example", V::Fine);
    }

    #[test]
    fn the_disposable_domains_are_sorted_and_in_lower_case() {
        let lines: Vec<&str> = DISPOSABLE.lines().collect();
        assert!(lines.len() > 100 && lines.is_sorted());
        assert!(lines.iter().all(|line| line.contains('.') && *line == line.to_lowercase().trim()));
    }
}

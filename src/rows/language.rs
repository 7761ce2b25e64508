//! Tags of languages: which are one, and which of those at hand fits best.

/// Empty, or a tag such as `de` or `pt-BR`: RFC 5646 without its rarer parts.
pub fn is_language(text: &str) -> bool {
    let mut parts = text.trim().split('-');
    let first = parts.next().unwrap_or_default();
    text.trim().is_empty()
        || (2..=3).contains(&first.len())
            && first.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The place of the tag that fits: the wanted one, else with its last parts left out, `de-AT` then `de`. RFC 4647 §3.4.
pub fn lookup<'a>(wanted: &str, tags: impl Iterator<Item = &'a str> + Clone) -> Option<usize> {
    let mut range = wanted.trim();
    while !range.is_empty() {
        if let Some(place) = tags.clone().position(|tag| tag.eq_ignore_ascii_case(range)) {
            return Some(place);
        }
        range = range.rsplit_once('-').map_or("", |(rest, _)| rest);
        // A part of one letter announces the next one.
        if let Some((rest, single)) = range.rsplit_once('-')
            && single.len() == 1
        {
            range = rest;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags() {
        for good in ["", "de", "de-DE", "pt-BR", "zh-Hans", "fil"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["d", "German", "de_DE", "de-", "12"] {
            assert!(!is_language(bad), "{bad}");
        }
    }

    #[test]
    fn the_nearest_tag_is_found() {
        let tags = ["de", "pt-BR", "zh-Hant", "en"];
        let check = |wanted: &str, expected: Option<&str>| {
            assert_eq!(lookup(wanted, tags.into_iter()).map(|place| tags[place]), expected, "{wanted}");
        };
        check("de", Some("de"));
        check("de-AT", Some("de"));
        check("DE-at", Some("de"));
        check("de-Latn-AT-x-old", Some("de"));
        check("pt-BR", Some("pt-BR"));
        check("pt", None);
        check("pt-PT", None);
        check("zh-Hant-TW", Some("zh-Hant"));
        check("zh-Hans", None);
        check(" en-GB ", Some("en"));
        check("", None);
        check("-", None);
        check("dex", None);
    }
}

//! Links in a plain text.

use std::ops::Range;

/// Where links stand: from `http://`, `https://` or `www.` up to the next blank, without the marks of the sentence around it.
pub fn links(text: &str) -> Vec<Range<usize>> {
    let mut links = Vec::new();
    let mut next = 0;
    while let Some((start, _)) = ["https://", "http://", "www."]
        .into_iter()
        .filter_map(|sign| Some((next + find(&text[next..], sign)?, sign)))
        .min_by_key(|(place, _)| *place)
    {
        let rest = &text[start..];
        let long = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '{' | '}')).unwrap_or(rest.len());
        let mut link = rest[..long].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '”', '’', '。', '、', '»']);
        if !link.contains('(') {
            link = link.trim_end_matches(')');
        }
        let is_word = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
        if !is_word && link.contains(['.', '[']) {
            links.push(start..start + link.len());
        }
        next = start + long.max(1);
    }
    links
}

/// Whatever its case.
fn find(text: &str, sign: &str) -> Option<usize> {
    text.as_bytes().windows(sign.len()).position(|window| window.eq_ignore_ascii_case(sign.as_bytes()))
}

/// The host of a link, in lower case; `None` when nobody could follow it.
pub fn host(link: &str) -> Option<String> {
    url::Url::parse(&address(link)).ok()?.host_str().map(str::to_owned)
}

/// The link with its scheme.
pub fn address(link: &str) -> String {
    if link.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) { format!("https://{link}") } else { link.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_without_the_sentence_around_them() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = links(text).into_iter().map(|span| &text[span]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("See https://a.example/x?y=1#z.", &["https://a.example/x?y=1#z"]);
        check("(http://a.example)", &["http://a.example"]);
        check("https://a.example/(x)", &["https://a.example/(x)"]);
        check("HTTPS://A.example, www.b.example!", &["HTTPS://A.example", "www.b.example"]);
        check("ü <https://a.example> ü", &["https://a.example"]);
        check("https://a.example。次", &["https://a.example。次"]);
        check("awww.cute https:// www.", &[]);
        check("", &[]);
    }

    #[test]
    fn hosts() {
        assert_eq!(host("www.B.example/x").as_deref(), Some("www.b.example"));
        assert_eq!(host("https://user:pw@10.0.0.1:8/x").as_deref(), Some("10.0.0.1"));
        assert_eq!(host("https://[").as_deref(), None);
    }
}

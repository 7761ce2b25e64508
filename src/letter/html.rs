//! A letter's plain text as HTML: paragraphs, line breaks and links, and a button where the personal link has a line of its
//! own. Nothing of the text is ever markup.

use super::{languages, links};

/// A whole page, as mail programs show it. Styles stand inline: they know no others.
pub fn page(text: &str, language: &str, redeem: Option<&str>) -> String {
    let tag = if language.is_empty() { String::new() } else { format!(" lang=\"{}\"", escape(language)) };
    format!(
        "<!doctype html>\n<html{tag}><head><meta charset=\"utf-8\"></head>\
         <body dir=\"auto\" style=\"font-family:'Segoe UI',system-ui,sans-serif;font-size:15px;line-height:1.5\">\n{}</body></html>\n",
        body(text, languages::accept(language), redeem)
    )
}

/// The paragraphs. `accept` is what the button says.
pub fn body(text: &str, accept: &str, redeem: Option<&str>) -> String {
    let text = text.replace("\r\n", "\n");
    let mut page = String::new();
    for paragraph in text.split("\n\n").map(|paragraph| paragraph.trim_matches('\n')).filter(|paragraph| !paragraph.trim().is_empty()) {
        page.push_str("<p dir=\"auto\">");
        let lines: Vec<String> = paragraph.split('\n').map(|line| self::line(line, accept, redeem)).collect();
        page.push_str(&lines.join("<br>\n"));
        page.push_str("</p>\n");
    }
    page
}

fn line(line: &str, accept: &str, redeem: Option<&str>) -> String {
    if let Some(link) = redeem.filter(|link| line.trim() == *link) {
        return format!(
            "<a href=\"{}\" style=\"display:inline-block;padding:8px 16px;border-radius:4px;color:#ffffff;background:#0f6cbd;text-decoration:none\">{}</a>",
            escape(link),
            escape(accept)
        );
    }
    let mut out = String::new();
    let mut done = 0;
    for span in links::links(line) {
        out.push_str(&escape(&line[done..span.start]));
        let link = &line[span.clone()];
        out.push_str(&format!("<a href=\"{}\">{}</a>", escape(&links::address(link)), escape(link)));
        done = span.end;
    }
    out.push_str(&escape(&line[done..]));
    out
}

/// A text as text of HTML and as value of an attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_paragraphs_and_never_markup() {
        let check = |text: &str, redeem: Option<&str>, expected: &str| assert_eq!(body(text, "Accept", redeem), expected, "{text:?}");
        check("Hi\nyou\n\n\nBye", None, "<p dir=\"auto\">Hi<br>\nyou</p>\n<p dir=\"auto\">Bye</p>\n");
        check(
            "<script>alert('x')</script> & \"co\"",
            None,
            "<p dir=\"auto\">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;co&quot;</p>\n",
        );
        check(
            "See www.contoso.example.",
            None,
            "<p dir=\"auto\">See <a href=\"https://www.contoso.example\">www.contoso.example</a>.</p>\n",
        );
        check(
            "Here: https://r.example/?a=1&b=2 !",
            Some("https://r.example/?a=1&b=2"),
            "<p dir=\"auto\">Here: <a href=\"https://r.example/?a=1&amp;b=2\">https://r.example/?a=1&amp;b=2</a> !</p>\n",
        );
        check("", None, "");
        check("\r\n\r\nHi\r\n\r\n \r\n\r\nBye\r\n", None, "<p dir=\"auto\">Hi</p>\n<p dir=\"auto\">Bye</p>\n");
        let button = body("Accept:\n https://r.example/?a=1&b=2 ", "Annehmen", Some("https://r.example/?a=1&b=2"));
        assert!(button.contains("href=\"https://r.example/?a=1&amp;b=2\"") && button.contains(">Annehmen</a>"), "{button}");
    }

    #[test]
    fn a_page_names_its_language() {
        assert!(page("x", "de", None).contains("<html lang=\"de\">"));
        assert!(page("x", "", None).contains("<html>"));
        let link = "https://redeem.example/x";
        assert!(page(link, "de", Some(link)).contains(">Einladung annehmen</a></p>\n</body></html>"));
    }
}

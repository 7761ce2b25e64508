//! What only those need who read the source, and every visitor would load: comments, blank lines, what lines begin with, and
//! styles in several files, which compress better as one.

use crate::integrity;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// A script without lines of comment, blank ones and indentation.
pub fn script(text: &str) -> String {
    let mut is_comment = false;
    let lines = text.lines().map(str::trim_start).filter(|line| {
        let begins = line.starts_with("/**");
        let stays = !(is_comment || begins || line.is_empty() || line.starts_with("//"));
        is_comment = (is_comment || begins) && !line.ends_with("*/");
        stays
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Puts the styles that `index.html` names into one file, in their order, and shortens both.
///
/// # Errors
/// That a style is not where `index.html` says, or cannot be written.
pub fn page(dist: &Path) -> Result<(), String> {
    let page = dist.join("index.html");
    let text = std::fs::read_to_string(&page).map_err(|error| error.to_string())?;
    let names = styles_of(&text);
    let mut all = String::new();
    for name in &names {
        let file = dist.join(name);
        all += &std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        std::fs::remove_file(&file).map_err(|error| error.to_string())?;
    }
    let all = style(&all);
    let mut hasher = DefaultHasher::new();
    all.hash(&mut hasher);
    let name = format!("style-{:016x}.css", hasher.finish());
    std::fs::write(dist.join(&name), all).map_err(|error| error.to_string())?;
    let link = format!("<link rel=\"stylesheet\" href=\"./{name}\" integrity=\"{}\">", integrity::for_file(&dist.join(&name))?);
    std::fs::write(&page, markup(&text, &link)).map_err(|error| error.to_string())
}

fn is_style(line: &str) -> bool {
    line.starts_with("<link rel=\"stylesheet\"")
}

fn styles_of(page: &str) -> Vec<&str> {
    let links = page.lines().map(str::trim).filter(|line| is_style(line));
    links.filter_map(|link| link.split("href=\"./").nth(1)?.split('"').next()).collect()
}

/// The page without indentation, blank lines and comments, and with one link in place of those to its styles.
fn markup(page: &str, link: &str) -> String {
    let mut link = Some(link);
    let lines = page.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("<!-- "));
    lines.filter_map(|line| if is_style(line) { link.take() } else { Some(line) }).flat_map(|line| [line, "\n"]).collect()
}

/// Styles without comments, blank lines and indentation.
fn style(text: &str) -> String {
    let mut pieces = text.split("/*");
    let first = pieces.next().unwrap_or_default().to_owned();
    let bare = pieces.fold(first, |bare, piece| bare + piece.split_once("*/").map_or("", |(_, rest)| rest));
    bare.lines().map(str::trim).filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_keeps_every_line_of_code() {
        let text = "/**\n * What it is.\n */\nexport function a() {\n    // why\n    return `b\\nc`; /* d */\n\n    /** one line */\n    x *= 2;\n}\n";
        assert_eq!(script(text), "export function a() {\nreturn `b\\nc`; /* d */\nx *= 2;\n}\n");
    }

    #[test]
    fn styles_keep_every_rule() {
        assert_eq!(
            style("/* what\n it is */\n.a { b: c; }\n\n@media x {\n  /* why */\n  .d { e: f; }\n}\n"),
            ".a { b: c; }\n@media x {\n.d { e: f; }\n}\n"
        );
    }

    #[test]
    fn a_page_names_one_style_where_it_named_several() {
        let page = "<head>\n  <link rel=\"stylesheet\" href=\"./a.css\" integrity=\"x\"/>\n  <link rel=\"stylesheet\" href=\"./b.css\"/>\n  <!-- why -->\n\n  <p>c</p>\n</head>\n";
        assert_eq!(styles_of(page), ["a.css", "b.css"]);
        assert_eq!(markup(page, "<link>"), "<head>\n<link>\n<p>c</p>\n</head>\n");
    }
}

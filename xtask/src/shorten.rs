//! What only those need who read the source, and every visitor would load: comments, blank lines, what lines begin with, and
//! styles in several files, which compress better as one.

use crate::integrity;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
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

/// Writes numbers in place of the hashes that wasm-bindgen ends the names of what a module imports with: a hash does not compress. Of
/// names that differ in nothing else the first has 0. Each keeps its length, so nothing else in the module changes.
pub fn import_names(script: &mut [u8], module: &mut [u8]) {
    let mut numbers: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let mut renamed: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    for name in hashed_names(script) {
        let (name, beginning) = (&script[name.clone()], &script[name.start..name.end - HASH]);
        renamed.entry(name.to_vec()).or_insert_with(|| {
            let number = numbers.entry(beginning.to_vec()).and_modify(|number| *number += 1).or_default();
            [beginning, format!("{number:0HASH$x}").as_bytes()].concat()
        });
    }
    for text in [script, module] {
        for place in hashed_names(text) {
            if let Some(new) = renamed.get(&text[place.clone()]) {
                text[place].copy_from_slice(new);
            }
        }
    }
}

/// Digits of such a hash.
const HASH: usize = 16;

/// Where names stand that wasm-bindgen made and that end with a hash.
fn hashed_names(text: &[u8]) -> Vec<Range<usize>> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].windows(4).position(|four| four == b"__wb").map(|start| at + start) {
        let end = text[start..].iter().position(|byte| !is_word(byte)).map_or(text.len(), |length| start + length);
        let (name, hash) = text[start..end].split_at((end - start).saturating_sub(HASH));
        if name.ends_with(b"_") && hash.iter().all(u8::is_ascii_hexdigit) {
            found.push(start..end);
        }
        at = end;
    }
    found
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
    fn imports_keep_their_length_and_stay_apart_without_their_hashes() {
        let mut script = b"__wbg_then_e3f7f2d365708be8: f, __wbg_then_0f7f2d365708be81: g, __wbg_new_00112233445566ff: h, __wbindgen_free: i, x_e3f7f2d365708be8".to_vec();
        let mut module = b"\x1b__wbg_then_0f7f2d365708be81\0\x05\x1b__wbg_then_e3f7f2d365708be8\0\x06 __wbg_own_aaaaaaaaaaaaaaaa".to_vec();
        let length = (script.len(), module.len());
        import_names(&mut script, &mut module);
        assert_eq!((script.len(), module.len()), length);
        let words = "__wbg_then_0000000000000000: f, __wbg_then_0000000000000001: g, __wbg_new_0000000000000000: h, __wbindgen_free: i, x_e3f7f2d365708be8";
        assert_eq!(String::from_utf8(script).unwrap(), words);
        let names = "\x1b__wbg_then_0000000000000001\0\x05\x1b__wbg_then_0000000000000000\0\x06 __wbg_own_aaaaaaaaaaaaaaaa";
        assert_eq!(String::from_utf8(module).unwrap(), names, "what the script does not name stays");
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

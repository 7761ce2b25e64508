//! Other sites around ours: an intranet page that embeds it, and some that try what they must not. The names that lead to the one port
//! make the difference: `127.0.0.1` stands in `embed.parents`; `localhost` does not, and is of the same site as our page, whose
//! `sessionStorage` its frames see; `[::1]` does not, and is another site.

/// Asks our server to answer as a host that cannot send headers, so that what the page itself does can be tried.
pub const NO_HEADERS: &str = "headers=none";

/// What a page that embeds ours has to say in browsers that do not list the origins around a frame. README.md shows the same lines.
const HANDSHAKE: &str = r#"addEventListener("message", ({ data, origin, source }) => {
  if (origin === GUESTLIST && /^guestlist:who:/.test(data)) source.postMessage(data.replace("who", "here"), origin);
});"#;

/// The page at this path: `ours` is the origin of our page, `listed` the one that may embed it.
pub fn page(path: &str, ours: &str, listed: &str) -> Option<String> {
    let bare = format!("{ours}/?{NO_HEADERS}");
    let ask = format!("<script>const GUESTLIST = \"{ours}\";\n{HANDSHAKE}</script>");
    let (title, body) = match path {
        "/" => (
            "Intranet of Contoso",
            format!("<p>Another site, with Guestlist inside.</p>{ask}{}{}", frame(&format!("{ours}/")), links(listed)),
        ),
        "/no-headers" => {
            ("Intranet of Contoso", format!("<p>Guestlist inside, from a host that sends no headers.</p>{ask}{}", frame(&bare)))
        }
        "/silent" => ("A page that does not answer", frame(&bare)),
        "/liar" => ("A page that answers for others", format!("{}{}", LIAR, frame(&bare))),
        "/nested" => ("A page around the intranet of Contoso", format!("{ask}{}", frame(&format!("{listed}/no-headers")))),
        "/data" => {
            ("A page without an address between", frame(&format!("data:text/html,{}", frame(&bare).replace('"', "'").replace('%', "%25"))))
        }
        "/opens" => ("A page that opens Guestlist", opens(&bare)),
        _ => return None,
    };
    Some(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><link rel=\"icon\" href=\"data:,\"><h1>{title}</h1>{body}</html>"
    ))
}

fn frame(address: &str) -> String {
    format!("<iframe src=\"{address}\" title=\"Guestlist\" width=\"100%\" height=\"900\" allow=\"clipboard-write\"></iframe>")
}

/// Answers every window inside it, to anybody, with what it was asked and with what it was not.
const LIAR: &str = r#"<script>
addEventListener("message", ({ data, source }) => {
  for (const said of [data, data.replace("who", "here"), "guestlist:here:", "guestlist:here:undefined"]) source.postMessage(said, "*");
});
</script>"#;

/// In a handler that stands in an attribute, a bare `open` is the document's.
fn opens(address: &str) -> String {
    format!(
        "<button onclick=\"window.open('{address}')\">Open</button> \
         <button onclick=\"const other = window.open('about:blank'); other.opener = null; other.location = '{address}'\">Open and hide the opener</button>"
    )
}

fn links(listed: &str) -> String {
    let port = listed.rsplit(':').next().unwrap_or_default();
    let items: String = [
        ("127.0.0.1", "no-headers", "allowed, from a host that sends no headers"),
        ("localhost", "no-headers", "not allowed, of the same site"),
        ("[::1]", "no-headers", "not allowed, of another site"),
        ("localhost", "nested", "an allowed page inside one that is not"),
        ("localhost", "data", "a page without an address between"),
        ("localhost", "opens", "a page that opens Guestlist in a window"),
    ]
    .iter()
    .map(|(host, path, what)| format!("<li><a href=\"http://{host}:{port}/{path}\">{what}</a></li>"))
    .collect();
    format!("<p>Others try to show it, too, in this tab:</p><ul>{items}</ul>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_shows_the_lines_that_the_demo_uses() {
        let readme = std::fs::read_to_string(crate::machine::root().join("README.md")).unwrap();
        assert!(readme.contains(HANDSHAKE));
    }
}

//! Pages that a person reads: built from escaped text, framed by nobody.

use graph::{Headers, Reply};

/// Text that is safe between tags and inside quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// What a page may load: its style, and no more.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'";

/// A whole page around `body`, which must be escaped already. Entra's sign-in pages refuse framing and send
/// Cross-Origin-Opener-Policy (entra-docs docs/identity-platform/how-to-prepare-app-coop-enforcement.md).
pub(super) fn page(status: u16, title: &str, body: &str) -> Reply {
    document(status, (title, ""), body, POLICY)
}

/// The same with a script of the tenant's own, by its path; there are no inline ones.
pub(super) fn page_with_script(status: u16, title: &str, body: &str, script: &str) -> Reply {
    let script = format!("<script src=\"{}\" defer></script>", escape(script));
    document(status, (title, &script), body, &format!("{POLICY}; script-src 'self'"))
}

fn document(status: u16, (title, head): (&str, &str), body: &str, policy: &str) -> Reply {
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"/_tenant/style.css\"><link rel=\"icon\" href=\"data:,\">{head}</head>\
         <body><main>{body}</main></body></html>",
        title = escape(title)
    );
    let headers = Headers::default()
        .with("Content-Type", "text/html; charset=utf-8")
        .with("Cache-Control", "no-store")
        .with("X-Frame-Options", "DENY")
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("Referrer-Policy", "no-referrer")
        .with("Content-Security-Policy", policy);
    Reply { status, headers, body }
}

pub(super) fn redirect(to: &str) -> Reply {
    let headers = Headers::default().with("Location", to).with("Cache-Control", "no-store");
    Reply { status: 303, headers, body: String::new() }
}

pub(super) fn style() -> Reply {
    let headers = Headers::default().with("Content-Type", "text/css").with("Cache-Control", "no-store");
    Reply { status: 200, headers, body: STYLE.into() }
}

/// A form that posts its one button, carrying `hidden` along.
pub(super) fn button_form(action: &str, hidden: &[(&str, &str)], label: &str) -> String {
    let fields: String = hidden
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value)))
        .collect();
    format!("<form method=\"post\" action=\"{}\">{fields}<button>{}</button></form>", escape(action), escape(label))
}

const STYLE: &str = "
:root { color-scheme: light dark; font: 14px/20px 'Segoe UI', system-ui, sans-serif; }
body { margin: 0; background: light-dark(#f5f5f5, #1f1f1f); color: light-dark(#242424, #fff); }
main { max-width: 60rem; margin: 2rem auto; padding: 1.5rem; background: light-dark(#fff, #292929); border-radius: 6px;
  box-shadow: 0 2px 4px rgb(0 0 0 / .14); }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 1rem; } h2 { font-size: 16px; margin: 1.5rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { text-align: start; padding: 4px 8px; border-bottom: 1px solid light-dark(#d1d1d1, #666); vertical-align: top; }
button { font: inherit; font-weight: 600; padding: 5px 12px; border: 1px solid light-dark(#616161, #adadad); border-radius: 4px;
  background: light-dark(#fff, #292929); color: inherit; min-height: 32px; margin: 4px 0; cursor: pointer; }
a { color: light-dark(#115ea3, #62abf5); } input, textarea, select { font: inherit; padding: 4px; width: 100%; box-sizing: border-box; }
blockquote { margin: 1rem 0; padding: .5rem 1rem; border-inline-start: 3px solid light-dark(#0f6cbd, #479ef5); white-space: pre-wrap; }
.warning { padding: .5rem 1rem; border: 1px solid light-dark(#8a3707, #fdcfb4); border-radius: 4px; }
.quiet { color: light-dark(#616161, #adadad); }
";

//! Which pages around ours may show it in a frame, and which windows may use a sign-in that lies in their storage.
//!
//! A host that sends no headers lets any site frame the page, and a frame in a page of the same site sees the tab's
//! `sessionStorage`. So both are decided here, before anything that the browser keeps is read. Nothing in here asks the browser:
//! `app/effects/ancestors.rs` and `app/effects/entries.rs` do.

/// Where the page is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FramePolicy {
    /// In a window of its own.
    TopLevel,
    /// In a frame, and everything around it is allowed. Holds the chain of origins from the parent to the top, joined by commas:
    /// what is kept under one chain is not seen under another.
    Allowed(String),
    /// In a frame, and one of the pages around it is not allowed or did not say who it is.
    Refused,
}

/// Names what is kept by a page in a window of its own. public/auth.js writes it, too.
pub const TOP_LEVEL: &str = "top";

/// Where the page is shown. `ancestors` are the origins from the parent to the top, `parents` those that may embed the page, both
/// as browsers write them.
///
/// Every window counts: a frame is as exposed as the outermost page makes it. Our own origin is no exception: a folder of the
/// same host may be somebody else's, and one list is easier to read than a list and a rule. `null`, which sandboxed pages and
/// `data:` pages have, is the origin of nobody in particular and cannot be listed.
/// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-ancestororigins>
pub fn frame_policy(is_top_level: bool, ancestors: &[String], parents: &[String]) -> FramePolicy {
    if is_top_level {
        FramePolicy::TopLevel
    } else if !ancestors.is_empty() && ancestors.iter().all(|origin| parents.contains(origin)) {
        FramePolicy::Allowed(ancestors.join(","))
    } else {
        FramePolicy::Refused
    }
}

/// The question to the windows around a frame, where the browser does not list their origins (Firefox). Each gets a nonce of its
/// own, sent so that only an allowed origin can read it; the page of that origin says it back.
#[derive(Clone, Debug)]
pub struct Handshake {
    nonces: Vec<String>,
    answered: Vec<Option<String>>,
}

impl Handshake {
    /// One nonce for each window from the parent to the top; they must not be guessable.
    pub fn new(nonces: Vec<String>) -> Self {
        Self { answered: vec![None; nonces.len()], nonces }
    }

    /// What this window is asked; README.md tells who embeds the page how to answer it.
    pub fn challenge(&self, window: usize) -> Option<String> {
        self.nonces.get(window).map(|nonce| format!("guestlist:who:{nonce}"))
    }

    /// A message came from a window, of a page of this origin.
    pub fn heard(&mut self, window: usize, origin: &str, said: &str, parents: &[String]) {
        let is_answer = said.strip_prefix("guestlist:here:").is_some_and(|nonce| self.nonces.get(window).is_some_and(|own| own == nonce));
        if is_answer && parents.iter().any(|parent| parent == origin) {
            self.answered[window] = Some(origin.to_owned());
        }
    }

    pub fn is_complete(&self) -> bool {
        self.answered.iter().all(Option::is_some)
    }

    /// The origins, as [`frame_policy`] wants them; a window that did not answer has none.
    pub fn ancestors(&self) -> Vec<String> {
        self.answered.iter().map(|origin| origin.clone().unwrap_or_else(|| "null".into())).collect()
    }
}

/// Whether a window may use the sign-in that its `sessionStorage` holds. `made_in` are the history entries that it was made and used in,
/// `entries` those of this page that the window's history holds around the present one; `came_back` says that the window is back
/// from the identity platform with the answer to the very question that its storage holds.
///
/// `window.open` copies `sessionStorage` into the new window, so a page that somebody visits in a tab where ours was signed in can open
/// ours with that sign-in. `window.opener` does not tell: it is null after `opener = null` on the blank window, after the opener
/// closed, and under COOP, and the copy is there all the same (tried in Chromium 156). A history entry's key is neither copied nor
/// readable by another origin, and survives a reload. Without the Navigation API (Safari before 26.2, Firefox before 147) there are no
/// keys, and a reload signs out. <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigationhistoryentry-key>
pub fn may_use_session(made_in: &str, entries: &[String], came_back: bool) -> bool {
    came_back || entries.iter().any(|entry| is_among(made_in, entry))
}

/// The entries with one more, the oldest dropped beyond twenty: in the order they came, with spaces between.
pub fn with_entry(made_in: &str, entry: &str) -> String {
    let mut entries: Vec<&str> = made_in.split(' ').filter(|known| !known.is_empty() && *known != entry).collect();
    entries.push(entry);
    entries.split_off(entries.len().saturating_sub(20)).join(" ")
}

fn is_among(made_in: &str, entry: &str) -> bool {
    !entry.is_empty() && made_in.split(' ').any(|known| known == entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTAL: &str = "https://portal.example";
    const TEAMS: &str = "https://teams.example";
    const EVIL: &str = "https://evil.example";

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_frame_is_allowed_when_every_window_around_it_is_listed() {
        let allowed = |chain: &str| FramePolicy::Allowed(chain.to_owned());
        for (is_top_level, ancestors, expected) in [
            (true, &[][..], FramePolicy::TopLevel),
            (false, &[PORTAL], allowed(PORTAL)),
            (false, &[PORTAL, TEAMS], allowed("https://portal.example,https://teams.example")),
            (false, &[TEAMS, PORTAL], allowed("https://teams.example,https://portal.example")),
            (false, &[EVIL], FramePolicy::Refused),
            (false, &[PORTAL, EVIL], FramePolicy::Refused),
            (false, &[EVIL, PORTAL], FramePolicy::Refused),
            (false, &[PORTAL, EVIL, PORTAL], FramePolicy::Refused),
            // Sandboxed and data: pages, and pages that the browser hides.
            (false, &["null"], FramePolicy::Refused),
            (false, &[PORTAL, "null"], FramePolicy::Refused),
            (false, &[""], FramePolicy::Refused),
            // The browser says that there are windows, and names none.
            (false, &[], FramePolicy::Refused),
            // Another port, scheme, subdomain, or what only begins alike.
            (false, &["https://portal.example:8443"], FramePolicy::Refused),
            (false, &["http://portal.example"], FramePolicy::Refused),
            (false, &["https://a.portal.example"], FramePolicy::Refused),
            (false, &["https://portal.example.evil.example"], FramePolicy::Refused),
            // Our own origin.
            (false, &["https://guestlist.example"], FramePolicy::Refused),
        ] {
            assert_eq!(frame_policy(is_top_level, &strings(ancestors), &strings(&[PORTAL, TEAMS])), expected, "{ancestors:?}");
        }
        assert_eq!(frame_policy(false, &strings(&[PORTAL]), &[]), FramePolicy::Refused);
        assert_eq!(frame_policy(false, &strings(&["null"]), &strings(&["null"])), allowed("null"), "config.json cannot say so");
    }

    #[test]
    fn a_window_is_known_by_its_own_nonce_and_an_allowed_origin() {
        // Two windows with the nonces p (parent) and t (top).
        for (messages, expected) in [
            (&[(0, PORTAL, "guestlist:here:p"), (1, TEAMS, "guestlist:here:t")][..], &[PORTAL, TEAMS]),
            (&[(1, PORTAL, "guestlist:here:t"), (0, PORTAL, "guestlist:here:p")], &[PORTAL, PORTAL]),
            (&[], &["null", "null"]),
            (&[(0, PORTAL, "guestlist:here:p")], &[PORTAL, "null"]),
            // The parent answers for the top, or with the top's nonce.
            (&[(0, PORTAL, "guestlist:here:p"), (0, PORTAL, "guestlist:here:t")], &[PORTAL, "null"]),
            (&[(0, PORTAL, "guestlist:here:p"), (1, PORTAL, "guestlist:here:p")], &[PORTAL, "null"]),
            (&[(0, EVIL, "guestlist:here:p"), (1, TEAMS, "guestlist:here:t")], &["null", TEAMS]),
            (&[(0, "null", "guestlist:here:p")], &["null", "null"]),
            // The question said back, another nonce, no nonce, more than the nonce, a window that was not asked.
            (&[(0, PORTAL, "guestlist:who:p"), (0, PORTAL, "guestlist:here:x")], &["null", "null"]),
            (&[(0, PORTAL, "guestlist:here:"), (0, PORTAL, "guestlist:here:p "), (2, PORTAL, "guestlist:here:p")], &["null", "null"]),
            // A later message of nobody takes nothing back.
            (&[(0, PORTAL, "guestlist:here:p"), (0, EVIL, "guestlist:here:p")], &[PORTAL, "null"]),
        ] {
            let mut handshake = Handshake::new(strings(&["p", "t"]));
            for (window, origin, said) in messages {
                handshake.heard(*window, origin, said, &strings(&[PORTAL, TEAMS]));
            }
            assert_eq!(handshake.ancestors(), strings(expected), "{messages:?}");
            assert_eq!(handshake.is_complete(), !expected.contains(&"null"), "{messages:?}");
        }
        let handshake = Handshake::new(strings(&["p"]));
        assert_eq!((handshake.challenge(0).as_deref(), handshake.challenge(1)), (Some("guestlist:who:p"), None));
    }

    #[test]
    fn a_session_is_used_by_the_window_that_made_it() {
        for (what, made_in, entries, came_back, expected) in [
            ("a reload", "b", &["b"][..], false, true),
            ("another view, reloaded", "b", &["b", "c"], false, true),
            ("back over the identity platform", "a b", &["a"], false, true),
            ("back from it after a refusal", "b", &["d"], true, true),
            ("back from it for the first time", "", &["d"], true, true),
            ("a window that another opened", "a b", &["x"], false, false),
            ("a link from another site, in the same tab", "a b", &["e"], false, false),
            ("what an older version left", "", &["a"], false, false),
            ("a browser without keys", "", &[], false, false),
            ("keys that are empty: a page that is not active", "b", &[""], false, false),
            ("keys that begin alike", "bb", &["b"], false, false),
        ] {
            assert_eq!(may_use_session(made_in, &strings(entries), came_back), expected, "{what}");
        }
    }

    #[test]
    fn entries_are_kept_once_and_twenty_at_most() {
        assert_eq!(with_entry("", "a"), "a");
        assert_eq!(with_entry("a b", "a"), "b a");
        let many = (0..30).fold(String::new(), |entries, number| with_entry(&entries, &number.to_string()));
        assert_eq!(many.split(' ').count(), 20);
        assert!(many.ends_with(" 29"));
        assert!(!may_use_session(&many, &strings(&["9"]), false) && may_use_session(&many, &strings(&["10"]), false));
    }
}

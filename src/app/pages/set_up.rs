//! What is shown while config.json is missing or wrong: what was found, and how to register the app.

use crate::app::effects::address_bar;
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::start_config::SetUpNeeded;
use guestlist::config::Wrong;
use guestlist::config::expected::instead_of_json;
use leptos::prelude::*;

const EXAMPLE: &str = r#"{
  "auth": {
    "clientId": "<application (client) id>",
    "authority": "https://login.microsoftonline.com/<your tenant>"
  },
  "invite": {
    "redirectHosts": ["<your tenant>.sharepoint.com"]
  }
}"#;

#[component]
pub fn SetUp(needed: SetUpNeeded) -> impl IntoView {
    address_bar::title("Set up · Guestlist");
    let redirect = address_bar::resolve("auth.html");
    let file = address_bar::resolve("config.json");
    let (what, wrong) = match needed {
        SetUpNeeded::NoConfig(why) => (format!("{file} could not be read. {why}"), vec![]),
        SetUpNeeded::Wrong(wrong, text) => match instead_of_json(&text) {
            Some(came) => {
                (format!("config.json was not read: what came from {file} is {came}. It has to lie there, beside index.html."), vec![])
            }
            None => ("config.json, beside this page, needs attention.".to_owned(), wrong),
        },
        SetUpNeeded::Discovery { why, url, document } => {
            let why = match document.as_deref().and_then(instead_of_json) {
                Some(came) => format!("What came from {url} is {came}."),
                None => why,
            };
            (format!("The authority in config.json does not answer as an identity provider does. {why}"), vec![])
        }
    };
    view! {
        <header class="top"><span class="brand">"Guestlist"</span></header>
        <nav class="main-nav" aria-label="Main"></nav>
        <main class="main" id="main">
            <div class="card set-up">
                <h1 id="view" tabindex="-1">"Set up Guestlist"</h1>
                <div class="notice notice-warning" role="status"><Glyph icon=Icon::Warning/><div class="notice-body"><strong>{what}</strong><Slips wrong/></div></div>
                <h2>"Register the app, once for your tenant"</h2>
                <ol class="steps">
                    <li>"In the Entra admin center open “App registrations” and choose “New registration”. Single tenant is right for most."</li>
                    <li>"Under “Authentication” add a platform of type “Single-page application” with exactly this redirect URI: "<code class="breakable">{redirect}</code></li>
                    <li>"Under “API permissions” add the delegated Microsoft Graph permissions "<code>"User.Read"</code>", "<code>"User.Invite.All"</code>" and, to see who is a guest already, "<code>"User.Read.All"</code>". No secret is needed, and none may be made."</li>
                    <li>"Choose “Grant admin consent”, or open "<code class="breakable">"https://login.microsoftonline.com/<your tenant>/adminconsent?client_id=<application id>"</code>" as an administrator."</li>
                    <li>"Leave out “auth.redirectUri” unless the redirect page has another name; it has to lie on this page's own origin. Leave out “graph” too: the authority's cloud has one of its own, and no other is taken."</li>
                    <li>"Put the application id and your tenant into config.json, and load this page again:"<pre><code>{EXAMPLE}</code></pre></li>
                </ol>
            </div>
        </main>
    }
}

#[component]
fn Slips(wrong: Vec<Wrong>) -> impl IntoView {
    let lines = wrong.into_iter().map(|wrong| {
        let (expected, advice) = (wrong.expected(), wrong.advice().map(|advice| format!(" {advice}")));
        view! { <li><code>{wrong.key}</code>": expected "{expected}"; found "{wrong.found}"."{advice}</li> }
    });
    view! { <ul>{lines.collect_view()}</ul> }
}

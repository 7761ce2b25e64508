//! Trying the letter that is shown, before anybody is invited: to oneself, as a mail file, as text.

use super::subject::guest;
use crate::app::effects::download;
use crate::app::parts::copy::Copy;
use crate::app::parts::notice::{Notice, Problem as Shown, Tone};
use crate::app::state::accounts::tokens;
use crate::app::state::{AppState, drive, session};
use graph::invitations::RedeemUrl;
use graph::mail::SendMail;
use graph::{Again, Operation, Unreached};
use guestlist::jobs::invite;
use guestlist::letter::renderer::Renderer;
use guestlist::letter::{OutgoingMessage, mime, own_message};
use guestlist::refused::Refused;
use guestlist::words::Explain;
use identity::AuthError;
use identity::renewal::NoToken;
use leptos::prelude::*;

const SEND: &str = SendMail::SCOPES[0];

/// What became of the letter to oneself.
#[derive(Clone, PartialEq)]
enum Tried {
    Not,
    Leaving,
    Sent(String),
    Refused(Box<Refused>),
    SignInNeeded(Box<AuthError>),
    Lost,
}

/// The letter of the guest who is shown. The personal link is not there yet.
fn letter(app: AppState) -> OutgoingMessage {
    app.draft.guests.with(|guests| {
        app.draft.letter.with(|letter| {
            app.draft.merge_context.with(|merge_context| {
                let link = (!letter.channel.is_microsoft()).then(|| RedeemUrl::new(own_message::SAMPLE_LINK.into()));
                OutgoingMessage::for_row(&Renderer::new(letter, merge_context), guests.list().row(guest(app)), link.as_ref())
            })
        })
    })
}

/// To oneself alone, and plain about it.
fn to_oneself(mut outgoing: OutgoingMessage, me: &str) -> OutgoingMessage {
    outgoing.subject = format!("[Test] {}", if outgoing.subject.trim().is_empty() { "Invitation" } else { &outgoing.subject });
    OutgoingMessage { to: me.to_owned(), to_name: String::new(), copy: Vec::new(), blind_copy: Vec::new(), ..outgoing }
}

/// Sends it, once more where a fresh token is all that was missing.
async fn sent(app: AppState, me: String, message: &str) -> Tried {
    let mail = SendMail { message };
    let mut is_first = true;
    loop {
        let reply = match drive::carry(app.accounts, mail.request()).await {
            Ok(reply) => reply,
            Err(Unreached::NoToken) => return without_token(app).await,
            Err(Unreached::Offline | Unreached::Lost) => return Tried::Lost,
        };
        let Err(problem) = mail.read(&reply) else { return Tried::Sent(me) };
        let is_renewed = is_first && problem.wants_fresh_token() && tokens::after_refusal(app.accounts, problem.claims()).await.is_ok();
        match problem.again(0) {
            Again::LookFirst => return Tried::Lost,
            Again::AfterSignIn if is_renewed => is_first = false,
            _ => return Tried::Refused(Box::new(problem.into())),
        }
    }
}

/// Why nothing was sent for want of a token.
async fn without_token(app: AppState) -> Tried {
    match tokens::token(app.accounts).await {
        Err(NoToken::Person(auth_error)) => Tried::SignInNeeded(auth_error),
        Ok(_) | Err(NoToken::Until(_)) => Tried::Lost,
    }
}

/// What a refusal demands can be proved where the page can ask for it.
#[component]
fn Refusal(refused: Refused) -> impl IntoView {
    let claims = || refused.problem.claims().map(str::to_owned);
    let sign_in = (refused.problem.again(0) == Again::AfterSignIn).then(|| view! { <SignInAgain claims=claims()/> });
    view! { <Shown words=invite::words(&refused) details=refused.details()>{sign_in}</Shown> }
}

#[component]
fn SignInAgain(claims: Option<String>) -> impl IntoView {
    let app = AppState::here();
    let sign_in = move |_| session::sign_in_again(app, claims.clone());
    view! { <button class="button" type="button" on:click=sign_in>"Sign in again"</button> }
}

#[component]
pub fn Trying() -> impl IntoView {
    let app = AppState::here();
    let tried = RwSignal::new(Tried::Not);
    let has_text = Memo::new(move |_| app.draft.letter.with(|letter| letter.texts().any(|text| !text.message.trim().is_empty())));
    let me = move || app.organization.snapshot().and_then(|known| known.me.mail).filter(|mail| !mail.is_empty());
    let send = move |_| {
        if !app.accounts.may(SEND) {
            return session::allow(app, &[SEND]);
        }
        let Some(me) = untrack(me) else { return };
        if tried.get_untracked() == Tried::Leaving {
            return;
        }
        tried.set(Tried::Leaving);
        let message = mime::write(&to_oneself(untrack(move || letter(app)), &me), false);
        crate::app::effects::spawn(async move { _ = tried.try_set(sent(app, me, &message).await) });
    };
    let save = move |_| {
        let outgoing = untrack(move || letter(app));
        download::offer(&format!("{}.eml", outgoing.to), "message/rfc822", &mime::write(&outgoing, true).into());
    };
    let words = move || {
        if app.accounts.scopes.with(|scopes| scopes.contains(SEND)) {
            "Send this letter to me"
        } else {
            "Send this letter to me (asks for Mail.Send)"
        }
    };
    let told = move || match tried.get() {
        Tried::Not => ().into_any(),
        Tried::Leaving => view! { <p class="hint" role="status">"Sending to you …"</p> }.into_any(),
        Tried::Sent(me) => {
            view! { <p class="hint" role="status">{format!("Sent to {me}. The personal link in it is a sample.")}</p> }.into_any()
        }
        Tried::Refused(refused) => view! { <Refusal refused=*refused/> }.into_any(),
        Tried::SignInNeeded(why) => {
            view! { <Shown words=why.words() details=why.details()><SignInAgain claims=why.claims.clone()/></Shown> }.into_any()
        }
        Tried::Lost => {
            view! { <Notice tone=Tone::Warning><p>"No answer came. Look into your inbox before you try again."</p></Notice> }.into_any()
        }
    };
    view! {
        <Show when=move || has_text.get()>
            <div class="row tools" role="group" aria-label="Try this letter">
                <Show when=move || me().is_some()><button class="button" type="button" aria-busy=move || (tried.get() == Tried::Leaving).to_string() on:click=send>{words}</button></Show>
                <button class="button" type="button" on:click=save>"Download .eml"</button>
                <Copy label="Copy text" text=Signal::derive(move || letter(app).text)/>
            </div>
            {told}
        </Show>
    }
}

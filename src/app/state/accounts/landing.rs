//! What the redirect page handed over, and what the tab remembers.

use super::Accounts;
use super::remembered::{self, ANSWER, ENTRIES, SESSION, forget_session, name};
use crate::app::effects::{clock, entries, fetch, store, tab};
use crate::app::routes::Route;
use crate::app::state::navigator::Navigator;
use guestlist::embedding::may_use_session;
use guestlist::owner::Owner;
use guestlist::storage::drafts;
use identity::authorize::{RedirectResult, answered, parse_redirect};
use identity::claims::Account;
use identity::session::TokenState;
use identity::{AuthError, Session};
use time::Millis;

/// How long the record of a signing out is waited for, to be read or written.
pub const RECORD: Millis = Millis::seconds(2);

/// Takes up what the redirect page handed over, else what the tab remembers. Whether somebody who was at work here came
/// back from signing in once more.
pub async fn land(accounts: &'static Accounts, navigator: &'static Navigator) -> bool {
    let answer = tab::take(&name(ANSWER));
    let (mut questions, was_asked) = remembered::take_questions();
    let pending = answer.as_ref().and_then(|answer| answered(answer, &mut questions));
    let landed = answer.map(|answer| parse_redirect(&answer, pending.as_ref()));
    // Only the answer to this very question gets as far as being a code or a refusal.
    let came_back = matches!(landed, Some(RedirectResult::Code(_) | RedirectResult::Refused(_)));
    if !may_use_session(&tab::get(&name(ENTRIES)).unwrap_or_default(), &entries::around(), came_back) {
        forget_session();
        questions.clear();
    } else if let Some(text) = tab::get(&name(SESSION)).filter(|_| accounts.caches())
        && let Ok(session) = serde_json::from_str::<Session>(&text)
        && session.token_state(clock::now()) != TokenState::SignIn
    {
        // Somebody may have signed out in another tab while this one was elsewhere.
        match last_sign_out(accounts, &session.account).await {
            Some(last) if last != session.signed_out => forget_session(),
            _ => accounts.hold(session),
        }
    }
    remembered::keep_question(questions.first());
    let was_at_work = accounts.account.get_untracked().is_some();
    // Who is still signed in asked for more; the page stays theirs.
    let tell = move |auth_error| if was_at_work { accounts.refused.set(Some(auth_error)) } else { accounts.needs_person(auth_error) };
    let Some(landed) = landed else {
        if was_asked && !was_at_work {
            tell(AuthError::unanswered());
        }
        return false;
    };
    if let Some(pending) = &pending {
        navigator.adjust(Route::parse(&pending.route));
    }
    match (landed, pending) {
        (RedirectResult::Code(code), Some(pending)) => {
            match accounts
                .place
                .client(&accounts.place.redirect_uri())
                .exchange_code(code, pending, clock::now(), &fetch::token_endpoint)
                .await
            {
                Ok((account, tokens)) => {
                    let signed_out = last_sign_out(accounts, &account).await.flatten();
                    accounts.hold(Session { account, tokens, signed_out, signed_in: Some(clock::now()) });
                }
                Err(auth_error) => tell(auth_error),
            }
        }
        (RedirectResult::Refused(auth_error), _) => tell(auth_error),
        (RedirectResult::NotOurs | RedirectResult::Code(_), _) => tell(AuthError::not_ours()),
        (RedirectResult::AdminConsented | RedirectResult::Nothing, _) => {}
    }
    was_at_work
}

/// The record of this person's last signing out in this browser, as far as it can be read soon. What cannot be read signs nobody
/// out: then nothing is shown or sent of what lies here, either.
async fn last_sign_out(accounts: &'static Accounts, account: &Account) -> Option<Option<String>> {
    let person = Owner::from_account(account, accounts.graph());
    let read = clock::within(RECORD, store::read(vec![drafts::sign_out_range(&person)])).await?.ok()?;
    Some(read.concat().pop().map(|(_, record)| record))
}

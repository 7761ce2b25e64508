//! What the pages share: who is here, what is being composed, which runs there are. State goes down as signals; what
//! happens comes up as calls to the methods here and in `session` and `runner`.

use super::StartConfig;
use super::effects::{address_bar, clock, focus, store};
use super::routes::Route;
use super::runner::{self, RunProgress};
use super::{drive, session};
use guestlist::config::Config;
use guestlist::jobs::invite::allowance::Terms;
use guestlist::jobs::invite::journal::{Stored, Writer};
use guestlist::jobs::invite::plan::{self, Choices};
use guestlist::letter::Letter;
use guestlist::letter::values::MergeContext;
use guestlist::lookup::{Lookup, LookupFailure, TenantSnapshot};
use guestlist::owner::Owner;
use guestlist::permissions;
use guestlist::rows::language::is_language;
use guestlist::rows::{Guests, List};
use guestlist::storage::allowance;
use guestlist::storage::drafts::Unclaimed;
use guestlist::storage::journal::Journal;
use guestlist::storage::{Denied, Range, Store};
use guestlist::tab::drafting::{Drafting, Keeping};
use identity::claims::Account;
use identity::scopes::{Scopes, admin_consent_url};
use identity::{AuthError, Authority};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Moment;

/// A draft that was thrown away, with all that could be undone in it.
#[derive(Clone)]
pub struct Discarded {
    guests: Guests,
    letter: Letter,
    choices: Choices,
}

/// What was read of the signed-in person and the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Reading,
    Read(Box<TenantSnapshot>),
    Failed(LookupFailure),
}

#[derive(Clone, Copy)]
pub struct AppState {
    pub config: StoredValue<Config>,
    pub authority: StoredValue<Authority>,
    pub route: RwSignal<Route>,
    pub account: RwSignal<Option<Account>>,
    /// When whoever is signed in did that, as far as the tab knows.
    pub signed_in: RwSignal<Option<Moment>>,
    /// What the present token may do.
    pub scopes: RwSignal<Scopes>,
    /// Why signing in did not work.
    pub auth_error: RwSignal<Option<AuthError>>,
    /// Why asking for more permissions did not work, while whoever is signed in stays so.
    pub refused: RwSignal<Option<AuthError>>,
    pub who: RwSignal<Who>,
    pub guests: RwSignal<Guests>,
    pub letter: RwSignal<Letter>,
    /// What is to be done for rows, where somebody chose otherwise than the plan.
    pub choices: RwSignal<Choices>,
    /// What letters say beside the list.
    pub merge_context: Memo<MergeContext>,
    /// When guests or letter were changed last.
    pub touched: RwSignal<Moment>,
    /// Counts changes of guests and letter.
    pub edits: StoredValue<u32>,
    pub drafting: StoredValue<Drafting>,
    /// Whether what is composed is being written down, as `drafting` says it.
    pub keeping: RwSignal<Keeping>,
    /// What an earlier version left here that names no owner, as `drafting` says it.
    pub unclaimed: RwSignal<Option<Unclaimed>>,
    /// The draft lay here when the page opened, and nobody has said yet what is to become of it.
    pub draft_waits: RwSignal<bool>,
    /// The draft that was thrown away last, while it can still be had back.
    pub discarded: RwSignal<Option<Discarded>>,
    /// Runs of this browser that belong to whoever is signed in, oldest first.
    pub runs: RwSignal<Vec<Arc<Stored>>>,
    /// Everybody's runs of this browser, or why they could not be read; nothing until they have been.
    pub journal: RwSignal<Option<Result<Arc<Journal>, Denied>>>,
    /// What is known of the tenant that decides how many invitations a day it may send, as it lies here.
    pub terms: RwSignal<Terms>,
    /// The run that this tab carries out, or carried out last.
    pub running: RwSignal<Option<RunProgress>>,
    /// Somebody asked for a word from the desktop when it ends.
    pub notify: RwSignal<bool>,
    /// What a screen reader hears next, politely.
    pub polite_announcement: RwSignal<String>,
    /// What a screen reader hears at once.
    pub assertive_announcement: RwSignal<String>,
    pub keys_shown: RwSignal<bool>,
    /// The directory is looked at once more, right before something is sent; how many of how many questions are answered.
    pub is_looking: RwSignal<bool>,
    pub looked: RwSignal<(usize, usize)>,
}

impl AppState {
    pub fn new(StartConfig { config, authority }: StartConfig) -> Self {
        let (who, letter) = (RwSignal::new(Who::Reading), RwSignal::new(Letter::default()));
        let merge_context = Memo::new(move |_| {
            let tags: BTreeSet<String> =
                letter.with(|letter: &Letter| letter.texts().map(|text| text.language.to_owned()).chain([String::new()]).collect());
            let today = tags.into_iter().filter(|tag| is_language(tag)).map(|tag| (tag.clone(), clock::today(&tag))).collect();
            who.with(|who| {
                if let Who::Read(known) = who {
                    plan::merge_context(known, &today)
                } else {
                    MergeContext { today, ..MergeContext::default() }
                }
            })
        });
        Self {
            config: StoredValue::new(config),
            authority: StoredValue::new(authority),
            route: RwSignal::new(Route::parse(&address_bar::hash())),
            account: RwSignal::new(None),
            signed_in: RwSignal::new(None),
            scopes: RwSignal::new(Scopes::default()),
            auth_error: RwSignal::new(None),
            refused: RwSignal::new(None),
            who,
            guests: RwSignal::new(Guests::default()),
            letter,
            choices: RwSignal::default(),
            merge_context,
            touched: RwSignal::new(Moment::default()),
            edits: StoredValue::new(0),
            drafting: StoredValue::new(Drafting::default()),
            keeping: RwSignal::new(Keeping::Reading),
            unclaimed: RwSignal::new(None),
            draft_waits: RwSignal::new(false),
            discarded: RwSignal::new(None),
            runs: RwSignal::new(Vec::new()),
            journal: RwSignal::new(None),
            terms: RwSignal::default(),
            running: RwSignal::new(None),
            notify: RwSignal::new(false),
            polite_announcement: RwSignal::new(String::new()),
            assertive_announcement: RwSignal::new(String::new()),
            keys_shown: RwSignal::new(false),
            is_looking: RwSignal::new(false),
            looked: RwSignal::new((0, 1)),
        }
    }

    /// The state of the page that a component belongs to.
    pub fn here() -> Self {
        expect_context()
    }

    /// Reads who is here and gives the letter its defaults, once somebody is signed in.
    pub fn begin(self) {
        self.retitle();
        let Some(account) = self.account.get_untracked() else { return };
        // Also where a draft names the usual place of a tenant that was signed in to before.
        let is_usual =
            self.letter.with_untracked(|letter| self.config.with_value(|config| config.is_default_redirect_url(&letter.redirect_url)));
        if is_usual || self.letter.with_untracked(|letter| letter.redirect_url.is_empty()) {
            let redirect = self.config.with_value(|config| config.default_redirect_url(&account.tenant_id));
            self.letter.update(|letter| letter.redirect_url = redirect);
        }
        self.read_who();
    }

    /// Reads, again, who is here.
    pub fn read_who(self) {
        self.who.set(Who::Reading);
        crate::app::effects::spawn(async move {
            let found = drive::look_up(self, self.authority.with_value(|authority| Lookup::new(&authority.graph, [])), None).await;
            if self.account.with_untracked(Option::is_none) {
                return;
            }
            self.who.set(found.map_or_else(Who::Failed, |known| Who::Read(Box::new(known))));
            self.retitle();
        });
    }

    /// What is known of person and tenant, when it is.
    pub fn snapshot(self) -> Option<TenantSnapshot> {
        self.who.with(|who| if let Who::Read(known) = who { Some((**known).clone()) } else { None })
    }

    /// Whoever is signed in, as what they keep here names them.
    pub fn person(self) -> Option<Owner> {
        let account = self.account.get_untracked()?;
        Some(self.authority.with_value(|authority| Owner::from_account(&account, &authority.graph)))
    }

    /// Who writes letters, as Graph has to be told.
    pub fn writer(self) -> Writer {
        let me = self.snapshot().map(|known| known.me);
        // Until Graph has told it, the sign-in does.
        let id = me.as_ref().map(|me| me.id.clone()).or_else(|| self.person().map(|person| person.person));
        Writer {
            id: id.unwrap_or_default(),
            mail: me.and_then(|me| me.mail),
            graph: self.authority.with_value(|authority| authority.graph.clone()),
        }
    }

    /// Reads the runs of this browser anew. While nobody is signed in there are none.
    pub async fn read_runs(self) {
        let of_tenant = self.person().map(|person| allowance::range(&person));
        let ranges = [Range::with_prefix(Store::Runs, ""), Range::with_prefix(Store::Entries, "")].into_iter().chain(of_tenant).collect();
        let read = store::read(ranges).await;
        // Somebody may have signed out meanwhile.
        let Some(person) = self.person() else { return };
        if let Ok([_, _, terms]) = read.as_deref() {
            self.learn(allowance::terms(&person, terms));
        }
        let journal = read.map(|read| Arc::new(Journal::read(&read[0], &read[1])));
        let own = journal.as_ref().map(|journal| journal.runs.iter().filter(|run| run.belongs_to(&person)).cloned().collect());
        self.runs.set(own.unwrap_or_default());
        self.journal.set(Some(journal));
    }

    /// Something else is known of the tenant: for this page, and for what is sent now.
    pub fn learn(self, terms: Terms) {
        if self.terms.with_untracked(|known| *known != terms) {
            self.terms.set(terms);
            runner::set_terms(terms);
        }
    }

    /// Changes the guests and keeps them.
    pub fn edit<T>(self, change: impl FnOnce(&mut Guests) -> T) -> T {
        let told = self.guests.try_update(change).expect("the state lives as long as the page");
        self.keep_soon();
        told
    }

    /// Changes the letter and keeps it.
    pub fn compose(self, change: impl FnOnce(&mut Letter)) {
        self.letter.update(change);
        self.keep_soon();
    }

    /// Changes what is chosen for rows and keeps it.
    pub fn choose(self, change: impl FnOnce(&mut Choices)) {
        self.choices.update(change);
        self.keep_soon();
    }

    /// Throws the draft away, in a way that can be undone.
    pub fn discard_draft(self) {
        let (guests, letter, choices) = (self.guests.get_untracked(), self.letter.get_untracked(), self.choices.get_untracked());
        self.discarded.set(Some(Discarded { guests, letter, choices }));
        self.clear_draft();
    }

    /// Takes back what was thrown away last.
    pub fn take_back(self) {
        if let Some(Discarded { guests, letter, choices }) = self.discarded.get_untracked() {
            self.edit(|now| now.become_again(guests));
            self.choose(|now| *now = choices);
            self.compose(|now| *now = letter);
        }
        self.discarded.set(None);
    }

    /// Leaves only what every new letter begins with.
    fn clear_draft(self) {
        self.edit(|guests| *guests = Guests::from_list(List::default(), guests.checks().context().clone()));
        self.compose(|letter| *letter = Letter { redirect_url: std::mem::take(&mut letter.redirect_url), ..Letter::default() });
        self.choose(|choices| *choices = Choices::default());
        self.draft_waits.set(false);
    }

    /// Nothing of anybody is left in the page.
    pub fn forget(self) {
        self.account.set(None);
        self.scopes.set(Scopes::default());
        self.refused.set(None);
        self.who.set(Who::Reading);
        self.forget_draft();
        self.runs.set(Vec::new());
        self.journal.set(None);
        self.terms.set(Terms::default());
        self.running.set(None);
        self.notify.set(false);
        self.adjust(Route::default());
        self.retitle();
    }

    pub fn go(self, route: &Route) {
        address_bar::set_hash(&route.hash());
    }

    /// Changes what is shown in the present view, without a new history entry.
    pub fn adjust(self, route: Route) {
        address_bar::replace_hash(&route.hash());
        self.route.set(route);
    }

    /// The address changed: by a link, by Back, or by hand.
    pub fn follow_address(self) {
        let route = Route::parse(&address_bar::hash());
        let moved = self.route.with_untracked(|old| !old.same_view(&route));
        self.route.set(route);
        if moved {
            self.retitle();
            focus::later("view");
        }
    }

    /// `Invite · Guestlist · Contoso`
    pub fn retitle(self) {
        let view = if self.account.with_untracked(Option::is_some) { self.route.with_untracked(Route::title) } else { "Sign in" };
        let tenant = self.who.with_untracked(|who| {
            if let Who::Read(known) = who { format!(" · {}", known.organization.display_name) } else { String::new() }
        });
        address_bar::title(&format!("{view} · Guestlist{tenant}"));
    }

    pub fn announce_polite(self, words: impl Into<String>) {
        self.polite_announcement.set(words.into());
    }

    pub fn announce_assertive(self, words: impl Into<String>) {
        self.assertive_announcement.set(words.into());
    }

    /// The link that an administrator opens to allow the app for everybody.
    pub fn admin_consent_url(self) -> String {
        self.admin_consent_url_with(None)
    }

    /// The same, with one permission more than everybody needs.
    pub fn admin_consent_url_with(self, more: Option<&str>) -> String {
        let redirect = session::redirect_uri(self);
        self.config.with_value(|config| {
            self.authority
                .with_value(|authority| admin_consent_url(authority, &config.client_id, &redirect, &permissions::for_everybody(more)))
        })
    }
}

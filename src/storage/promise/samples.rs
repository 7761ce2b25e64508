//! What the program works with, with something in everything that is stored and every value of every enum.

use crate::bulk::HaltReason;
use crate::bulk::Ramp;
use crate::jobs::invite::allowance::{Sent, TenantKind, Terms};
use crate::jobs::invite::journal::{Entry, Header, InvitedRow, RowEvent, Writer};
use crate::jobs::invite::outcome::{NoLetter, NotSent, Outcome, Tally};
use crate::jobs::invite::plan::{Choices, Plan, PlanStep, Planned, RowAction, Skip};
use crate::jobs::recycle_bin::journal::{RecycleHeader, RecycleKind};
use crate::jobs::recycle_bin::{OwnGuest, RecycleEntry, RecycleEvent, RecycleOutcome, every_ending};
use crate::letter::template_library::{LetterTexts, NamedTemplate, Preselected};
use crate::letter::values::MergeContext;
use crate::letter::{Channel, Letter, Variant};
use crate::owner::Owner;
use crate::refused::Refused;
use crate::rows::address::AddressProblem;
use crate::rows::{Address, Column, List};
use crate::sheet::columns::{FieldSource, Remembered};
use crate::storage::drafts::Draft;
use crate::storage::overview::{RunInvitations, RunSummary};
use graph::invitations::{Invitation, MessageInfo, Recipient, RedeemUrl};
use graph::{Demanded, Problem};
use std::collections::BTreeSet;
use std::sync::Arc;
use time::{Millis, Moment};

pub(super) const NOW: Moment = Moment(1_795_344_203_000);

pub(super) fn ada() -> Owner {
    Owner { cloud: "https://graph.example".into(), tenant: "t".into(), person: "ada".into(), username: "ada@contoso.example".into() }
}

pub(super) fn bob() -> Owner {
    Owner { person: "bob".into(), username: "bob@contoso.example".into(), ..ada() }
}

pub(super) fn writer(id: &str) -> Writer {
    Writer { id: id.into(), mail: Some(format!("{id}@contoso.example")), graph: "https://graph.example".into() }
}

/// Rows 1 and 3 of a list that had four.
pub(super) fn list() -> List {
    let mut list = List::from_columns(vec![Column::from_heading("Email"), Column::from_heading("Kürzel")]);
    for id in 1..=4 {
        list.restore(id, &[format!("guest{id}@fabrikam.example"), format!("“{id}”\n\"\\")]);
    }
    list.only(|id| id == 1 || id == 3)
}

fn variant() -> Variant {
    Variant { language: "de".into(), subject: "Willkommen".into(), message: "Grüß Gott {{fullName}}".into() }
}

fn texts() -> LetterTexts {
    LetterTexts { subject: "Welcome".into(), message: "Hi".into(), language: "en".into(), variants: vec![variant()] }
}

pub(super) fn named() -> NamedTemplate {
    NamedTemplate { name: "Für Partner".into(), texts: texts() }
}

fn letter() -> Letter {
    Letter {
        message: "Hi {{firstName}}\n".into(),
        subject: "Welcome".into(),
        variants: vec![variant()],
        language: "en".into(),
        redirect_url: "https://contoso.example/".into(),
        copy_to: "boss@contoso.example".into(),
        blind_copy_to: "log@contoso.example".into(),
        channel: Channel::Mailbox,
        as_typed: vec!["[Name]".into()],
    }
}

fn choices() -> Choices {
    Choices {
        rows: [(1, RowAction::Skip), (3, RowAction::OnlyAdd)].into(),
        new: Some(RowAction::Invite),
        known: Some(RowAction::Resend),
        channels: (1..).zip(Channel::ALL).collect(),
    }
}

pub(super) fn draft() -> Draft {
    Draft { list: list().without_rows(), letter: letter(), choices: choices(), touched: NOW }
}

pub(super) fn remembered() -> Remembered {
    let derived = [
        ("firstName", FieldSource::FirstName(1)),
        ("lastName", FieldSource::LastName(1)),
        ("displayName", FieldSource::BeforeAt(0)),
        ("company", FieldSource::Constant("Fabrikam".into())),
    ];
    Remembered {
        columns: vec![Some(Column::from_heading("Email")), None],
        derived: derived.map(|(field, source)| (Column::from_heading(field), source)).into(),
    }
}

pub(super) fn terms() -> Terms {
    let subscription = serde_json::from_str(r#"{"createdDateTime":"2026-11-20T00:00:00Z","assignedPlans":[]}"#).unwrap();
    Terms::default().said(TenantKind::NewPaid, NOW).told(&subscription, NOW).at_most(Some(7))
}

fn invitation() -> Invitation {
    Invitation {
        invited_user_email_address: "guest1@fabrikam.example".into(),
        invited_user_display_name: Some("Ada".into()),
        invite_redirect_url: "https://contoso.example/".into(),
        send_invitation_message: true,
        invited_user_message_info: Some(MessageInfo {
            customized_message_body: Some("Hi".into()),
            message_language: Some("en-GB".into()),
            cc_recipients: vec![Recipient::to("boss@contoso.example")],
        }),
    }
}

fn planned() -> Vec<Planned> {
    let some = |text: &str| Some(text.to_owned());
    let addresses = [
        AddressProblem::Empty,
        AddressProblem::NoAt,
        AddressProblem::NoName,
        AddressProblem::NoDomain,
        AddressProblem::BadDomain,
        AddressProblem::NotAscii,
        AddressProblem::NotAllowed('"'),
        AddressProblem::Edge('.'),
        AddressProblem::TooLong,
        AddressProblem::ExchangeName,
        AddressProblem::Several,
        AddressProblem::FullWidth('ａ'),
        AddressProblem::Invisible,
    ];
    let skips = [
        Skip::Duplicate(2),
        Skip::OwnDomain("contoso.example".into()),
        Skip::Accepted(some("2026-01-01T00:00:00Z")),
        Skip::Pending(None),
        Skip::Member("Ada".into()),
        Skip::PendingMember(some("2026-01-01T00:00:00Z")),
        Skip::ExternalMember("Ada".into()),
        Skip::Blocked,
        Skip::InvitedBefore("2026-01-01T00:00:00Z".into()),
        Skip::Clash("Ada".into(), "ada@contoso.example".into()),
        Skip::Chosen,
    ];
    let skips = addresses.map(Skip::BadAddress).into_iter().chain(skips).map(PlanStep::Skip);
    let steps = std::iter::once(PlanStep::Invite(Arc::new(invitation()))).chain(skips);
    let row = |(row, step): (u32, PlanStep)| {
        let is_invited = matches!(step, PlanStep::Invite(_));
        Planned {
            row,
            email: format!("guest{row}@fabrikam.example"),
            name: "Ada".into(),
            step,
            note: is_invited.then(|| "A note.".into()),
            action: if is_invited { RowAction::Resend } else { RowAction::Skip },
            channel: if is_invited { Channel::Teams } else { Channel::Microsoft },
        }
    };
    (1..).zip(steps).map(row).collect()
}

pub(super) fn header() -> Header {
    let today = [(String::new(), "30 November 2026".to_owned()), ("de".into(), "30. November 2026".into())];
    let merge_context = MergeContext { inviter: "Ada".into(), tenant: "Contoso".into(), today: today.into() };
    Header {
        id: "run".into(),
        tenant_id: "t".into(),
        tenant: "Contoso".into(),
        by: "ada@contoso.example".into(),
        begun: NOW,
        list: list(),
        letter: letter(),
        plan: Plan { rows: planned(), tenant: "Contoso".into(), warnings: vec!["A warning.".into()], merge_context },
        ramp: Ramp::AtTheLimit,
        writer: writer("ada"),
    }
}

/// A header with nothing in what may be left out.
pub(super) fn least() -> Header {
    Header {
        list: List::default(),
        letter: Letter::default(),
        plan: Plan::default(),
        ramp: Ramp::default(),
        writer: Writer::default(),
        ..header()
    }
}

fn problem(kind: &'static str) -> Refused {
    let problem = Problem {
        status: 403,
        code: "Authorization_RequestDenied".into(),
        inner_code: None,
        message: "Insufficient privileges.".into(),
        request_id: Some("r".into()),
        retry_after: Some(Millis::seconds(3)),
        demanded: Demanded::Claims("{}".into()),
        is_unreadable: false,
    };
    Refused { problem, permission: Some("User.Invite.All".into()), written_as: Some(kind) }
}

pub(super) fn entries() -> Vec<Entry> {
    let redeem = || Some(RedeemUrl::new("https://login.example/redeem/1".into()));
    let guest = || "guest-1".to_owned();
    let mut events = vec![
        RowEvent::Left,
        RowEvent::NotDone,
        RowEvent::NotSeen,
        RowEvent::LinkWanted { guest: guest(), seen: true },
        RowEvent::Created { guest: guest(), redeem: redeem() },
        RowEvent::LetterDue { guest: guest(), redeem: redeem(), seen: true },
        RowEvent::LetterLeft { guest: guest(), redeem: redeem(), seen: false },
    ];
    let no_letter = |why: NoLetter| Outcome::NoLetter { guest: guest(), redeem: redeem(), seen: true, why };
    let outcomes = [
        Outcome::Invited { guest: guest(), redeem: redeem(), seen: true },
        Outcome::NotFound { guest: guest(), redeem: redeem() },
        no_letter(NoLetter::Refused(problem("MailRefused"))),
        no_letter(NoLetter::Unsure),
        no_letter(NoLetter::NotSent(NotSent::Stopped)),
        no_letter(NoLetter::NoLink),
        Outcome::Unsure,
        Outcome::NotSent(NotSent::Halted),
        Outcome::Skipped(Skip::Clash("Ada".into(), "ada@contoso.example".into())),
    ];
    let refused = PROBLEMS.map(|kind| Outcome::Refused(problem(kind)));
    events.extend(outcomes.into_iter().chain(refused).map(RowEvent::Ended));
    let halted = |row: u32| match row {
        1 => Some(HaltReason::NoDirectory { last: problem("Unknown"), since: Some(NOW) }),
        2 => Some(HaltReason::Refused(problem("MissingPermission"))),
        _ => None,
    };
    let entry = |(row, what)| Entry { row, what, at: NOW, halted: halted(row).map(Box::new), never_left: false };
    (1..).zip(events).map(entry).collect()
}

pub(super) fn recycle_header(kind: RecycleKind) -> RecycleHeader {
    let guest = |row: u32| OwnGuest {
        row,
        email: format!("guest{row}@fabrikam.example"),
        id: format!("guest-{row}"),
        left: NOW + Millis::seconds(i64::from(row)),
    };
    RecycleHeader { id: "moves".into(), kind, of: "run".into(), begun: NOW, guests: (1..=2).map(guest).collect() }
}

pub(super) fn move_entries() -> Vec<RecycleEntry> {
    let mut events = vec![
        RecycleEvent::Left,
        RecycleEvent::NotDone,
        RecycleEvent::NotSeen,
        RecycleEvent::Accepted,
        RecycleEvent::NotThere { in_doubt: true },
    ];
    events.extend(every_ending().into_iter().map(|ending| match ending {
        RecycleOutcome::Refused(_) => RecycleEvent::Ended(RecycleOutcome::Refused(problem("MissingPermission"))),
        ending => RecycleEvent::Ended(ending),
    }));
    let halted = |row: u32| (row == 2).then(|| Box::new(HaltReason::Refused(problem("MissingPermission"))));
    (1..).zip(events).map(|(row, what)| RecycleEntry { row, what, at: NOW, halted: halted(row), never_left: false }).collect()
}

const PROBLEMS: [&str; 31] = [
    "SuspiciousActivity",
    "InvitationsNotAllowed",
    "MissingPermission",
    "Forbidden",
    "ObjectQuota",
    "OwnDomain",
    "AlreadyInDirectory",
    "AccountBlocked",
    "AddressRefused",
    "GroupAddress",
    "DomainNotAllowed",
    "CrossTenantBlocked",
    "CrossCloudDisabled",
    "ProxyConflict",
    "TargetNotFound",
    "RedirectRefused",
    "TokenExpired",
    "ClaimsChallenge",
    "Throttled",
    "ServiceBusy",
    "NotYetUsable",
    "NoMailbox",
    "MailRefused",
    "MailLimit",
    "MailboxFull",
    "SenderRestricted",
    "RecipientRefused",
    "NotFound",
    "NotGraphs",
    "Unreadable",
    "Unknown",
];

pub(super) fn preselected() -> Preselected {
    Preselected { default: Some("Für Partner".into()), last: Some(texts()) }
}

pub(super) fn summary() -> RunSummary {
    RunSummary {
        id: "run".into(),
        covers: "run/~000000000009".into(),
        owner: ada(),
        takers: vec![bob()],
        begun: NOW,
        begun_at: 7,
        written: NOW + Millis::minutes(1),
        tally: Tally::from_classes(&[1, 2, 3, 4, 5, 6, 7, 8], 9),
        is_unfinished: true,
        bytes: 4096,
    }
}

pub(super) fn run_invitations() -> RunInvitations {
    let row =
        |name: &str, number: u64| InvitedRow { address: Address::parse(&format!("{name}@fabrikam.example")).unwrap(), number, at: NOW };
    RunInvitations { covers: "run/~000000000009".into(), rows: vec![row("guest1", 8), row("guest2", 9)], sent: removed() }
}

pub(super) fn removed() -> Sent {
    Sent { at: vec![NOW], guests: BTreeSet::from(["guest-1".into()]) }
}

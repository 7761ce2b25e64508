//! What a plan tells: its sentence, its domains, what it needs and how long its letters take.

use super::{Plan, PlanStep, RowAction, Skip};
use crate::letter::Channel;
use crate::words::{count, grouped};
use graph::mail;
use std::collections::BTreeMap;

impl Plan {
    /// Domains with how many of their rows are sent and how many are skipped, those with the most rows first.
    pub fn domains(&self) -> Vec<(String, usize, usize)> {
        let mut domains: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for row in &self.rows {
            let Some((_, domain)) = row.email.rsplit_once('@') else { continue };
            let (sent, skipped) = domains.entry(domain.to_ascii_lowercase()).or_default();
            *(if matches!(row.step, PlanStep::Invite(_)) { sent } else { skipped }) += 1;
        }
        let mut domains: Vec<(String, usize, usize)> =
            domains.into_iter().map(|(domain, (sent, skipped))| (domain, sent, skipped)).collect();
        domains.sort_by_key(|(_, sent, skipped)| std::cmp::Reverse(sent + skipped));
        domains
    }

    /// Who brings the letters of how many guests.
    pub fn channels(&self) -> BTreeMap<Channel, usize> {
        let mut channels: BTreeMap<Channel, usize> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| matches!(row.step, PlanStep::Invite(_)) && row.action != RowAction::OnlyAdd) {
            *channels.entry(row.channel).or_default() += 1;
        }
        channels
    }

    /// Permissions that bringing the letters needs, beside inviting.
    pub fn scopes(&self) -> Vec<&'static str> {
        self.channels().keys().flat_map(|channel| channel.scopes()).copied().collect()
    }

    /// How many guests are invited without a name, and what they are called then.
    pub fn without_name(&self) -> Option<String> {
        let mut nameless = self.rows.iter().filter(|row| matches!(row.step, PlanStep::Invite(_)) && row.name.is_empty());
        let first = nameless.next()?;
        let called = first.email.split('@').next().unwrap_or_default();
        let have = count(nameless.count() + 1, "guest has", "guests have");
        Some(format!("{have} no name: Microsoft takes the part of the address before the @ instead, such as “{called}”."))
    }

    /// How long the mailbox takes for its letters, when that is to be felt.
    pub fn letters_take(&self) -> Option<String> {
        let letters = self.channels().get(&Channel::Mailbox).copied().unwrap_or(0);
        let minutes = letters.div_ceil(mail::PER_MINUTE);
        (letters > mail::PER_MINUTE).then(|| {
            format!(
                "Your mailbox may send {} letters a minute, so {} take about {}. This tab has to stay open; what is left goes on when you come back.",
                mail::PER_MINUTE,
                grouped(letters),
                count(minutes, "minute", "minutes")
            )
        })
    }

    /// `, by Microsoft's mail.`, or each channel with its number.
    fn clauses(&self) -> String {
        let mut channels = self.channels();
        for row in self.rows.iter().filter(|row| matches!(row.step, PlanStep::Invite(_)) && row.action == RowAction::Resend) {
            if let Some(number) = channels.get_mut(&row.channel) {
                *number -= 1;
            }
        }
        channels.retain(|_, number| *number > 0);
        match channels.first_key_value() {
            Some((channel, _)) if channels.len() == 1 => format!(", {}.", channel.clause()),
            _ => {
                let each: Vec<String> =
                    channels.iter().map(|(channel, number)| format!("{} {}", grouped(*number), channel.clause())).collect();
                format!(": {}.", each.join("; "))
            }
        }
    }

    /// What will happen, in a sentence or two: `41 guests will be invited to Contoso now, by Microsoft's mail. 2 rows are
    /// skipped: 1 is a duplicate, 1 is a guest already.` `further_days`: how many it takes beside today.
    pub fn sentence(&self, further_days: usize) -> String {
        let skipped: Vec<&Skip> =
            self.rows.iter().filter_map(|row| if let PlanStep::Skip(skip) = &row.step { Some(skip) } else { None }).collect();
        let doing =
            |action: RowAction| self.rows.iter().filter(|row| matches!(row.step, PlanStep::Invite(_)) && row.action == action).count();
        let (invited, sent_again, added) = (doing(RowAction::Invite), doing(RowAction::Resend), doing(RowAction::OnlyAdd));
        let mut will = match invited {
            0 => format!("Nobody will be invited to {}.", self.tenant),
            number => {
                let guests = count(number, "guest", "guests");
                let when =
                    if further_days == 0 { "now".to_owned() } else { format!("over {} days", grouped(further_days.saturating_add(1))) };
                format!("{guests} will be invited to {} {when}{}", self.tenant, self.clauses())
            }
        };
        if sent_again > 0 {
            let resent = self.rows.iter().filter(|row| row.action == RowAction::Resend);
            let by_microsoft = resent.clone().any(|row| row.channel.is_microsoft());
            let how = if by_microsoft { "a new link; a mail may follow" } else { "a new link in your own letter" };
            will.push_str(&format!(" {} {how}.", count(sent_again, "guest gets", "guests get")));
        }
        if added > 0 {
            will.push_str(&format!(" {} without a mail.", count(added, "guest is added", "guests are added")));
        }
        if skipped.is_empty() {
            return will;
        }
        let mut groups: Vec<((&str, &str), usize)> = Vec::new();
        for group in skipped.iter().map(|skip| skip.group()) {
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, number)) => *number += 1,
                None => groups.push((group, 1)),
            }
        }
        let reasons: Vec<String> =
            groups.iter().map(|((one, many), number)| format!("{} {}", grouped(*number), if *number == 1 { one } else { many })).collect();
        format!("{will} {} skipped: {}.", count(skipped.len(), "row is", "rows are"), reasons.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Planned;
    use super::*;

    fn row(email: &str, action: RowAction, channel: Channel) -> Planned {
        let step = if action == RowAction::Skip { PlanStep::Skip(Skip::Chosen) } else { PlanStep::Invite(Default::default()) };
        Planned { row: 1, email: email.into(), name: "Ada".into(), step, note: None, action, channel }
    }

    fn plan(rows: impl IntoIterator<Item = Planned>) -> Plan {
        Plan { rows: rows.into_iter().collect(), tenant: "Contoso".into(), ..Plan::default() }
    }

    #[test]
    fn domains_with_the_most_rows_stand_first() {
        let guest = |email: &str| row(email, RowAction::Invite, Channel::Microsoft);
        let skipped = |email: &str| row(email, RowAction::Skip, Channel::Microsoft);
        let rows = [
            guest("a@one.example"),
            guest("b@Three.example"),
            skipped("c@three.example"),
            skipped("d@three.example"),
            guest("e@two.example"),
            guest("f@two.example"),
            skipped("nobody"),
        ];
        let expected = [("three.example", 1, 2), ("two.example", 2, 0), ("one.example", 1, 0)];
        assert_eq!(plan(rows).domains(), expected.map(|(domain, sent, skipped)| (domain.to_owned(), sent, skipped)));
    }

    #[test]
    fn only_letters_that_are_brought_ask_for_permissions() {
        let plan = plan([
            row("a@x.example", RowAction::Invite, Channel::Teams),
            row("b@x.example", RowAction::Resend, Channel::Mailbox),
            row("c@x.example", RowAction::Invite, Channel::Mailbox),
            row("d@x.example", RowAction::Invite, Channel::Microsoft),
            row("e@x.example", RowAction::OnlyAdd, Channel::Drafts),
            row("f@x.example", RowAction::Skip, Channel::Drafts),
        ]);
        assert_eq!(plan.channels(), [(Channel::Microsoft, 1), (Channel::Mailbox, 2), (Channel::Teams, 1)].into());
        assert_eq!(plan.scopes(), ["Mail.Send", "Chat.Create", "ChatMessage.Send"]);
    }

    #[test]
    fn guests_without_a_name_are_counted_and_the_first_shows_what_they_are_called() {
        let nameless = |email: &str, action: RowAction| Planned { name: String::new(), ..row(email, action, Channel::Microsoft) };
        let mut rows = vec![row("a@x.example", RowAction::Invite, Channel::Microsoft), nameless("b@x.example", RowAction::Skip)];
        assert_eq!(plan(rows.clone()).without_name(), None);
        let told =
            |have: &str| Some(format!("{have} no name: Microsoft takes the part of the address before the @ instead, such as “cleo”."));
        rows.push(nameless("cleo@x.example", RowAction::Invite));
        assert_eq!(plan(rows.clone()).without_name(), told("1 guest has"));
        rows.extend([nameless("d@x.example", RowAction::OnlyAdd), nameless("e@x.example", RowAction::Resend)]);
        assert_eq!(plan(rows).without_name(), told("3 guests have"));
    }

    #[test]
    fn letters_that_take_more_than_a_minute_are_told_with_how_long() {
        let letters = |number: usize, channel: Channel| {
            plan((0..number).map(|number| row(&format!("{number}@x.example"), RowAction::Invite, channel))).letters_take()
        };
        assert_eq!(letters(0, Channel::Mailbox), None);
        assert_eq!(letters(mail::PER_MINUTE, Channel::Mailbox), None);
        let told = letters(mail::PER_MINUTE + 1, Channel::Mailbox).unwrap();
        assert!(told.starts_with("Your mailbox may send 30 letters a minute, so 31 take about 2 minutes."), "{told}");
        assert_eq!(letters(100, Channel::Drafts), None);
    }

    #[test]
    fn who_gets_a_new_link_is_told_apart_from_who_is_invited() {
        let guests = |number: usize, action: RowAction, channel: Channel| (0..number).map(move |_| row("a@x.example", action, channel));
        let told = |rows: Vec<Planned>| plan(rows).sentence(0);
        let mixed = guests(2, RowAction::Invite, Channel::Microsoft)
            .chain(guests(3, RowAction::Invite, Channel::Mailbox))
            .chain(guests(2, RowAction::Resend, Channel::Mailbox))
            .chain(guests(1, RowAction::Resend, Channel::Files));
        assert_eq!(
            told(mixed.collect()),
            "5 guests will be invited to Contoso now: 2 by Microsoft’s mail; 3 by your own letter from your mailbox. 3 guests get a new link in your own letter."
        );
        let days = plan(guests(11, RowAction::Invite, Channel::Microsoft)).sentence(2);
        assert_eq!(days, "11 guests will be invited to Contoso over 3 days, by Microsoft’s mail.");
        let one = guests(1, RowAction::Invite, Channel::Microsoft).chain(guests(1, RowAction::Resend, Channel::Mailbox));
        assert_eq!(
            told(one.collect()),
            "1 guest will be invited to Contoso now, by Microsoft’s mail. 1 guest gets a new link in your own letter."
        );
        let either = guests(1, RowAction::Resend, Channel::Mailbox).chain(guests(1, RowAction::Resend, Channel::Microsoft));
        assert_eq!(told(either.collect()), "Nobody will be invited to Contoso. 2 guests get a new link; a mail may follow.");
        let skipped = guests(2, RowAction::Skip, Channel::Microsoft).chain(guests(1, RowAction::Invite, Channel::Microsoft));
        assert_eq!(
            told(skipped.collect()),
            "1 guest will be invited to Contoso now, by Microsoft’s mail. 2 rows are skipped: 2 are skipped by choice."
        );
        assert_eq!(
            told(guests(2, RowAction::Invite, Channel::Microsoft).collect()),
            "2 guests will be invited to Contoso now, by Microsoft’s mail."
        );
    }
}

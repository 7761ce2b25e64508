//! What a column is by its heading, and whose: exports of mail programs, directories, ticket tools and meetings have several
//! columns of addresses, of which one is the guest's own.
//!
//! The words are those that the tools write: Outlook, Google Contacts, Exchange, Entra, Teams, HubSpot, LinkedIn, Eventbrite,
//! pretix.

use super::fields::{known_field, likely_field, spellings};

/// Whose a column is, in the order in which columns are proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Said to be the guest's, attendee's, participant's.
    Guest,
    /// Said to be a registrant's, a contact's, a customer's: the guest, unless another column is said to be the guest's.
    Contact,
    /// A work address.
    Work,
    /// It is not said.
    Unsaid,
    /// A second, third or alternative address.
    Further,
    /// A sign-in name, which is often an address.
    SignIn,
    /// A private address.
    Private,
    /// Of whoever paid, ordered, registered or manages others: never proposed.
    SomebodyElse,
}

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub field: &'static str,
    pub whose: Whose,
    /// The heading is only nearly one that is known.
    pub is_guess: bool,
}

/// Headings longer than this are questions of a form.
const MOST: usize = 100;

/// Says that a column holds addresses.
#[rustfmt::skip]
const MAIL: &[&str] = &["email", "emails", "mail", "emailaddress", "emailaddresses", "mailaddress", "mailadresse", "emailadresse", "smtp", "courriel", "courriels", "messagerie", "correo", "correos", "posta", "メール", "メールアドレス", "電子メール", "邮箱", "邮件", "电子邮件", "電子郵件", "이메일", "메일", "почта", "почты"];
/// Says nothing more.
#[rustfmt::skip]
const FILLING: &[&str] = &["e", "el", "address", "addresses", "adresse", "adressen", "adres", "adresy", "indirizzo", "indirizzi", "dirección", "direccion", "endereço", "endereco", "electrónico", "electronico", "eletrônico", "eletrónico", "electrónica", "électronique", "electronique", "elettronica", "elettronico", "elektroniczny", "value", "primary", "main", "principal", "haupt", "principale", "your", "ihre", "ihr", "deine", "votre", "su", "tu", "id", "the", "of", "for", "ticket", "s", "der", "des", "die", "du", "de", "di", "do", "da", "del", "della", "la", "le", "l", "d", "van", "von", "アドレス", "地址", "주소", "адрес", "электронной", "wert", "valeur", "valor", "valore", "waarde", "1"];
#[rustfmt::skip]
const GUEST: &[&str] = &["guest", "guests", "invitee", "invitees", "invited", "attendee", "attendees", "attendant", "participant", "participants", "delegate", "visitor", "external", "member", "speaker", "student", "recipient", "holder", "gast", "gastes", "gäste", "teilnehmer", "teilnehmers", "teilnehmerin", "teilnehmenden", "teilnehmende", "teilnehmender", "besucher", "eingeladene", "mitglied", "empfänger", "invité", "invitée", "participante", "asistente", "invitado", "invitada", "partecipante", "ospite", "deelnemer", "uczestnik", "uczestnika", "gość", "convidado", "参加者", "出席者", "ゲスト"];
/// Who is the guest in a list of contacts or of those who registered, and somebody else beside a guest.
#[rustfmt::skip]
const CONTACT: &[&str] = &["contact", "contacts", "person", "client", "clients", "customer", "customers", "registrant", "registrants", "registree", "registered", "kontakt", "kontakts", "kontaktes", "kontaktperson", "kontaktpersonen", "ansprechpartner", "ansprechpartners", "ansprechpartnerin", "ansprechperson", "kunde", "kunden", "kundin", "interlocuteur", "cliente", "contacto", "contatto", "contato", "contactpersoon", "klant", "klient", "klienta"];
#[rustfmt::skip]
const WORK: &[&str] = &["work", "business", "company", "corporate", "office", "professional", "geschäftlich", "geschäftliche", "dienstlich", "dienstliche", "beruflich", "berufliche", "firma", "firmen", "arbeit", "professionnel", "professionnelle", "pro", "bureau", "travail", "trabajo", "laboral", "empresa", "profesional", "corporativo", "lavoro", "ufficio", "aziendale", "werk", "zakelijk", "zakelijke", "kantoor", "trabalho", "profissional", "służbowy", "firmowy", "勤務先", "会社"];
#[rustfmt::skip]
const PRIVATE: &[&str] = &["private", "personal", "home", "privat", "private", "privater", "privé", "privée", "personnel", "personnelle", "domicile", "privato", "personale", "casa", "thuis", "privé", "pessoal", "particular", "prywatny", "自宅", "個人"];
#[rustfmt::skip]
const FURTHER: &[&str] = &["alternate", "alternative", "alternativ", "other", "additional", "secondary", "second", "backup", "recovery", "weitere", "zusätzliche", "andere", "zweite", "sekundäre", "autre", "autres", "secondaire", "otro", "otros", "secundario", "altro", "altra", "andere", "outro", "inny", "windows", "その他", "2", "3", "4", "5", "6", "7", "8", "9"];
/// Beginnings of words for whoever is not the guest.
#[rustfmt::skip]
const OTHERS: &[&str] = &["buyer", "payer", "payor", "paid", "purchas", "billing", "bill", "invoice", "order", "booker", "booking", "booked", "registrar", "registering", "organizer", "organiser", "host", "owner", "manager", "supervisor", "assistant", "sponsor", "inviter", "referr", "creat", "modif", "sender", "from", "parent", "guardian", "emergency", "agent", "approver", "requester", "requestor", "submitter", "submitting", "coordinator", "secretary", "bestell", "käufer", "kauf", "rechnung", "auftrag", "zahl", "bezahl", "buchend", "buchung", "bucher", "anmelder", "anmeldend", "angemeldet", "einlader", "vorgesetzt", "assistent", "assistenz", "sekretär", "sekretariat", "koordinator", "sachbearbeit", "einreich", "registrierend", "besitzer", "verantwortlich", "veranstalter", "erstell", "absender", "notfall", "acheteur", "payeur", "payé", "factur", "commande", "commanditaire", "organisat", "gestionnaire", "responsable", "propriétaire", "comprador", "pagador", "pedido", "organizador", "propietario", "acquirente", "pagante", "fattura", "ordine", "organizzat", "proprietario", "koper", "betaler", "besteld", "factuur", "organisator", "eigenaar", "encomenda", "pagamento", "kupując", "nabywc", "płatnik", "zamawiając", "faktur", "organizator", "購入者", "請求", "注文", "主催者", "支払"];
/// Whole words for the same: `Registered by`, `Sales rep email`.
const BY: [&str; 4] = ["by", "par", "por", "rep"];
/// The same, unless it says whose: `Angemeldet von`, but `E-Mail von Gast`.
const BY_OR_OF: [&str; 4] = ["von", "durch", "door", "przez"];
/// Between what a column says and whose it is.
const OF: [&str; 12] = ["of", "the", "des", "der", "du", "de", "la", "del", "do", "da", "della", "van"];
/// Who has an account, which says whose a column is only where no other says it better.
const USER: &str = "user";
/// Who works somewhere, the same.
#[rustfmt::skip]
const EMPLOYEES: [&str; 14] = ["employee", "employees", "mitarbeiter", "mitarbeiters", "mitarbeiterin", "mitarbeitende", "mitarbeitenden", "employé", "employée", "empleado", "empleada", "dipendente", "medewerker", "pracownik"];
/// Says to whoever fills in a form that it is about them, or that the guest is theirs.
const YOUR: [&str; 12] = ["your", "ihre", "ihr", "ihres", "ihrer", "deine", "dein", "votre", "su", "tu", "uw", "jouw"];
/// Sign-in names as Entra, the Microsoft 365 admin center and Teams write them, without blanks and marks.
const SIGN_IN: [&str; 9] = [
    "userprincipalname",
    "upn",
    "participantidupn",
    "teilnehmeridupn",
    "iddeparticipantupn",
    "idduparticipantupn",
    "benutzerprinzipalname",
    "nomdutilisateurprincipal",
    "nombreprincipaldeusuario",
];

/// What a heading means; nothing for a column of its own.
pub fn meaning(heading: &str) -> Option<Meaning> {
    if heading.len() > MOST {
        return None;
    }
    let words = words(heading);
    if let Some(decided) = decided(heading, &words) {
        return decided;
    }
    let sure = |field, whose| Some(Meaning { field, whose, is_guess: false });
    let is_of = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let whose = match () {
        () if is_of(GUEST) => Whose::Guest,
        () if is_of(CONTACT) => Whose::Contact,
        () => Whose::Unsaid,
    };
    // `Attendee name: Given name` says at its end what it is.
    let last = heading.rsplit_once(": ").map(|(_, last)| last);
    let of_guest = || known_field(&without_whose(heading)).or_else(|| last.and_then(known_field));
    let is_about_somebody = is_of(GUEST) || is_of(CONTACT) || is_of(&YOUR) || words.iter().any(|word| is_user(word));
    let of_guest = if is_about_somebody { of_guest() } else { None };
    match (of_guest, likely_field(heading).filter(|field| !is_more_than(field, &words))) {
        (Some(field), _) => sure(field, whose),
        (None, Some(field)) => Some(Meaning { field, whose: Whose::Unsaid, is_guess: true }),
        (None, None) => None,
    }
}

/// Whether a heading is no slip of a field's name, but that name and a short word before or behind it: `Position ID`, `Company No.`
fn is_more_than(field: &str, words: &[String]) -> bool {
    const SHORT: usize = 2;
    let is_field = |rest: &[String]| known_field(&rest.concat()) == Some(field);
    let is_short = |word: &String| word.chars().count() <= SHORT;
    let before = words.split_first().is_some_and(|(first, rest)| is_short(first) && is_field(rest));
    before || words.split_last().is_some_and(|(last, rest)| is_short(last) && is_field(rest))
}

/// What a heading says without whose it is: `name` of `Attendee's name` and of `Name des Gastes`.
pub fn without_whose(heading: &str) -> String {
    let words = words(heading);
    let said: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !(is_of_guest(word) || is_user(word) || YOUR.contains(word) || *word == "ticket"))
        .collect();
    let mut said = said.as_slice();
    while let [_, rest @ ..] = said
        && said[0] == "s"
    {
        said = rest;
    }
    while let [rest @ .., last] = said
        && OF.contains(last)
    {
        said = rest;
    }
    said.join(" ")
}

/// Whether a word is one for the guest, or for whoever is the guest where nobody else is.
fn is_of_guest(word: &str) -> bool {
    GUEST.contains(&word) || CONTACT.contains(&word)
}

/// Whether a word is one for whoever has an account or works somewhere.
fn is_user(word: &str) -> bool {
    word == USER || EMPLOYEES.contains(&word)
}

/// What a heading means that is known, that is about addresses, or about somebody else.
fn decided(heading: &str, words: &[String]) -> Option<Option<Meaning>> {
    let sure = |field, whose| Some(Meaning { field, whose, is_guess: false });
    if let Some(field) = known_field(heading) {
        // `Guest email` is a spelling of its own.
        let is_guests = words.iter().any(|word| GUEST.contains(&word.as_str()));
        return Some(sure(field, if is_guests { Whose::Guest } else { Whose::Unsaid }));
    }
    if SIGN_IN.contains(&words.concat().as_str()) {
        return Some(sure("email", Whose::SignIn));
    }
    if words.iter().any(|word| MAIL.contains(&word.as_str())) {
        return Some(address(words).and_then(|whose| sure("email", whose)));
    }
    is_of_somebody_else(words).then_some(None)
}

/// Whether a column holds addresses, by its heading. Every cell of a list may be asked, so nothing is guessed.
pub fn is_address(heading: &str) -> bool {
    heading.len() <= MOST && decided(heading, &words(heading)).flatten().is_some_and(|meaning| meaning.field == "email")
}

/// Whether a text in small letters ends as a heading of addresses in small letters does.
pub fn ends_as_address(text: &str) -> bool {
    MAIL.iter().chain(spellings("email")).any(|word| text.ends_with(word))
}

/// Whether a column is about whoever is not the guest, by its heading.
pub fn is_of_others(heading: &str) -> bool {
    heading.len() <= MOST && is_of_somebody_else(&words(heading))
}

/// Whether a text above a list says what stands beside it: whose address it is, or of which field.
pub fn is_label(text: &str) -> bool {
    let words = words(text);
    text.len() <= MOST && (decided(text, &words).is_some() || words.iter().all(|word| is_of_guest(word)))
}

/// Whose addresses a column holds whose heading speaks of them; nothing where it is about something else, as their type.
fn address(words: &[String]) -> Option<Whose> {
    if is_of_somebody_else(words) {
        return Some(Whose::SomebodyElse);
    }
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let lists = [MAIL, FILLING, GUEST, CONTACT, WORK, PRIVATE, FURTHER];
    if !words.iter().all(|word| is_user(word) || lists.iter().any(|list| list.contains(&word.as_str()))) {
        return None;
    }
    Some(match () {
        () if has(PRIVATE) => Whose::Private,
        () if has(FURTHER) => Whose::Further,
        () if has(GUEST) => Whose::Guest,
        () if has(CONTACT) => Whose::Contact,
        () if has(WORK) => Whose::Work,
        () => Whose::Unsaid,
    })
}

fn is_of_somebody_else(words: &[String]) -> bool {
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    has(&BY) || has(&BY_OR_OF) && !has(GUEST) || words.iter().any(|word| OTHERS.iter().any(|start| word.starts_with(start)))
}

/// Whose the addresses are that Google Contacts and others label so in the column before: `* Work`, `Home`.
pub fn whose_by_label(label: &str) -> Option<Whose> {
    let words = words(label);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    if has(WORK) { Some(Whose::Work) } else { has(PRIVATE).then_some(Whose::Private) }
}

/// Whether a column labels addresses that stand beside it: `E-mail 1 - Label`.
pub fn is_of_labels(heading: &str) -> bool {
    let words = words(heading);
    heading.len() <= MOST && words.iter().any(|word| MAIL.contains(&word.as_str())) && address(&words).is_none()
}

/// Words in lower case; `ExternalEmailAddress` has three, `emailaddress1` two, `Teilnehmername` two as well.
fn words(heading: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for character in heading.chars() {
        let begins = before.is_lowercase() && character.is_uppercase() || before.is_ascii_digit() != character.is_ascii_digit();
        if begins || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(last)) = (character.is_alphanumeric(), words.last_mut()) {
            last.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    if let Some((place, whose)) = words.iter().enumerate().find_map(|(place, word)| Some((place, german_guest(word)?))) {
        let name = words[place].split_off(whose);
        words.insert(place + 1, name);
    }
    words
}

/// Where the word for the guest ends in `teilnehmername` or `gastname`.
fn german_guest(word: &str) -> Option<usize> {
    let whose = ["vorname", "nachname", "name"].iter().find_map(|name| word.strip_suffix(name))?;
    (is_of_guest(whose) || EMPLOYEES.contains(&whose)).then_some(whose.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_address_a_column_holds_is_told_by_its_heading() {
        use Whose as W;
        let check = |heading: &str, expected: Option<Whose>| {
            let found = meaning(heading).filter(|meaning| meaning.field == "email" && !meaning.is_guess);
            assert_eq!(found.map(|meaning| meaning.whose), expected, "{heading}");
        };
        for heading in [
            "Email",
            "E-mail 1 - Value",
            "E-Mail-Adresse",
            "Adresse de messagerie",
            "Dirección de correo electrónico",
            "mail",
            "PrimarySmtpAddress",
            "Indirizzo posta elettronica",
            "メール アドレス",
            "Primary email",
            "Email Address",
            "User email",
        ] {
            check(heading, Some(W::Unsaid));
        }
        for heading in [
            "Attendee email",
            "Teilnehmer-E-Mail",
            "ExternalEmailAddress",
            "E-Mail des Gastes",
            "Participant Email",
            "Guest e-mail address",
            "E-mail du participant",
            "Ticket holder email",
            "E-Mail-Adresse Teilnehmer",
            "E-Mail von Gast",
            "Guest contact email",
            "Participant's email",
        ] {
            check(heading, Some(W::Guest));
        }
        for heading in [
            "Customer email",
            "Registrant Email",
            "Contact person e-mail",
            "E-Mail Ansprechpartner",
            "Kontaktperson: E-Mail",
            "E-Mail des Kunden",
        ] {
            check(heading, Some(W::Contact));
        }
        for heading in ["Work email", "Business Email", "E-Mail (geschäftlich)", "E-mail professionnel", "Email - Work"] {
            check(heading, Some(W::Work));
        }
        for heading in [
            "E-mail 2 Address",
            "E-Mail 2: Adresse",
            "E-mail 2 - Value",
            "Alternate email addresses",
            "Additional email addresses",
            "emailaddress2",
            "Adresse de messagerie 2",
        ] {
            check(heading, Some(W::Further));
        }
        for heading in ["Private email", "Personal Email", "E-Mail privat", "Home e-mail", "E-mail personnel"] {
            check(heading, Some(W::Private));
        }
        for heading in ["userPrincipalName", "User principal name", "Participant ID (UPN)", "Teilnehmer-ID (UPN)"] {
            check(heading, Some(W::SignIn));
        }
        for heading in [
            "Buyer Email",
            "Purchaser email",
            "Order email",
            "Billing Email Address",
            "Email of orderer",
            "Rechnungs-E-Mail",
            "E-Mail der buchenden Person",
            "E-Mail Besteller",
            "Registered by (email)",
            "Contact owner email",
            "Manager Email",
            "E-mail de l'acheteur",
            "Organizer email",
            "Invoice address: Email",
            "Sales rep email",
            "Registriert von (E-Mail)",
            "E-Mail der Assistenz",
            "Submitter email",
            "E-Mail Sekretariat",
        ] {
            check(heading, Some(W::SomebodyElse));
        }
        for heading in [
            "E-mail 1 - Type",
            "E-mail 1 - Label",
            "E-mail Type",
            "E-mail Display Name",
            "E-Mail-Typ",
            "Email Domain",
            "Email opt-in",
            "Email hard bounce reason",
            "Teilnahme am",
            "Mailing list",
            "Mail sent",
            "Contact owner",
        ] {
            check(heading, None);
        }
    }

    #[test]
    fn a_heading_as_long_as_a_question_is_none() {
        // As on a form, with dots up to the box.
        let check = |length: usize, expected: bool| {
            let heading = format!("{:.<length$}", "Guest email");
            assert_eq!((meaning(&heading).is_some(), is_address(&heading)), (expected, expected), "{heading}");
            assert_eq!(is_of_labels(&format!("{:.<length$}", "Email type")), expected);
        };
        check(11, true);
        check(100, true);
        check(101, false);
        check(150, false);
        assert_eq!((meaning(""), is_address("")), (None, false));
    }

    #[test]
    fn what_is_about_others_and_what_only_names_a_field_or_guests_is_told() {
        let check = |text: &str, expected: (bool, bool)| assert_eq!((is_of_others(text), is_label(text)), expected, "{text}");
        check("Buyer name", (true, true));
        check("Registered by", (true, true));
        check("Email", (false, true));
        check("Guests", (false, true));
        check("Participants:", (false, true));
        check("Guests of Fabrikam", (false, false));
        check("Ada Lovelace", (false, false));
        check(&format!("{:.<100}", "Buyer name"), (true, true));
        check(&format!("{:.<101}", "Buyer name"), (false, false));
        check(&format!("{:.<101}", "Guests"), (false, false));
    }

    #[test]
    fn a_label_beside_an_address_says_whose_it_is() {
        let check = |label: &str, expected: Option<Whose>| assert_eq!(whose_by_label(label), expected, "{label}");
        check("* Work", Some(Whose::Work));
        check("Home", Some(Whose::Private));
        check("privat", Some(Whose::Private));
        check("*", None);
        check("", None);
    }

    #[test]
    fn a_column_that_says_of_what_kind_addresses_are_is_told_from_them() {
        let check = |heading: &str, expected: bool| assert_eq!(is_of_labels(heading), expected, "{heading}");
        check("E-mail 1 - Label", true);
        check("E-mail 1 - Type", true);
        check("E-mail 1 - Value", false);
        check("Phone 1 - Label", false);
        check("Buyer email", false);
        check("", false);
    }

    #[test]
    fn a_guests_own_fields_are_known_and_those_of_others_are_not() {
        let check =
            |heading: &str, expected: Option<&str>| assert_eq!(meaning(heading).map(|meaning| meaning.field), expected, "{heading}");
        check("Attendee first name", Some("firstName"));
        check("Attendee Surname", Some("lastName"));
        check("Guest name", Some("displayName"));
        check("Attendee name: Given name", Some("firstName"));
        check("Vorname Teilnehmer", Some("firstName"));
        check("Teilnehmername", Some("displayName"));
        check("Teilnehmername: Vorname", Some("firstName"));
        check("Gastname", Some("displayName"));
        check("Ticket holder name", Some("displayName"));
        check("User first name", Some("firstName"));
        check("Guest’s name", Some("displayName"));
        check("Name des Gastes", Some("displayName"));
        check("First name of the attendee", Some("firstName"));
        check("Nom de famille du participant", Some("lastName"));
        check("Guest of the host", None);
        check("Registrant name", Some("displayName"));
        check("Contact First Name", Some("firstName"));
        check("Ansprechpartner: Nachname", Some("lastName"));
        for heading in
            ["Your guest's name", "Name of your guest", "Employee Name", "Employee's name", "Your name", "Ihr Name", "Name Ihres Gastes"]
        {
            check(heading, Some("displayName"));
        }
        for heading in ["Mitarbeitername", "Name des Mitarbeiters", "Votre nom", "Employee full name", "Name of employee"] {
            check(heading, Some("displayName"));
        }
        check("Your guest's first name", Some("firstName"));
        check("Employee last name", Some("lastName"));
        check("Your company", Some("company"));
        check("Employee email", Some("email"));
        for heading in ["Employee ID", "Your manager's name", "Name of the employee's manager", "Username", "Your answer", "Your"] {
            check(heading, None);
        }
        check("Position ID", None);
        check("PositionID", None);
        check("Company No.", None);
        check("Department 2", None);
        check("ID Company", None);
        check("Compnay name", Some("company"));
        check("Frist name", Some("firstName"));
        check("Positon", Some("jobTitle"));
        check("Ticket", None);
        check("Ticket name", None);
        check("Buyer First Name", None);
        check("Invoice address: Company", None);
        check("Order date", None);
        check("Participants", None);
    }
}

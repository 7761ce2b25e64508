//! What columns are called: the known fields in many spellings, and names of a column's own.

/// A column: the name that messages use (`displayName`) and the heading that people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub heading: String,
}

/// Known fields: name, heading, and how it is written elsewhere: in lower case without blanks and marks; in English, German,
/// French, Spanish, Dutch, Italian, Portuguese, Polish, Japanese and Entra's own template; names of people in further ones.
#[rustfmt::skip]
const KNOWN: [(&str, &str, &[&str]); 11] = [
    ("email", "Email", &["email", "mail", "emailaddress", "mailaddress", "guestemail", "inviteeemail", "emailadresse", "mailadresse", "courriel", "adressemail", "adresseemail", "adresseélectronique", "correo", "correoelectrónico", "correoelectronico", "emailadres", "mailadres", "indirizzoemail", "postaelettronica", "endereçodeemail", "enderecodeemail", "correioeletrónico", "correioeletrônico", "adresemail", "adressedemessagerie", "メール", "メールアドレス", "電子メール", "epost", "epostadress", "epostadresse", "epostaadresi", "sähköposti", "sähköpostiosoite", "emailcím", "электроннаяпочта", "адресэлпочты", "адресэлектроннойпочты", "електроннапошта"]),
    ("displayName", "Name", &["displayname", "name", "nameoriginalname", "usernameoriginalname", "fullname", "anzeigename", "vollständigername", "nom", "nomcomplet", "nombre", "nombrecompleto", "naam", "volledigenaam", "weergavenaam", "nomecompleto", "nomevisualizzato", "imięinazwisko", "氏名", "名前", "表示名", "姓名", "名字", "이름", "성명", "név", "teljesnév", "фио", "полноеимя", "піб", "namn", "fullständigtnamn", "navn", "fuldenavn", "nimi", "kokonimi", "jménoapříjmení", "adsoyad", "adısoyadı", "imeiprezime", "vorundnachname", "vornameundnachname", "nachnamevorname", "nometprénom", "prénometnom", "nomprénom", "nombreyapellido", "nombreyapellidos", "nomeecognome", "nomeesobrenome", "firstandlastname", "namesurname"]),
    ("firstName", "First name", &["firstname", "givenname", "vorname", "prénom", "prenom", "primernombre", "nombredepila", "voornaam", "nome", "primeironome", "imię", "imie", "名", "forename", "имя", "імя", "ім’я", "імʼя", "keresztnév", "utónév", "förnamn", "fornavn", "etunimi", "jméno", "křestníjméno", "adı", "ime", "氏名（名）", "氏名名"]),
    ("lastName", "Last name", &["lastname", "surname", "familyname", "nachname", "familienname", "nomdefamille", "apellido", "apellidos", "achternaam", "cognome", "sobrenome", "apelido", "nazwisko", "姓", "성", "姓氏", "氏名（姓）", "氏名姓", "фамилия", "прізвище", "vezetéknév", "családnév", "efternamn", "efternavn", "etternavn", "sukunimi", "příjmení", "priezvisko", "soyad", "soyadı", "prezime", "primerapellido", "apellido1", "apellidopaterno"]),
    ("company", "Company", &["company", "companyname", "associatedcompany", "organizationname", "organization1name", "organización", "organizacion", "organização", "unternehmensname", "organization", "organisation", "firma", "unternehmen", "société", "societe", "entreprise", "empresa", "compañía", "bedrijf", "bedrijfsnaam", "azienda", "società", "przedsiębiorstwo", "会社", "会社名", "公司", "公司名称", "单位", "公司名稱", "회사", "회사명", "организация", "компания"]),
    ("department", "Department", &["department", "organizationdepartment", "abteilung", "département", "departement", "departamento", "afdeling", "dipartimento", "reparto", "dział", "部署", "部門", "отдел"]),
    ("jobTitle", "Job title", &["jobtitle", "organizationtitle", "organization1title", "positionstitel", "titre", "posizione", "title", "position", "stellenbezeichnung", "berufsbezeichnung", "fonction", "poste", "puesto", "cargo", "functie", "functietitel", "qualifica", "stanowisko", "役職", "должность"]),
    ("language", "Language", &["language", "messagelanguage", "sprache", "langue", "idioma", "taal", "lingua", "língua", "język", "言語", "语言", "語言", "언어", "язык", "мова", "nyelv", "språk", "sprog", "kieli", "jazyk", "dil"]),
    ("redirectUrl", "Lands on", &["redirecturl", "inviteredirecturl", "redirectionurl", "redirect", "weiterleitung", "weiterleitungsurl", "landson"]),
    ("cc", "Copy to", &["cc", "copyto", "kopie", "copie", "copia"]),
    ("message", "Message", &["message", "customizedmessagebody", "custommessage", "nachricht", "mensaje", "bericht", "messaggio", "mensagem", "wiadomość", "メッセージ"]),
];

impl Column {
    /// The column of a known field.
    pub(super) fn known(name: &str) -> Self {
        let heading = KNOWN.iter().find(|(known, ..)| *known == name).map_or(name, |(_, heading, _)| heading);
        Self { name: name.into(), heading: heading.into() }
    }

    /// Names of the known fields.
    pub const FIELDS: [&'static str; KNOWN.len()] = {
        let mut names = [""; KNOWN.len()];
        let mut place = 0;
        while place < KNOWN.len() {
            names[place] = KNOWN[place].0;
            place += 1;
        }
        names
    };

    /// The column that a heading means: a known field by any of its spellings, else one of its own.
    pub fn from_heading(heading: &str) -> Self {
        known_field(heading).map_or_else(|| Self::own(heading), Self::known)
    }

    /// A column under its own name, whatever its heading means elsewhere.
    pub fn own(heading: &str) -> Self {
        Self { name: camel_case(heading), heading: heading.trim().into() }
    }
}

/// How a known field is written elsewhere, in lower case without blanks and marks.
pub(super) fn spellings(field: &str) -> &'static [&'static str] {
    KNOWN.iter().find(|(known, ..)| *known == field).map_or(&[], |(_, _, spellings)| spellings)
}

/// Lower case without blanks and marks; of `Email address to invite [inviteeEmail] Required` what is in brackets.
fn plain(heading: &str) -> String {
    let inner = heading.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or(heading, |(inner, _)| inner);
    inner.to_lowercase().replace(|character| !is_word(character), "")
}

/// The known field that a heading means.
pub fn known_field(heading: &str) -> Option<&'static str> {
    let plain = plain(heading);
    KNOWN
        .iter()
        .find(|(name, _, spellings)| name.eq_ignore_ascii_case(&plain) || spellings.contains(&plain.as_str()))
        .map(|(name, ..)| *name)
}

/// The known field that a heading seems to mean: one of whose spellings it is only a letter or two away.
pub fn likely_field(heading: &str) -> Option<&'static str> {
    let plain = plain(heading);
    let length = plain.chars().count();
    let most = match length {
        0..5 => return None,
        5..9 => 1,
        _ => 2,
    };
    let near = |spelling: &&str| spelling.chars().count() > 4 && strsim::osa_distance(&plain, spelling) <= most;
    KNOWN.iter().find(|(_, _, spellings)| spellings.iter().any(near)).map(|(name, ..)| *name)
}

/// Whether a character can be part of a field's name: ASCII letters and digits, and everything beyond ASCII but blanks.
/// The full Unicode tables would weigh more than this list.
pub fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || !character.is_ascii() && !character.is_whitespace()
}

/// `Badge number` → `badgeNumber`, `MEMBER_RATING` → `memberRating`, `Customer ID` → `customerID`.
fn camel_case(heading: &str) -> String {
    let mut name = String::new();
    let are_capitals = !heading.bytes().any(|letter| letter.is_ascii_lowercase());
    for (place, word) in heading.split(|character| !is_word(character)).filter(|word| !word.is_empty()).enumerate() {
        let is_small = are_capitals || place == 0 && !word.bytes().any(|letter| letter.is_ascii_lowercase());
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if place == 0 => name.push(first.to_ascii_lowercase()),
            Some(first) => name.push(first.to_ascii_uppercase()),
            None => {}
        }
        name.extend(letters.map(|letter| if is_small { letter.to_ascii_lowercase() } else { letter }));
    }
    if name.is_empty() { "column".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_become_fields() {
        let check = |heading: &str, name: &str| assert_eq!(Column::from_heading(heading).name, name, "{heading}");
        check("E-Mail", "email");
        check("Email address to invite [inviteeEmail] Required", "email");
        check("display_name", "displayName");
        check("Vorname", "firstName");
        check("Badge number", "badgeNumber");
        check("MEMBER_RATING", "memberRating");
        check("URL", "url");
        check("ID of badge", "idOfBadge");
        check("Customer ID", "customerID");
        check("organizationName", "company");
        check("  ", "column");
        for (field, _, spellings) in KNOWN {
            check(Column::known(field).heading.as_str(), field);
            for spelling in spellings {
                check(spelling, field);
            }
        }
        for (heading, name) in
            [("Ім'я", "firstName"), ("氏名(姓)", "lastName"), ("Vor- und Nachname", "displayName"), ("Adı Soyadı", "displayName")]
        {
            check(heading, name);
        }
        for heading in ["AD", "Last", "First", "Segundo apellido", "성별", "Navnet på firma"] {
            assert_eq!(known_field(heading), None, "{heading}");
        }
        assert_eq!(likely_field("Frist"), None);
    }

    #[test]
    fn a_heading_with_a_slip_is_nearly_a_field_unless_its_word_is_short() {
        let check = |heading: &str, expected: Option<&str>| assert_eq!(likely_field(heading), expected, "{heading}");
        check("Emial", Some("email"));
        check("Compnay", Some("company"));
        check("Departmnet", Some("department"));
        check("Deparmetn", Some("department"));
        check("Named", None);
        check("Snail", None);
        check("Mial", None);
        check("Cmopnay", None);
    }
}

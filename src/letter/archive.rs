//! Letters as files: one mail file per guest in a ZIP, and a sheet to print with a QR code for each.

use super::{OutgoingMessage, html, languages, mime};
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::convert::{Builder, Shape};
use fast_qr::{ECL, QRBuilder};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// A ZIP of `.eml` files that Outlook opens as drafts.
///
/// # Errors
/// A sentence for the user. Writing to memory has no way to fail but its size.
pub fn mails(letters: &[OutgoingMessage]) -> Result<Vec<u8>, String> {
    pack(letters).map_err(|error| format!("The mail files could not be written: {error}."))
}

fn pack(letters: &[OutgoingMessage]) -> Result<Vec<u8>, ZipError> {
    let mut parcel = ZipWriter::new(Cursor::new(Vec::new()));
    let digits = letters.len().to_string().len();
    for (place, letter) in letters.iter().enumerate() {
        parcel.start_file(format!("{:0digits$} {}.eml", place + 1, file_name(&letter.to)), SimpleFileOptions::default())?;
        parcel.write_all(mime::write(letter, true).as_bytes())?;
    }
    Ok(parcel.finish()?.into_inner())
}

/// What every file system takes of an address.
fn file_name(address: &str) -> String {
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '@' | '.' | '-' | '_');
    address.chars().map(|character| if fits(character) { character } else { '_' }).take(80).collect()
}

const STYLE: &str = "body{font-family:'Segoe UI',system-ui,sans-serif;margin:12mm;color:#242424;background:#fff}\
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(80mm,1fr));gap:6mm}\
.card{border:1px solid #616161;border-radius:2mm;padding:5mm;break-inside:avoid;text-align:center}\
.card svg{width:60mm;height:60mm;display:block;margin:0 auto 3mm}\
.card p{margin:1mm 0;overflow-wrap:anywhere}.name{font-weight:600}.link{font-size:7pt;color:#424242;text-align:start}\
h1{font-size:16pt}@media print{body{margin:0}.note{display:none}}";

/// A page of its own, without scripts: a card for each guest who has a link, with the code and, beside it, the link.
pub fn sheet(letters: &[OutgoingMessage], tenant: &str) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"referrer\" content=\"no-referrer\"><title>Invitations to {0}</title><style>{STYLE}</style></head>\
         <body><h1>Invitations to {0}</h1><p class=\"note\">Each code is personal: whoever has it can try to accept in the guest’s place. \
         Print this page, then delete the file.</p><div class=\"cards\">\n",
        html::escape(tenant)
    );
    for letter in letters {
        let Some(link) = letter.link() else { continue };
        let language = if letter.language.is_empty() { String::new() } else { format!(" lang=\"{}\"", html::escape(&letter.language)) };
        page.push_str(&format!(
            "<section class=\"card\"{language}>{}<p class=\"name\" dir=\"auto\">{}</p><p>{}</p><p>{}</p><p class=\"link\">{}</p></section>\n",
            code(link),
            html::escape(&letter.to_name),
            html::escape(&letter.to),
            languages::accept(&letter.language),
            html::escape(link)
        ));
    }
    page.push_str("</div></body></html>\n");
    page
}

/// The link as a QR code (ISO/IEC 18004) with its quiet zone; nothing where it is longer than a code holds.
fn code(link: &str) -> String {
    // Level M restores a code that is damaged by 15 %.
    let Ok(code) = QRBuilder::new(link).ecl(ECL::M).build() else { return String::new() };
    SvgBuilder::default().shape(Shape::Square).margin(4).to_str(&code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::invitations::RedeemUrl;

    fn letter(to: &str, link: Option<&str>) -> OutgoingMessage {
        OutgoingMessage {
            to: to.into(),
            to_name: "<Ada>".into(),
            subject: "Hi".into(),
            text: "x".into(),
            redeem: link.map(|link| RedeemUrl::new(link.into())),
            ..OutgoingMessage::default()
        }
    }

    #[test]
    fn every_letter_is_a_file_with_a_name_that_fits() {
        let letters: Vec<OutgoingMessage> =
            ["ada@fabrikam.example", "o'neil/..\\x@fabrikam.example"].iter().map(|to| letter(to, None)).collect();
        let bytes = mails(&letters).unwrap();
        let mut parcel = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<String> = (0..parcel.len()).map(|place| parcel.by_index(place).unwrap().name().unwrap().into_owned()).collect();
        assert_eq!(names, ["1 ada@fabrikam.example.eml", "2 o_neil_.._x@fabrikam.example.eml"]);
    }

    #[test]
    fn a_sheet_has_a_code_for_each_link_and_no_markup_of_its_guests() {
        let page = sheet(&[letter("ada@x.example", Some("https://r.example/?a=1&b=2")), letter("bob@x.example", None)], "A & B");
        assert_eq!((page.matches("<svg").count(), page.matches("class=\"card\"").count()), (1, 1));
        assert!(page.contains("&lt;Ada&gt;") && page.contains("A &amp; B") && page.contains("https://r.example/?a=1&amp;b=2"));
        assert!(!page.contains("<script") && !page.contains("bob@"));
        assert_eq!(code(&"x".repeat(8000)), "");
    }
}

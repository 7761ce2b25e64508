//! The letter that comes with the page, filled in for one guest, in each language, as it is sent either way. A text that is
//! changed on purpose is written anew with `WRITE_GOLDEN=1`.

use guestlist::jobs::invite::plan;
use guestlist::letter::lints::{self, LintKind, Setting};
use guestlist::letter::values::MergeContext;
use guestlist::letter::{Letter, builtin_template, editing, own_message, template};
use guestlist::rows::{Column, List};
use guestlist::sheet::columns::{header_of, layout};
use guestlist::sheet::{self, Wanted};
use std::path::Path;

fn list(language: &str, first: &str, last: &str) -> List {
    let mut list = List::default();
    let cells = [("Email", "aiko@fabrikam.example"), ("First name", first), ("Last name", last), ("Language", language)];
    list.add(&cells.map(|(heading, cell)| (Column::from_heading(heading), cell.to_owned())));
    list
}

fn letter() -> Letter {
    let mut letter = Letter::default();
    builtin_template::welcome().put_into(&mut letter);
    letter
}

fn merge_context() -> MergeContext {
    MergeContext { inviter: "Gita Inviter".into(), tenant: "Contoso".into(), ..MergeContext::default() }
}

#[test]
fn each_language_says_what_its_golden_text_says() {
    let letter = letter();
    let mut seen = 0;
    for text in builtin_template::each() {
        let mut golden = String::new();
        for (first, last) in [("Aiko", "Sato"), ("", "")] {
            let list = list(text.language, first, last);
            for (way, redeem) in [("by Microsoft’s mail", None), ("in a letter of one’s own", Some("https://redeem.example/x"))] {
                let written = letter.written(list.row(0), &merge_context(), redeem);
                golden.push_str(&format!("=== {way}, to “{first} {last}”\n{}\n\n{}\n\n", written.subject, written.text.text()));
            }
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/letters/{}.txt", text.language));
        if std::env::var_os("WRITE_GOLDEN").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &golden).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), golden, "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 9);
}

#[test]
fn no_text_that_ships_has_a_fault_or_looks_like_spam() {
    let letter = letter();
    let hosts = ["contoso.example".to_owned()];
    for text in builtin_template::each() {
        // Also for a list that has addresses and nothing else.
        let mut bare = List::from_columns(vec![Column::from_heading("Email")]);
        bare.add(&[(Column::from_heading("Email"), "a@b.example".into())]);
        for source in [text.subject, text.message] {
            assert_eq!(editing::faults(source, &bare, &[]), [], "{}", text.language);
        }
        assert!(template::parse(text.message).names("redeemUrl"), "{}", text.language);
        let list = list(text.language, "Aiko", "Sato");
        for (by_microsoft, redeem) in [(true, None), (false, Some(own_message::SAMPLE_LINK))] {
            let written = letter.written(list.row(0), &merge_context(), redeem);
            let found = lints::lints(&letter, list.row(0), &written, redeem, Setting { by_microsoft, hosts: &hosts });
            let whats: Vec<LintKind> = found.iter().map(|lint| lint.what).collect();
            assert_eq!(whats, [], "{}: {}", text.language, written.text.text());
            assert!(!written.text.text().contains("\n\n\n"), "{}: a hole in the text", text.language);
        }
    }
}

/// Case 42: letters that were copied from other programs.
#[test]
fn placeholders_of_other_programs_are_pointed_at_before_sending() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/42-foreign-placeholders");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let (_, table) = sheet::read(read("guest.csv").as_bytes(), &Wanted::default(), |_, _| {}).unwrap();
    let mut list = List::default();
    layout(&table, header_of(&table)).add(table, &mut list, str::to_owned);
    let check = |name: &str, quoted: &[&str], fixed: &str| {
        let mut message = read(name);
        let letter = Letter { message: message.clone(), redirect_url: "https://myapps.microsoft.com".into(), ..letter() };
        let blocking_issues = plan::blocking_issues(&letter, &list, &["myapps.microsoft.com".to_owned()]);
        assert_eq!(blocking_issues.is_empty(), quoted.is_empty(), "{name}: {blocking_issues:?}");
        let words: String = blocking_issues.iter().map(plan::BlockingIssue::words).collect();
        quoted.iter().for_each(|quoted| assert!(words.contains(quoted), "{name}: {words}"));
        while let Some(fix) = editing::faults(&message, &list, &[]).into_iter().find_map(|fault| fault.fix) {
            message.replace_range(fix.span, &fix.by);
        }
        let written = Letter { message, ..letter }.written(list.row(0), &merge_context(), None);
        assert_eq!(written.text.text().lines().collect::<Vec<_>>().join(" "), fixed, "{name}");
    };
    check("letter-mailchimp.txt", &["*|FNAME|*", "*|COMPANY|*"], "Dear Ada,  your company Fabrikam is invited.");
    check("letter-word.txt", &["«First_Name»", "[Company Name]"], "Dear Ada,  welcome to Fabrikam.");
    check("letter-single.txt", &["{FirstName}", "%FIRSTNAME%", "${firstName}"], "Hello Ada / Ada / Ada,");
    check("letter-liquid.txt", &["{{ first_name | default: \"there\" }}"], "Hi Ada,  see you soon.");
    check("letter-curly.txt", &["firstName|“guest”"], "Hi Ada,  see you soon.");
    check("guard.txt", &[], "Hello Ada,  Save 50% by [clicking here], see the {draft} note. 100 %");
    // Without a name nothing of another program's fallback is printed.
    let nobody = List::from_columns(list.columns().to_vec());
    for (name, expected) in [("letter-liquid.txt", "Hi there,"), ("letter-curly.txt", "Hi guest,")] {
        let source = read(name);
        let fault = editing::faults(&source, &nobody, &[]).remove(0);
        let mut message = source.clone();
        let fix = fault.fix.unwrap();
        message.replace_range(fix.span, &fix.by);
        let written = Letter { message, ..letter() }.written(nobody.row(0), &merge_context(), None);
        assert_eq!(written.text.text().lines().next(), Some(expected));
    }
}

//! Short lists of names and towns in the encodings that programs of their countries wrote and write: what the detector says of
//! each, and that the names come out as they were meant; if not, the look before anything is added has them.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a list that cannot be read is a failure"))]

use guestlist::rows::List;
use guestlist::sheet::columns::{header_of, layout};
use guestlist::sheet::detect::{DetectedEncoding, decode, judge};
use guestlist::sheet::{self, DetectedFormat, Encoding, EncodingSample, IncomingText, Noticed, Table, Wanted};
use std::path::Path;

/// Language, list, and the labels of its usual encodings.
const LISTS: [(&str, &str, &[&str]); 22] = [
    (
        "German",
        "E-Mail;Vorname;Nachname;Ort\nj@a.example;Jürgen;Müller;Köln\ng@a.example;Günther;Weiß;Düsseldorf\nb@a.example;Bärbel;Schäfer;Nürnberg\n",
        &["windows-1252", "macintosh"],
    ),
    (
        "French",
        "Email;Prénom;Nom;Ville\nr@a.example;René;Garçon;Orléans\nh@a.example;Hélène;Lefèvre;Besançon\nf@a.example;François;Noël;Nîmes\n",
        &["windows-1252", "macintosh"],
    ),
    (
        "Spanish",
        "Correo;Nombre;Apellido;Ciudad\nj@a.example;José;Núñez;Málaga\na@a.example;Íñigo;Peña;A Coruña\nm@a.example;María;Gómez;León\n",
        &["windows-1252", "macintosh"],
    ),
    (
        "Swedish",
        "E-post;Förnamn;Efternamn;Ort\na@a.example;Åsa;Öberg;Malmö\nb@a.example;Björn;Sjöström;Västerås\nc@a.example;Göran;Åkesson;Linköping\n",
        &["windows-1252", "macintosh"],
    ),
    (
        "Portuguese",
        "Email;Nome;Sobrenome;Cidade\nj@a.example;João;Gonçalves;São Paulo\nc@a.example;Conceição;Magalhães;Brasília\nl@a.example;Luís;Araújo;Florianópolis\n",
        &["windows-1252", "macintosh"],
    ),
    (
        "Polish",
        "E-mail;Imię;Nazwisko;Miasto\nl@a.example;Łukasz;Wiśniewski;Łódź\na@a.example;Małgorzata;Dąbrowska;Kraków\ns@a.example;Stanisław;Wójcik;Gdańsk\nb@a.example;Bożena;Zając;Częstochowa\n",
        &["windows-1250", "iso-8859-2"],
    ),
    (
        "Czech",
        "E-mail;Jméno;Příjmení;Město\nj@a.example;Jiří;Dvořák;Plzeň\nl@a.example;Zdeněk;Šťastný;České Budějovice\nt@a.example;Tomáš;Novák;Třebíč\nk@a.example;Kateřina;Nováková;Jihlava\n",
        &["windows-1250", "iso-8859-2"],
    ),
    (
        "Hungarian",
        "E-mail;Vezetéknév;Utónév;Város\ng@a.example;Szőke;György;Győr\nl@a.example;Kovács;László;Székesfehérvár\nz@a.example;Tóth;Zsófia;Hódmezővásárhely\nf@a.example;Fülöp;Ödön;Szűcs\n",
        &["windows-1250", "iso-8859-2"],
    ),
    (
        "Romanian",
        "E-mail;Prenume;Nume;Oraş\ni@a.example;Ştefan;Ţurcanu;Timişoara\nm@a.example;Mădălina;Ionescu;Bucureşti\nc@a.example;Cătălin;Băsescu;Constanţa\n",
        &["windows-1250"],
    ),
    (
        "Russian",
        "E-mail;Имя;Фамилия;Город\ni@a.example;Иван;Петров;Москва\no@a.example;Ольга;Смирнова;Екатеринбург\ns@a.example;Сергей;Кузнецов;Нижний Новгород\n",
        &["windows-1251", "koi8-r", "x-mac-cyrillic"],
    ),
    (
        "Ukrainian",
        "E-mail;Ім'я;Прізвище;Місто\no@a.example;Олексій;Шевченко;Київ\nn@a.example;Наталія;Ковальчук;Чернівці\ny@a.example;Євген;Бойко;Запоріжжя\n",
        &["windows-1251", "koi8-u"],
    ),
    (
        "Bulgarian",
        "E-mail;Име;Фамилия;Град\ni@a.example;Иван;Димитров;София\nm@a.example;Мария;Георгиева;Пловдив\ns@a.example;Стоян;Петков;Стара Загора\n",
        &["windows-1251"],
    ),
    (
        "Greek",
        "E-mail;Όνομα;Επώνυμο;Πόλη\ng@a.example;Γιώργος;Παπαδόπουλος;Αθήνα\ne@a.example;Ελένη;Νικολάου;Θεσσαλονίκη\nk@a.example;Κώστας;Οικονόμου;Πάτρα\n",
        &["windows-1253", "iso-8859-7"],
    ),
    (
        "Turkish",
        "E-posta;Adı;Soyadı;Şehir\nm@a.example;Işıl;Yılmaz;İstanbul\ns@a.example;Şükrü;Çağlar;Eskişehir\ng@a.example;Gökçe;Öztürk;Muğla\n",
        &["windows-1254"],
    ),
    (
        "Hebrew",
        "E-mail,שם פרטי,שם משפחה,עיר\ny@a.example,יוסף,כהן,תל אביב\nm@a.example,מרים,לוי,ירושלים\nd@a.example,דוד,מזרחי,חיפה\n",
        &["windows-1255"],
    ),
    (
        "Arabic",
        "E-mail,الاسم,اللقب,المدينة\nm@a.example,محمد,حسن,القاهرة\nf@a.example,فاطمة,العلي,الرياض\na@a.example,أحمد,إبراهيم,بيروت\n",
        &["windows-1256"],
    ),
    (
        "Lithuanian",
        "El. paštas;Vardas;Pavardė;Miestas\nz@a.example;Žydrūnas;Šimkus;Šiauliai\ng@a.example;Giedrė;Žukauskaitė;Panevėžys\nr@a.example;Rūta;Česnauskienė;Kėdainiai\n",
        &["windows-1257"],
    ),
    (
        "Japanese",
        "メール,氏名,会社\ntaro@a.example,山田 太郎,株式会社ファブリカム\nhanako@a.example,佐藤 花子,ウッドグローブ\nken@a.example,鈴木 健一,東京\n",
        &["shift_jis", "euc-jp", "iso-2022-jp"],
    ),
    (
        "Japanese, headings in English",
        "Email,Name,Company\ntaro@a.example,山田 太郎,ファブリカム\nhanako@a.example,佐藤 花子,ウッドグローブ\nken@a.example,鈴木 健一,東京\n",
        &["shift_jis", "euc-jp", "iso-2022-jp"],
    ),
    (
        "Korean",
        "이메일,이름,회사,도시\nkim@a.example,김철수,삼성전자,서울\nlee@a.example,이영희,현대,부산\npark@a.example,박민수,가나다 주식회사,대전\n",
        &["euc-kr"],
    ),
    (
        "Simplified Chinese",
        "邮箱,姓名,公司,城市\nwang@a.example,王伟,北京科技有限公司,北京\nli@a.example,李娜,上海贸易公司,上海\nzhang@a.example,张强,华为,深圳\n",
        &["gbk"],
    ),
    (
        "Traditional Chinese",
        "電子郵件,姓名,公司,城市\nchen@a.example,陳志明,台灣科技股份有限公司,台北\nlin@a.example,林美玲,高雄貿易公司,高雄\nhuang@a.example,黃俊傑,聯發科,新竹\n",
        &["big5"],
    ),
];

fn encoded(text: &str, label: &str) -> Vec<u8> {
    let (bytes, _, has_unmappable) = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text);
    assert!(!has_unmappable, "{label} does not have all of {text}");
    bytes.into_owned()
}

fn read(bytes: &[u8], wanted: &Wanted) -> (Vec<Noticed>, Vec<EncodingSample>, Table) {
    match sheet::read(bytes, wanted, |_, _| {}).unwrap() {
        (DetectedFormat::Text { noticed, looks, .. }, table) => (noticed, looks, table),
        (DetectedFormat::Workbook { .. }, _) => panic!("a text"),
    }
}

/// The file as a whole, each beginning of it with two rows or more, and the rows without the headings. A single row may be too
/// little to tell: the look before anything is added is there for that.
#[test]
fn short_lists_are_read_in_the_encoding_that_they_were_written_in() {
    let mut wrong = Vec::new();
    for (language, text, labels) in LISTS {
        for label in labels {
            let bytes = encoded(text, label);
            let judged = judge(&bytes);
            assert!(!judged.is_certain, "{language} in {label}");
            if decode(&bytes, judged.encoding) != text {
                wrong.push(format!("{language} in {label} is taken for {}", judged.encoding.label()));
            }
            let (noticed, looks, table) = read(&bytes, &Wanted::default());
            assert!(noticed.contains(&Noticed::Guessed(judged.encoding)), "{language} in {label}");
            assert_eq!((looks[0].encoding, table.len()), (judged.encoding, text.lines().count()), "{language} in {label}");
            let lines: Vec<&str> = text.lines().collect();
            // Capitals alone tell Mac Cyrillic from Windows, so that needs the headings, too.
            let body = (*label != "x-mac-cyrillic").then(|| lines[1..].join("\n"));
            let parts = (3..lines.len()).map(|end| lines[..end].join("\n")).chain(body);
            for (place, part) in parts.enumerate() {
                let bytes = encoded(&part, label);
                let guessed = judge(&bytes).encoding;
                if decode(&bytes, guessed) != part {
                    wrong.push(format!("{language} in {label}, part {place}, is taken for {}", guessed.label()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn utf_8_is_certain_and_utf_16_without_a_mark_is_not() {
    for (_, text, _) in LISTS {
        assert_eq!(judge(text.as_bytes()), DetectedEncoding::certain(Encoding::Utf8));
        let (noticed, looks, _) = read(text.as_bytes(), &Wanted::default());
        assert!(noticed.is_empty() && looks.is_empty());
        let wide = |of: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(of).collect::<Vec<u8>>();
        for (encoding, bytes, mark) in
            [(Encoding::Utf16Le, wide(u16::to_le_bytes), [0xff, 0xfe]), (Encoding::Utf16Be, wide(u16::to_be_bytes), [0xfe, 0xff])]
        {
            assert_eq!(judge(&bytes), DetectedEncoding { encoding, is_certain: false }, "{text}");
            let (noticed, looks, table) = read(&bytes, &Wanted::default());
            assert_eq!((noticed, looks.len(), table.len()), (vec![Noticed::Guessed(encoding)], 1, text.lines().count()));
            let marked = [&mark[..], &bytes].concat();
            assert_eq!(judge(&marked), DetectedEncoding::certain(encoding));
            assert_eq!(read(&marked, &Wanted::default()).2, table);
        }
    }
    let check = |bytes: &[u8], expected: DetectedEncoding| assert_eq!(judge(bytes), expected, "{bytes:?}");
    check(b"", DetectedEncoding::certain(Encoding::Utf8));
    check(b"a,b\r\n", DetectedEncoding::certain(Encoding::Utf8));
    check(b"\xef\xbb\xbfa", DetectedEncoding::certain(Encoding::Utf8));
    // A mark, and signs that are not UTF-8 behind it: files were joined.
    check(b"\xef\xbb\xbfM\xfcller", DetectedEncoding { encoding: Encoding::Utf8, is_certain: false });
    // A zero here and there does not make UTF-16 of it.
    check(b"Email,Name\r\nada@fabrikam.example,A\0da\r\n", DetectedEncoding::certain(Encoding::Utf8));
}

#[test]
fn one_sign_of_windows_is_not_taken_for_a_letter_of_the_mac() {
    for text in [
        "Email,Name\na@x.example,Ursula’s “Café”\nb@x.example,5 €\n",
        "Email;Firma\na@x.example;Acme™ – Söhne\n",
        "Email;Ort\na@x.example;Köln…\n",
    ] {
        for text in [text.to_owned(), text.replace('\n', "\r")] {
            let bytes = encoded(&text, "windows-1252");
            assert_eq!(decode(&bytes, judge(&bytes).encoding), text);
        }
    }
}

#[test]
fn where_people_are_from_tells_when_nothing_else_does() {
    let bytes = encoded("Email;Név\nb@partner.hu;Szűcs\nc@partner.hu;Fűzes\n", "windows-1250");
    assert!(matches!(judge(&bytes).encoding, Encoding::Windows1250 | Encoding::Iso8859_2));
}

#[test]
fn any_encoding_can_be_chosen_and_the_rows_that_differ_are_shown() {
    let text = LISTS[0].1;
    let bytes = encoded(text, "macintosh");
    let (noticed, looks, table) = read(&bytes, &Wanted { encoding: Some(Encoding::Windows1252), ..Wanted::default() });
    assert!(noticed.is_empty());
    assert_eq!(table.cell(1, 1), "JŸrgen");
    assert_eq!(
        looks[0],
        EncodingSample {
            encoding: Encoding::Windows1252,
            rows: vec!["JŸrgen · MŸller · Kšln".into(), "GŸnther · Wei§ · DŸsseldorf".into(), "BŠrbel · SchŠfer · NŸrnberg".into()]
        }
    );
    // What it seems to be is offered next.
    assert_eq!((looks[1].encoding, looks[1].rows[0].as_str()), (Encoding::MacRoman, "Jürgen · Müller · Köln"));
    let changed: Vec<_> = looks[1].marked(0, &looks).into_iter().filter(|(_, is_changed)| *is_changed).map(|(piece, _)| piece).collect();
    assert_eq!(changed, ["ü", "ü", "ö"]);
    for encoding in Encoding::all() {
        let (_, looks, table) = read(&bytes, &Wanted { encoding: Some(encoding), ..Wanted::default() });
        assert!(!table.is_empty(), "{encoding:?}");
        assert!(looks.len() <= 3 && looks.iter().all(|look| look.rows.len() <= 3), "{encoding:?}");
    }
}

#[test]
fn sheets_of_excel_in_japan_and_of_excel_for_mac_are_read_as_they_were_meant() {
    let of = |name: &str| {
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)).unwrap();
        let (noticed, looks, table) = read(&bytes, &Wanted::default());
        let rows: Vec<String> = (0..table.len()).map(|row| table.row(row).collect::<Vec<_>>().join("|")).collect();
        (noticed, looks.len() > 1, rows)
    };
    let japanese = (vec![Noticed::Guessed(Encoding::ShiftJis)], true);
    let (noticed, has_looks, rows) = of("04-shift-jis/japanese-headings.csv");
    assert_eq!((noticed, has_looks), japanese);
    assert_eq!(
        rows,
        [
            "氏名|会社名|メールアドレス|言語",
            "山田 太郎|株式会社ファブリカム|taro@fabrikam.example|ja-JP",
            "髙橋 花子|ウッドグローブ|hanako@woodgrove.example|ja-JP"
        ]
    );
    let (noticed, has_looks, rows) = of("04-shift-jis/ascii-headings.csv");
    assert_eq!((noticed, has_looks), japanese);
    assert_eq!(rows[1..], ["taro@fabrikam.example|山田 太郎|ファブリカム", "hanako@woodgrove.example|髙橋 花子|ウッドグローブ"]);
    let (noticed, has_looks, rows) = of("05-mac-roman-cr/guests.csv");
    assert_eq!((noticed, has_looks), (vec![Noticed::Guessed(Encoding::MacRoman)], true));
    assert_eq!(
        rows,
        [
            "Nachname|Vorname|E-Mail|Firma",
            "Müller|Jürgen|juergen@fabrikam.example|Bäckerei Köhler",
            "Garçon|René|rene@woodgrove.example|Café Étoile"
        ]
    );
}

/// Where the beginning of a long file tells all, it is read while it comes, and as it is read as a whole.
#[test]
fn what_the_beginning_tells_is_read_while_it_comes() {
    let list = |names: [&str; 3]| {
        let row = |number: usize| format!("guest{number}@fabrikam.example,{}\r\n", names[number % 3]);
        std::iter::once("Email,Name\r\n".to_owned()).chain((0..20_000).map(row)).collect::<String>()
    };
    for (label, names) in [
        ("windows-1252", ["Jürgen Müller", "\"Größe, René\"", "Ann Smith"]),
        ("macintosh", ["Jürgen Müller", "François Größe", "Bärbel Schäfer"]),
        ("windows-1251", ["Иван Петров", "Ольга Смирнова", "Мария Иванова"]),
        ("shift_jis", ["山田 太郎", "佐藤 花子", "鈴木 一郎"]),
    ] {
        let text = list(names);
        let bytes = encoded(&text, label);
        // A character may be cut in two.
        let mut incoming = IncomingText::begin(&bytes[..500_001], &Wanted::default(), bytes.len()).expect(label);
        let mut beginning = None;
        for piece in bytes.chunks(77_777) {
            incoming.feed(piece).unwrap();
            let (found, table) = incoming.guessed().expect(label);
            beginning.get_or_insert_with(|| (found.clone(), table.clone()));
        }
        let read = incoming.end().unwrap().expect(label);
        // What is shown of the beginning is what comes of the whole.
        let (found, table) = beginning.expect(label);
        assert!(found == read.0 && (500..10_000).contains(&table.len()), "{label}");
        assert!((0..table.len()).all(|row| table.row(row).eq(read.1.row(row))), "{label}");
        assert_eq!(Ok(&read), sheet::read(&bytes, &Wanted::default(), |_, _| {}).as_ref(), "{label}");
        assert_eq!(read.1.cell(20_000, 1), names[19_999 % 3].trim_matches('"'));
        // What a short beginning says may not be all.
        assert!(IncomingText::begin(&bytes[..20_000], &Wanted::default(), bytes.len()).is_none(), "{label}");
    }
}

/// A file of which only the end tells, and one in which a single line is Japanese.
#[test]
fn what_only_the_end_tells_is_found() {
    let mut text = "Email,Name\n".to_owned() + &"guest@fabrikam.example,John Miller\n".repeat(60_000);
    text.push_str("taro@fabrikam.example,山田 太郎\n");
    for label in ["shift_jis", "iso-2022-jp"] {
        let bytes = encoded(&text, label);
        let mut incoming = IncomingText::begin(&bytes[..100_000], &Wanted::default(), bytes.len()).unwrap();
        bytes.chunks(100_000).for_each(|piece| incoming.feed(piece).unwrap());
        assert_eq!(incoming.end(), Ok(None), "{label}");
        let (noticed, looks, table) = read(&bytes, &Wanted::default());
        assert_eq!((noticed.len(), looks[0].rows.len(), table.cell(60_001, 1)), (1, 1, "山田 太郎"), "{label}");
    }
}

/// Lists sorted by country: what the first thousands of signs are, several encodings read alike.
#[test]
fn signs_that_are_met_late_are_guessed_by_and_shown() {
    let list = |(first, first_rows): (&str, usize), (then, then_rows): (&str, usize)| {
        let rows = |names: &str, rows: usize| {
            let names: Vec<&str> = names.split('|').collect();
            let row = |number: usize| format!("guest{number}@fabrikam.example;{}\n", names[number % names.len()]);
            (0..rows).map(row).collect::<String>()
        };
        format!("Email;Name;Ort\n{}{}", rows(first, first_rows), rows(then, then_rows))
    };
    let german = "Jürgen Müller;Köln|Günther Weiß;Österreich|Bärbel Schäfer;Überlingen";
    let polish = "Łukasz Wiśniewski;Łódź|Małgorzata Dąbrowska;Kraków|Bożena Zając;Częstochowa";
    let turkish = "Işıl Yılmaz;İstanbul|Şükrü Çağlar;Eskişehir|Gökçe Öztürk;Muğla";
    let hungarian = "Szőke László;Győr|Fűzes Ödön;Székesfehérvár";
    let mut wrong = Vec::new();
    for (label, names) in [("windows-1250", polish), ("iso-8859-2", polish), ("windows-1254", turkish), ("windows-1250", hungarian)] {
        for (first, then) in [(700, 300), (3_000, 300), (3_000, 3)] {
            let text = list((german, first), (names, then));
            let bytes = encoded(&text, label);
            let (noticed, looks, table) = read(&bytes, &Wanted::default());
            let shown = looks.iter().find(|look| look.encoding.label() == label);
            if looks[0].encoding.label() != label && decode(&bytes, looks[0].encoding) != text {
                wrong.push(format!("{label} {first} {then} is taken for {}", looks[0].encoding.label()));
            }
            assert_eq!((table.len(), noticed.len()), (first + then + 1, 1), "{label}");
            let row = names.split('|').any(|row| looks[0].rows.iter().any(|look| look.starts_with(row.split(';').next().unwrap())));
            if !row {
                wrong.push(format!("{label} {first} {then} shows {looks:?} {shown:?}"));
            }
        }
    }
    // What is met late need not be in another one.
    for (label, names) in [
        ("windows-1252", "José Núñez;Málaga|Íñigo Peña;A Coruña"),
        ("windows-1252", "René Garçon;Orléans"),
        ("windows-1252", "Søren Ægir;Århus"),
        ("windows-1252", "João Lúcia;São Paulo"),
        ("windows-1252", "Zoë Cœur;Nîmes"),
        ("windows-1252", "Peña;Ibiza"),
        ("windows-1252", "Åsa;Å"),
        ("windows-1252", "Ursula’s “Café”;Köln…"),
    ] {
        for then in [1, 2, 300] {
            let text = list((german, 3_000), (names, then));
            let bytes = encoded(&text, label);
            let guessed = judge(&bytes).encoding;
            if decode(&bytes, guessed) != text {
                wrong.push(format!("{names} {then} is taken for {}", guessed.label()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is no sign in the encoding is told, with its place.
#[test]
fn what_cannot_be_read_is_told() {
    let japanese = "Email,Name\n".to_owned() + &"guest@fabrikam.example,山田 太郎\n".repeat(3000);
    let mut bytes = encoded(&japanese, "shift_jis");
    bytes.extend(b"ada@fabrikam.example,Zo\x81\nbob@fabrikam.example,Bob\n");
    let (noticed, _, table) = read(&bytes, &Wanted::default());
    let told = noticed.iter().find(|noticed| matches!(noticed, Noticed::Unread { .. }));
    assert!(matches!(told, Some(Noticed::Unread { row: 3001, column: 1, signs: 1 })), "{noticed:?} {}", table.cell(3001, 1));
    assert!(told.unwrap().words().contains("stands in B3002."));
    // What can be read is not.
    assert!(!read(&encoded(&japanese, "shift_jis"), &Wanted::default()).0.iter().any(|noticed| matches!(noticed, Noticed::Unread { .. })));
}

/// Files that were joined, of which one is in UTF-8: each is read as what it is, whether it is long or not, and whatever is chosen for
/// those that are not.
#[test]
fn each_of_joined_files_is_decoded_as_what_it_is() {
    let list = |names: &str, rows: usize| {
        let row = |number: usize| format!("guest{number}@fabrikam.example,{names}\n");
        std::iter::once("Email,Name\n".to_owned()).chain((0..rows).map(row)).collect::<String>()
    };
    let names = |bytes: &[u8], wanted: &Wanted| {
        let (found, table) = sheet::read(bytes, wanted, |_, _| {}).unwrap();
        let layout = layout(&table, header_of(&table));
        let mut list = List::default();
        layout.add(table, &mut list, str::to_owned);
        let names: Vec<String> = (0..list.len()).map(|row| list.row(row).cell("displayName").to_owned()).collect();
        (found.noticed().to_vec(), names)
    };
    for (label, name, rows) in [
        ("windows-1252", "Jürgen Müller", 3),
        ("windows-1252", "Jürgen Müller", 60_000),
        ("windows-1251", "Иван Петров", 3),
        ("shift_jis", "山田 太郎", 3),
    ] {
        let (other, utf8) = (encoded(&list(name, rows), label), list("Zoë Groß", 3));
        let marked = format!("\u{feff}{utf8}");
        for (first, then, is_other_first) in [
            (&*other, marked.as_bytes(), true),
            (&*other, utf8.as_bytes(), true),
            (marked.as_bytes(), &*other, false),
            (utf8.as_bytes(), &*other, false),
        ] {
            let bytes = [first, then].concat();
            let head = &bytes[..bytes.len().min(1 << 21)];
            if let Some(mut incoming) = IncomingText::begin(head, &Wanted::default(), bytes.len()) {
                bytes.chunks(1 << 20).for_each(|piece| incoming.feed(piece).unwrap());
                assert_eq!(incoming.end(), Ok(None), "{label} {is_other_first}");
            }
            let mut expected = vec![name; rows];
            let place = if is_other_first { rows } else { 0 };
            expected.splice(place..place, ["Zoë Groß"; 3]);
            let encoding = Encoding::from_label(label).unwrap();
            let (noticed, found) = names(&bytes, &Wanted::default());
            assert!(noticed.contains(&Noticed::Encodings), "{label} {rows} {is_other_first}");
            assert!(found == expected, "{label} {rows} {is_other_first} {:?}", &found[..found.len().min(8)]);
            let (_, found) = names(&bytes, &Wanted { encoding: Some(encoding), ..Wanted::default() });
            assert!(found == expected, "{label} {rows} {is_other_first} {:?}", &found[..found.len().min(8)]);
        }
    }
}

/// A byte that only the rest of a long file has may tell another encoding: the look is made anew.
#[test]
fn what_comes_late_in_a_long_file_is_looked_at() {
    let text = "Email,Name\n".to_owned()
        + &"guest@fabrikam.example,Jürgen Müller of Müller & Söhne in Köln am Rhein\n".repeat(40_000)
        + &"l@fabrikam.example,Łukasz Wiśniewski\n".repeat(30);
    let bytes = encoded(&text, "windows-1250");
    let mut incoming = IncomingText::begin(&bytes[..1 << 21], &Wanted::default(), bytes.len()).unwrap();
    bytes.chunks(1 << 20).for_each(|piece| incoming.feed(piece).unwrap());
    assert!(incoming.guessed().is_some());
    assert_eq!(incoming.end(), Ok(None));
    let (noticed, looks, table) = read(&bytes, &Wanted::default());
    assert_eq!(noticed, [Noticed::Guessed(Encoding::Windows1250)]);
    assert_eq!((looks[0].encoding, table.cell(40_001, 1)), (Encoding::Windows1250, "Łukasz Wiśniewski"));
    assert!(looks[0].rows.contains(&"Łukasz Wiśniewski".to_owned()), "{looks:?}");
}

#[test]
fn the_look_shows_long_rows_around_their_signs() {
    let note = "x".repeat(3000);
    let text = format!(
        "Email;Note;Name;Note\nj@a.example;{note};J\u{fc}rgen M\u{fc}ller;{note}\nr@a.example;{note};Ren\u{e9} Gar\u{e7}on;{note}\n"
    );
    let bytes: Vec<u8> = text.chars().map(|sign| u8::try_from(sign).unwrap()).collect();
    let (DetectedFormat::Text { looks, .. }, _) = sheet::read(&bytes, &Wanted::default(), |_, _| {}).unwrap() else { panic!("a text") };
    assert_eq!(looks[0].rows, ["Jürgen Müller", "René Garçon"]);
    assert!(looks.len() > 1);
}

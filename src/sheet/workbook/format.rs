//! Number formats: how Excel shows the number in a cell (ECMA-376 Part 1, 18.8.30 and 18.8.31).
//!
//! Decimal and thousands separators are those of the file format, `.` and `,`; Excel puts those of its own language there,
//! which the file does not say. Formats that follow whoever opens the file (the system's short or long date), and names of
//! months and days in other languages than English, become `2026-11-23`: no reader takes that for another day.

mod date;
mod fraction;
mod number;
mod parse;

use number::Decimal;
use parse::{FormatPart, Section};

/// A number format, parsed once and used for every cell that has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Format {
    sections: Vec<Section>,
    /// It is nothing but semicolons, by which somebody hides what a cell holds.
    hides: bool,
}

impl Format {
    /// Of a format code such as `0.00;[Red]-0.00`. Every text is one: what has no meaning in it is shown as it stands.
    pub fn from_code(code: &str) -> Self {
        Self { sections: parse::sections(code), hides: matches!(code, ";" | ";;" | ";;;") }
    }

    /// Of the number of a format that is built in and not written in the file (18.8.30); nothing for `General`.
    pub fn from_number(number: u32) -> Option<Self> {
        Some(Self::from_code(match number {
            1 => "0",
            2 => "0.00",
            3 | 37 | 38 => "#,##0",
            4 | 39 | 40 => "#,##0.00",
            9 => "0%",
            10 => "0.00%",
            11 => "0.00E+00",
            12 => "# ?/?",
            13 => "# ??/??",
            // The short date of whoever opens the file, and other dates in the East Asian languages of Excel.
            14 | 27..=31 | 36 | 50..=54 | 57..=58 => "yyyy-mm-dd",
            15 => "d-mmm-yy",
            16 => "d-mmm",
            17 => "mmm-yy",
            18 => "h:mm AM/PM",
            19 => "h:mm:ss AM/PM",
            20 | 32 | 55 => "h:mm",
            21 | 33 | 56 => "h:mm:ss",
            22 => "yyyy-mm-dd hh:mm",
            34 => "h:mm AM/PM",
            35 => "h:mm:ss AM/PM",
            45 => "mm:ss",
            46 => "[h]:mm:ss",
            47 => "mm:ss.0",
            48 => "##0.0E+0",
            _ => return None,
        }))
    }

    /// Whether a number is shown as it is.
    pub fn is_general(&self) -> bool {
        matches!(self.sections.as_slice(), [section] if section.parts == [FormatPart::General] && section.condition.is_none())
    }

    /// A number as Excel shows it, without the blanks that align it. `is_1904` says from when days are counted (18.17.4.1).
    pub fn show(&self, value: f64, is_1904: bool) -> String {
        let Some((section, is_signed)) = self.section(value) else { return general(value) };
        let shown = if section.is_date {
            date::show(section, value, is_1904)
        } else {
            Decimal::from_f64(value).map(|decimal| number::show(section, &decimal, is_signed))
        };
        let shown = shown.unwrap_or_else(|| general(value));
        let trimmed = shown.trim();
        // A format may hide a zero, or whatever there is. Nothing else is left out because it is not shown.
        if trimmed.is_empty() && value != 0.0 && !self.hides { general(value) } else { trimmed.to_owned() }
    }

    /// A text as Excel shows it, where the format adds something to texts, or shows nothing at all (`;;;`).
    pub fn show_text(&self, text: &str) -> Option<String> {
        if self.sections.len() == 4 && self.hides {
            return Some(String::new());
        }
        let section = self.sections.get(3).or_else(|| self.sections.last())?;
        let adds = section.parts.len() > 1 && section.parts.contains(&FormatPart::Text);
        adds.then(|| {
            let parts = section.parts.iter().map(|part| match part {
                FormatPart::Text => text,
                FormatPart::Literal(literal) => literal,
                FormatPart::Slash => "/",
                _ => "",
            });
            parts.collect::<String>().trim().to_owned()
        })
    }

    /// The section for a number, and whether a minus sign is to be put in front of a negative one.
    fn section(&self, value: f64) -> Option<(&Section, bool)> {
        let mut numeric = self.sections.iter().take(3).filter(|section| !section.parts.contains(&FormatPart::Text));
        if self.sections.iter().take(3).any(|section| section.condition.is_some()) {
            let section = numeric.find(|section| section.condition.is_none_or(|condition| condition.holds(value)))?;
            let is_negative_only = section.condition.is_some_and(parse::Condition::is_below_zero);
            return Some((section, !is_negative_only));
        }
        let section = match (numeric.next()?, numeric.next(), numeric.next()) {
            (_, Some(negative), _) if value < 0.0 => return Some((negative, false)),
            (_, _, Some(zero)) if value == 0.0 => zero,
            (first, ..) => first,
        };
        Some((section, true))
    }
}

/// A number in the format `General`: up to 15 significant digits, which is what Excel keeps, and never an exponent, since long
/// numbers are badges and accounts here.
pub fn general(value: f64) -> String {
    match Decimal::from_f64(value) {
        Some(decimal) => decimal.plain(),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, value: f64, expected: &str) {
        assert_eq!(Format::from_code(code).show(value, false), expected, "{code} {value}");
    }

    fn check_text(code: &str, expected: Option<&str>) {
        assert_eq!(Format::from_code(code).show_text("x").as_deref(), expected, "{code}");
    }

    fn check_general(value: f64, expected: &str) {
        assert_eq!(general(value), expected);
    }

    /// Of formats that are built in under these numbers.
    fn check_built_in(numbers: &[u32], value: f64, expected: Option<&str>) {
        for number in numbers {
            let shown = Format::from_number(*number).map(|format| format.show(value, false));
            assert_eq!(shown.as_deref(), expected, "{number}");
        }
    }

    #[test]
    fn numbers_are_padded_grouped_and_rounded_as_excel_does() {
        check("00000", 1067.0, "01067");
        check("0000000", 12.0, "0000012");
        check("0000000", 12_345_678.0, "12345678");
        check("00000", -7.0, "-00007");
        check("0", 2.5, "3");
        check("0", -0.4, "0");
        check("0.00", 1.005, "1.01");
        check("0.00", 0.125, "0.13");
        check("0.00", 999.999, "1000.00");
        check("#,##0", 1_234_567.0, "1,234,567");
        check("#,##0.00", 0.5, "0.50");
        check("#,##0.##", 1234.5, "1,234.5");
        check("#,##0.##", 1234.0, "1,234.");
        check("0,000", 12.0, "0,012");
        check(".00", 0.5, ".50");
        check(".00", 12.5, "12.50");
        check("#", 0.0, "");
        check("0.0,", 1_234_567.0, "1234.6");
        check("0.0,,\" M\"", 1_234_567.0, "1.2 M");
        check("0%", 0.25, "25%");
        check("0.0%", 0.1255, "12.6%");
        check("0.00E+00", 1234.5, "1.23E+03");
        check("0.00E+00", 0.000_123_4, "1.23E-04");
        check("##0.0E+0", 12345.0, "12.3E+3");
        check("0.0E+0", 9.99, "1.0E+1");
    }

    #[test]
    fn what_stands_between_digits_stays_there() {
        check("000-00-0000", 123_456_789.0, "123-45-6789");
        check("00000-0000", 12_345_678.0, "01234-5678");
        check("00\\ 00\\ 00\\ 00\\ 00", 123_456_789.0, "01 23 45 67 89");
        check("\"D-\"00000", 1067.0, "D-01067");
        check("[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", 5_551_234.0, "555-1234");
        check("[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", 2_065_551_234.0, "(206) 555-1234");
        check("+00 000 0000000", 498_912_345_678.0, "+49 891 2345678");
        check("#,##0.00\\ [$€-407]", 1234.5, "1,234.50 €");
        check("[$$-409]#,##0.00", 3.0, "$3.00");
        check("_-* #,##0.00\\ _€_-;\\-* #,##0.00\\ _€_-;_-* \"-\"??\\ _€_-;_-@_-", 12.0, "12.00");
        check("_-* #,##0.00\\ _€_-;\\-* #,##0.00\\ _€_-;_-* \"-\"??\\ _€_-;_-@_-", -12.0, "-12.00");
        check("0\" Gäste\"", 3.0, "3 Gäste");
    }

    #[test]
    fn the_section_is_chosen_by_sign_or_condition() {
        check("0;(0)", -5.0, "(5)");
        check("0;(0);\"none\"", 0.0, "none");
        check("0;-0;;@", 0.0, "");
        check("0;-0;;@", 3.0, "3");
        check(";;;", 3.0, "");
        check(";;", 3.0, "");
        check("0;;", -3.0, "-3");
        check("[Red]", -3.0, "-3");
        check("[Red][<0]-0;[Blue]0", -3.0, "-3");
        check("[=1]\"yes\";[=0]\"no\";0", 1.0, "yes");
        check("[=1]\"yes\";[=0]\"no\";0", 0.0, "no");
        check("[=1]\"yes\";[=0]\"no\";0", 7.0, "7");
        check("General", 0.1 + 0.2, "0.3");
        check("General\" km\"", 12.5, "12.5 km");
        check("@", 12.0, "12");
        check("", 1.5, "1.5");
    }

    #[test]
    fn fractions_are_shown_as_such() {
        check("# ?/?", 1.25, "1 1/4");
        check("# ?/?", 0.25, "1/4");
        check("# ?/?", -1.5, "-1 1/2");
        check("# ?/?", 3.0, "3");
        check("# ?/?", 0.0, "0");
        check("# ?/?", 0.3, "2/7");
        check("# ?/?", 1.99, "2");
        check("# ?/?", 4.0 / 3.0, "1 1/3");
        check("# ??/??", 5.3125, "5 5/16");
        check("# ???/???", 0.123, "100/813");
        check("0 ?/?", 0.5, "0 1/2");
        check("# ?/8", 2.5, "2 4/8");
        check("# ?/0", 1.5, "1 1/2");
        check("# ?/?", -0.01, "0");
        check("# ?/?", -3.0, "-3");
        check("0 /8", 7.0, "7 /8");
        check("# ??/100", 0.37, "37/100");
        check("?/?", 1.25, "5/4");
        check("# ?/?\" in\"", 1.25, "1 1/4 in");
        check("# ?/?;\\(# ?/?\\)", -0.5, "(1/2)");
        // A slash that is a sign like others, and one of a date.
        check("000\"/\"000", 123_456.0, "123/456");
        check("00\\/00", 1234.0, "12/34");
        check("0/", 7.0, "7/");
        check("m/d/yyyy", 46_349.0, "11/23/2026");
    }

    #[test]
    fn texts_get_what_the_format_adds() {
        check_text("\"Dr. \"@", Some("Dr. x"));
        check_text("0;-0;;@\" kg\"", Some("x kg"));
        check_text("@", None);
        check_text("General", None);
        check_text("0;-0;;", None);
        check_text(";;;", Some(""));
    }

    #[test]
    fn times_stay_times_and_dates_dates() {
        check("hh:mm", 0.395_833_333_333_333_3, "09:30");
        check("h:mm AM/PM", 0.586_805_555_555_555_6, "2:05 PM");
        check("h:mm a/p", 0.0, "12:00 a");
        check("yyyy-mm-dd", 46_349.0, "2026-11-23");
        check("dd.mm.yyyy", 46_349.0, "23.11.2026");
        check("d/m/yy", 46_349.0, "23/11/26");
        check("dddd, mmmm d, yyyy", 46_349.0, "Monday, November 23, 2026");
        check("[$-409]d\\-mmm\\-yy;@", 46_349.0, "23-Nov-26");
        check("[$-407]d. mmmm yyyy", 46_349.0, "2026-11-23");
        check("[$-407]dd.mm.yyyy;@", 46_349.0, "23.11.2026");
        check("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 46_349.0, "2026-11-23");
        check("[$-F400]h:mm:ss\\ AM/PM", 0.5, "12:00:00");
        check("yyyy\"年\"m\"月\"d\"日\"", 46_349.0, "2026年11月23日");
        check("[$-411]ggge\"年\"m\"月\"d\"日\"", 46_349.0, "2026-11-23");
        check("yyyy-mm-dd hh:mm", 46_349.395_833_333_336, "2026-11-23 09:30");
        check("yyyy-mm-dd hh:mm", 0.395_833_333_333_333_3, "09:30");
        check("yyyy\\-mm\\-dd\\Thh:mm:ss", 46_349.5, "2026-11-23T12:00:00");
        check("mm:ss.0", 0.000_5, "00:43.2");
        check("h:mm", 0.999_999_9, "0:00");
        check("h:mm", 46_349.999_999_99, "0:00");
        check("h \"Uhr\"", 0.75, "18 Uhr");
    }

    #[test]
    fn durations_count_on_beyond_a_day() {
        check("[h]:mm", 1.5, "36:00");
        check("[hh]:mm:ss", 0.1, "02:24:00");
        check("[mm]:ss", 0.1, "144:00");
        check("[s]", 0.001, "86");
        check("[h]:mm", 100.25, "2406:00");
    }

    #[test]
    fn days_are_counted_as_the_workbook_says() {
        let check = |code: &str, value: f64, is_1904: bool, expected: &str| {
            assert_eq!(Format::from_code(code).show(value, is_1904), expected, "{code} {value}");
        };
        check("yyyy-mm-dd", 44_887.0, true, "2026-11-23");
        check("yyyy-mm-dd", 0.0, true, "1904-01-01");
        check("hh:mm", 0.395_833_333_333_333_3, true, "09:30");
        check("dddd", 44_887.0, true, "Monday");
        // Excel takes 1900 for a leap year.
        check("yyyy-mm-dd", 1.0, false, "1900-01-01");
        check("yyyy-mm-dd", 59.0, false, "1900-02-28");
        check("yyyy-mm-dd", 60.0, false, "1900-02-29");
        check("yyyy-mm-dd", 61.0, false, "1900-03-01");
        check("yyyy-mm-dd", 36_585.0, false, "2000-02-29");
        check("yyyy-mm-dd", 2_958_465.0, false, "9999-12-31");
        // Neither is a date to Excel.
        check("yyyy-mm-dd", -1.0, false, "-1");
        check("yyyy-mm-dd", 2_958_466.0, false, "2958466");
    }

    #[test]
    fn general_keeps_every_digit() {
        check_general(3.0, "3");
        check_general(-0.0, "0");
        check_general(123_456_789_012.0, "123456789012");
        check_general(1e21, "1000000000000000000000");
        check_general(0.000_001_5, "0.0000015");
        check_general(-1234.5, "-1234.5");
        check_general(f64::INFINITY, "inf");
    }

    #[test]
    fn what_a_format_builds_in_is_shown_as_excel_does() {
        check_built_in(&[1], 1234.5, Some("1235"));
        check_built_in(&[2], 1234.5, Some("1234.50"));
        check_built_in(&[3, 37, 38], 1234.5, Some("1,235"));
        check_built_in(&[4, 39, 40], 1234.5, Some("1,234.50"));
        check_built_in(&[9], 0.5, Some("50%"));
        check_built_in(&[10], 0.125, Some("12.50%"));
        check_built_in(&[11], 1234.5, Some("1.23E+03"));
        check_built_in(&[12], 1.5, Some("1 1/2"));
        check_built_in(&[13], 1.04, Some("1 1/25"));
        check_built_in(&[14, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58], 46_349.5, Some("2026-11-23"));
        check_built_in(&[15], 46_349.0, Some("23-Nov-26"));
        check_built_in(&[16], 46_349.0, Some("23-Nov"));
        check_built_in(&[17], 46_349.0, Some("Nov-26"));
        check_built_in(&[18, 34], 0.51, Some("12:14 PM"));
        check_built_in(&[19, 35], 0.51, Some("12:14:24 PM"));
        check_built_in(&[20, 32, 55], 0.51, Some("12:14"));
        check_built_in(&[21, 33, 56], 0.51, Some("12:14:24"));
        check_built_in(&[22], 46_349.5, Some("2026-11-23 12:00"));
        check_built_in(&[45], 0.51, Some("14:24"));
        check_built_in(&[46], 2.0, Some("48:00:00"));
        check_built_in(&[47], 0.51, Some("14:24.0"));
        check_built_in(&[48], 12_345.0, Some("12.3E+3"));
        check_built_in(&[0, 5, 8, 23, 26, 41, 44, 49, 59], 1.0, None);
    }

    #[test]
    fn a_condition_holds_up_to_its_limit() {
        let check = |condition: &str, holds: [bool; 3]| {
            let format = Format::from_code(&format!("[{condition}]\"yes\";\"no\""));
            assert_eq!([4.0, 5.0, 6.0].map(|value| format.show(value, false) == "yes"), holds, "{condition}");
        };
        check("<5", [true, false, false]);
        check("<=5", [true, true, false]);
        check("=5", [false, true, false]);
        check("<>5", [true, false, true]);
        check(">=5", [false, true, true]);
        check("> 5", [false, false, true]);
    }

    #[test]
    fn a_section_for_negative_numbers_alone_says_their_sign_itself() {
        check("[<0]0;0.0", -3.0, "3");
        check("[<1]0;0.0", -3.0, "-3");
        check("[<=0]0;0.0", -3.0, "-3");
        check("[<=-1]0;0.0", -3.0, "3");
        check("[=-3]0;0.0", -3.0, "3");
        check("[=0]0;0.0", -3.0, "-3.0");
        check("[<>0]0;0.0", -3.0, "-3");
        check("[>-9]0;0.0", -3.0, "-3");
        check("[>5]0", 3.0, "3");
        check("0;[<-5]\"far\";0.0", -9.0, "-9");
        check("0;[Red]-0;0.0", 0.0, "0.0");
        check("0;@", -3.0, "-3");
        check("0;0;0;0", 0.0, "0");
    }

    #[test]
    fn parts_around_numbers_are_shown_where_they_stand() {
        check("0.0\" km\"", 2.0, "2.0 km");
        check("0.0%", 0.5, "50.0%");
        check("%0", 0.5, "%50");
        check("0.0\"/\"0", 1.25, "1.2/5");
        check("0.0E+0\" m\"", 1234.0, "1.2E+3 m");
        check("0.0E-0", 1234.0, "1.2E3");
        check("0.0E-00", 0.001_234, "1.2E-03");
        check("0.0E+0", 0.0, "0.0E+0");
        check("##0.0E+0", 999_960.0, "1.0E+6");
        check("00.0E+0", 12_345.0, "01.2E+4");
        check("0.??", 1.5, "1.5");
        check("0.??\"x\"", 1.5, "1.5 x");
        check("??0", 7.0, "7");
        check("\"x\"??0", 7.0, "x  7");
        check("0.#", 12.0, "12.");
        check("0,.", 12_345.0, "12.");
        check("0,.0", 12_345.0, "12.3");
        check("0,.0,", 12_345_678.0, "12.3");
        check("General/x", 5.0, "5/x");
        check("0.0/", 1.5, "1.5/");
        check("0.0e+0", 1234.0, "1.2E+3");
        check("0E", 5.0, "5E");
        check("#,##0,", 1_234_567.0, "1,235");
        check("#,##0,,", 1_234_567_890.0, "1,235");
        check("0,0", 1234.0, "1,234");
        check(",0", 1234.0, "1234");
        check("General%", 0.5, "0.5");
        check("\"a\"General\"b\"General", -0.5, "a-0.5b");
        check("General;General", -0.5, "0.5");
        check("_(0_)", 5.0, "5");
        check("0*-", 5.0, "5");
        check("0\\", 5.0, "5");
        check("0\"open", 5.0, "5open");
        check("[0", 5.0, "[5");
        check("[$-409]0", 5.0, "5");
        check("x0", 5.0, "x5");
    }

    #[test]
    fn digits_are_rounded_away_from_zero() {
        check("0", 0.5, "1");
        check("0", 0.49, "0");
        check("0", 0.05, "0");
        check("0", 9.5, "10");
        check("0", 99.5, "100");
        check("0", 19.5, "20");
        check("0.0", 1.95, "2.0");
        check("0.00", 0.005, "0.01");
        check("0.00", 0.004, "0.00");
        check("0.0", -0.05, "-0.1");
        check("0.0", -0.04, "0.0");
        check("0", 1e15, "1000000000000000");
        check("0", 123_456_789_012_345_680.0, "123456789012346000");
        check_general(0.0, "0");
        check_general(100.0, "100");
        check_general(1_000_000.5, "1000000.5");
        check_general(999_999_999_999_999.0, "999999999999999");
        check_general(1_234_567_890_123_456.0, "1234567890123460");
        check_general(-0.5, "-0.5");
        check_general(f64::NAN, "NaN");
    }

    #[test]
    fn parts_of_dates_are_shown_in_their_letters() {
        let day = 46_027.3; // Monday, 5 January 2026, 7:12
        check("d.m.yy", day, "5.1.26");
        check("dd.mm.yyyy", day, "05.01.2026");
        check("ddd d mmm", day, "Mon 5 Jan");
        check("dddd mmmm", day, "Monday January");
        check("mmmmm", day, "J");
        check("y", day, "26");
        check("yyy", day, "2026");
        check("h:m:s", day, "7:12:0");
        check("hh:mm:ss", day, "07:12:00");
        check("h:mm:ss.000", 0.123_456_7, "2:57:46.659");
        check("h:mm:ss.0000", 0.123_456_7, "2:57:46.6590");
        check("[ss].00", 0.001, "86.40");
        check("[m]", 1.5, "2160");
        check("[h]:mm", 0.04, "0:57");
        check("h AM/PM", 0.5, "12 PM");
        check("h A/P", 0.75, "6 P");
        check("h a/p", 0.25, "6 a");
        check("h AM/PM", 0.999_99, "11 PM");
        check("d/m, h%", day, "5/1, 7%");
        check("d0", day, "50");
        check("@d", day, "46027.3");
        check("m", day, "1");
        check("h\"h \"m\"m\"", day, "7h 12m");
        check("m\":\"ss", day, "12:00");
        check("mmm ss", day, "Jan 00");
        check("[h] m", 0.3, "7 12");
        check("[$-F800]d", day, "2026-01-05");
        check("[$-F400]h:mm", 0.3, "07:12");
        check("[$-x-sysdate]d/m", day, "2026-01-05");
        check("[$-x-systime]h:mm:ss", 0.3, "07:12:00");
        check("[$-en-US]mmmm", day, "January");
        check("[$-de-DE]mmmm", day, "2026-01-05");
        check("[$-809]mmmm", day, "January");
        check("[$-407]d.m", day, "5.1");
        check("[$-407]ddd h:mm", day, "2026-01-05 07:12");
        check("b", day, "2026-01-05");
        check("gg", day, "2026-01-05");
        check("e", day, "2026-01-05");
        check("yyyy h:mm", 0.3, "07:12");
        check("yyyy h:mm:ss", 0.3, "07:12:00");
        check("yyyy-mm-dd", 0.3, "1900-01-00");
        check("yyyy h:mm", 1.0, "1900 0:00");
        check("yyyy h:mm", 1.3, "1900 7:12");
        check("yyyy-mm-dd", 2_958_465.999, "9999-12-31");
        check("yyyy-mm-dd", 2_958_465.999_999_9, "2958465.9999999");
        check("dddd", 1.0, "Sunday");
    }

    #[test]
    fn texts_are_left_alone_where_the_format_is_for_numbers() {
        check_text("0\" kg\"", None);
        check_text("\"a\";\"b\"", None);
        check_text("0;0;0;\"a\"\"b\"", None);
        check_text("0/@", Some("/x"));
        check_text(";;", None);
        check_text(";", None);
        assert!(Format::from_code("General").is_general() && Format::from_code("").is_general());
        assert!(!["[>5]General", "0", "General\" km\"", "General;0"].iter().any(|code| Format::from_code(code).is_general()));
    }
}

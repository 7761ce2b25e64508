//! Dates, times of day and durations, of days that are counted from 1900 or 1904 (ECMA-376 Part 1, 18.17.4.1).

use super::parse::{FormatPart, Section, Unit};

/// 31 December 9999.
const LAST_DAY: i64 = 2_958_465;
/// Days between the two beginnings.
const FROM_1900_TO_1904: i64 = 1462;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

struct DateParts {
    /// From the beginning of 1900.
    serial: i64,
    year: i64,
    month: usize,
    day: i64,
    /// Of the day, in the smallest unit that is shown of seconds.
    ticks: i64,
    per_second: i64,
    /// Days since the workbook's own beginning, for durations.
    days: i64,
}

/// A number in a section with dates; nothing where Excel shows none.
pub fn show(section: &Section, value: f64, is_1904: bool) -> Option<String> {
    if !(0.0..=LAST_DAY as f64 + 1.0).contains(&value) {
        return None;
    }
    let places =
        section.parts.iter().map(|part| if let FormatPart::Fraction(places) = part { (*places).min(3) } else { 0 }).max().unwrap_or(0);
    let per_second = 10_i64.pow(places as u32);
    let per_day = 86_400 * per_second;
    // Seconds are rounded; what is larger than they is not.
    let all = (value.floor() * per_day as f64 + (value.fract() * per_day as f64).round()) as i64;
    let (days, ticks) = (all / per_day, all % per_day);
    let serial = days + if is_1904 { FROM_1900_TO_1904 } else { 0 };
    if serial > LAST_DAY {
        return None;
    }
    let (year, month, day) = calendar(serial);
    let moment = DateParts { serial, year, month, day, ticks, per_second, days };
    let has_day = section.parts.iter().any(|part| matches!(part, FormatPart::Year(_) | FormatPart::Month(_) | FormatPart::Day(_)));
    let has_time = section.parts.iter().any(|part| matches!(part, FormatPart::Hour(_) | FormatPart::Minute(_) | FormatPart::Second(_)));
    let has_seconds = section.parts.iter().any(|part| matches!(part, FormatPart::Second(_)));
    // A time of day without a day, whatever its format: the zeroth of January is none.
    let is_time = has_time && has_day && value < 1.0;
    if section.is_local || is_time {
        return Some(moment.plain(has_day && !is_time, has_time, has_seconds));
    }
    let is_halved = section.parts.iter().any(|part| matches!(part, FormatPart::Half(..)));
    let mut shown = String::with_capacity(24);
    for part in &section.parts {
        moment.part(part, is_halved, &mut shown);
    }
    Some(shown)
}

/// Year, month and day of a day counted from 1900, which Excel takes for a leap year.
fn calendar(serial: i64) -> (i64, usize, i64) {
    match serial {
        0 => return (1900, 1, 0),
        60 => return (1900, 2, 29),
        _ => {}
    }
    // Days since 1 March of the year 0: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    let since = serial + if serial < 60 { 1 } else { 0 } + 693_899;
    let era = since.div_euclid(146_097);
    let of_era = since.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), of_year - (153 * shifted + 2) / 5 + 1)
}

impl DateParts {
    fn seconds(&self) -> i64 {
        self.ticks / self.per_second
    }

    /// `2026-11-23 09:30`.
    fn plain(&self, has_day: bool, has_time: bool, has_seconds: bool) -> String {
        let (seconds, mut shown) = (self.seconds(), String::new());
        if has_day {
            shown = format!("{:04}-{:02}-{:02}", self.year, self.month, self.day);
        }
        if has_time {
            shown += &format!("{}{:02}:{:02}", if has_day { " " } else { "" }, seconds / 3600, seconds / 60 % 60);
            if has_seconds {
                shown += &format!(":{:02}", seconds % 60);
            }
        }
        shown
    }

    /// Adds what one part of the format shows.
    fn part(&self, part: &FormatPart, is_halved: bool, shown: &mut String) {
        let seconds = self.seconds();
        let (number, letters) = match part {
            FormatPart::Literal(literal) => return shown.push_str(literal),
            FormatPart::Point => return shown.push('.'),
            FormatPart::Comma => return shown.push(','),
            FormatPart::Slash => return shown.push('/'),
            FormatPart::Digit(digit) => return shown.push(*digit),
            FormatPart::Percent => return shown.push('%'),
            FormatPart::Half(am, pm) => return shown.push_str(if seconds < 43_200 { am } else { pm }),
            FormatPart::Exponent(_) | FormatPart::General | FormatPart::Text => return,
            FormatPart::Month(letters @ 3..) => {
                let name = MONTHS[self.month - 1];
                return shown.push_str(match letters {
                    3 => &name[..3],
                    5 => &name[..1],
                    _ => name,
                });
            }
            FormatPart::Day(letters @ 3..) => {
                let name = DAYS[self.serial.rem_euclid(7) as usize];
                return shown.push_str(if *letters == 3 { &name[..3] } else { name });
            }
            FormatPart::Fraction(places) => {
                let width = self.per_second.ilog10() as usize;
                return shown.push_str(&format!(".{:0<places$}", format!("{:0width$}", self.ticks % self.per_second)));
            }
            FormatPart::Year(..3) => (self.year % 100, 2),
            FormatPart::Year(_) => (self.year, 4),
            FormatPart::Month(letters) => (self.month as i64, (*letters).min(2)),
            FormatPart::Day(letters) => (self.day, (*letters).min(2)),
            FormatPart::Hour(letters) => {
                let hour = seconds / 3600;
                (if is_halved { (hour + 11) % 12 + 1 } else { hour }, (*letters).min(2))
            }
            FormatPart::Minute(letters) => (seconds / 60 % 60, (*letters).min(2)),
            FormatPart::Second(letters) => (seconds % 60, (*letters).min(2)),
            FormatPart::Elapsed(unit, letters) => {
                let all = self.days * 86_400 + seconds;
                let count = match unit {
                    Unit::Hours => all / 3600,
                    Unit::Minutes => all / 60,
                    Unit::Seconds => all,
                };
                (count, (*letters).min(2))
            }
        };
        shown.push_str(&format!("{number:0letters$}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_up_to_the_last_is_the_one_after_the_day_before() {
        let is_leap = |year: i64| year == 1900 || year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = |year: i64, month: usize| match month {
            2 if is_leap(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let (mut year, mut month, mut day) = (1900, 1, 0);
        for serial in 0..=LAST_DAY {
            assert_eq!(calendar(serial), (year, month, day), "{serial}");
            day += 1;
            if day > days(year, month) {
                (month, day) = (month % 12 + 1, 1);
                year += i64::from(month == 1);
            }
        }
        assert_eq!((year, month, day), (10_000, 1, 1));
    }
}

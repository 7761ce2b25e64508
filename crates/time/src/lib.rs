#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign, Sub};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

/// Now, by two clocks that must not be confused: the computer's own may be set at any moment, forth or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Never goes back and is never set: what is waited for, and what counts towards a quota, is measured by it.
    pub steady: Moment,
    /// What the computer's clock shows: what is written down and shown.
    pub wall: Moment,
}

impl Now {
    /// How long ago `then` is, by whichever clock tells more: one may stand still while the computer sleeps, the other may be set back.
    pub fn since(self, then: Self) -> Millis {
        (self.steady - then.steady).max(self.wall - then.wall)
    }
}

impl Add<Millis> for Now {
    type Output = Moment;
    /// A moment to wait for.
    fn add(self, length: Millis) -> Moment {
        self.steady + length
    }
}

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// So many seconds. What leaves `i64` stays at its end, as sums do; answers may name any number. So do the longer units.
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }
    /// So many times 60 seconds.
    pub const fn minutes(minutes: i64) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }
    /// So many times 60 minutes.
    pub const fn hours(hours: i64) -> Self {
        Self::minutes(hours.saturating_mul(60))
    }
    /// So many times 24 hours, whatever a calendar says.
    pub const fn days(days: i64) -> Self {
        Self::hours(days.saturating_mul(24))
    }
    /// After so many times [`Self::backoff`] does not grow any more.
    pub const LONGEST_BACKOFF: u32 = 5;
    /// How long to wait before the same is asked again for the `times + 1`th time: 2 s, doubled each time up to 64 s.
    pub const fn backoff(times: u32) -> Self {
        Self::seconds(2 << if times < Self::LONGEST_BACKOFF { times } else { Self::LONGEST_BACKOFF })
    }
    /// Whole seconds, rounded up: what a person is told to wait.
    pub const fn in_seconds(self) -> i64 {
        self.0.saturating_add(999) / 1000
    }
}

impl Moment {
    /// Seconds since 1970, as `exp` and `nbf` of a JWT count them (RFC 7519, 2).
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
    /// Reads what [`Self::unix_seconds`] yields; what leaves `i64` stays at its end.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// `2026-11-22T10:43:23Z`, the form that Graph and reports use.
    pub fn iso(self) -> String {
        let days = self.0.div_euclid(86_400_000);
        let seconds = self.0.rem_euclid(86_400_000) / 1000;
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl Moment {
    /// Reads what [`Moment::iso`] wrote; `None` for every other form. Its numbers are not checked against the calendar.
    pub fn from_iso(text: &str) -> Option<Self> {
        let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let signs = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
        if text.len() != 20 || signs.iter().any(|(place, sign)| text.as_bytes()[*place] != *sign) {
            return None;
        }
        let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
        let seconds = part(11, 13)? * 3600 + part(14, 16)? * 60 + part(17, 19)?;
        Some(Self((days(year, month, day) * 86_400 + seconds) * 1000))
    }
}

impl Moment {
    /// Reads a `DateTimeOffset` of Graph's, which is always in UTC and may tell fractions of a second: those are cut.
    pub fn from_graph(text: &str) -> Option<Self> {
        let (seconds, fraction) = (text.get(..19)?, text.get(19..)?.strip_suffix('Z')?);
        let is_fraction = fraction.is_empty() || fraction.starts_with('.');
        if is_fraction { Self::from_iso(&format!("{seconds}Z")) } else { None }
    }
}

/// Year, month, day of the Gregorian calendar to days since 1970.
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Days since 1970 to year, month, day of the Gregorian calendar.
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

impl Add<Millis> for Moment {
    type Output = Self;
    fn add(self, length: Millis) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}
impl Sub for Moment {
    type Output = Millis;
    fn sub(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}
impl Sub<Millis> for Moment {
    type Output = Self;
    fn sub(self, length: Millis) -> Self {
        Self(self.0.saturating_sub(length.0))
    }
}
impl Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}
impl AddAssign<Millis> for Moment {
    fn add_assign(&mut self, length: Millis) {
        *self = *self + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_all_time_stay_at_its_end() {
        assert_eq!(Moment::from_unix_seconds(i64::MAX), Moment(i64::MAX));
        assert_eq!(Moment::from_unix_seconds(i64::MIN), Moment(i64::MIN));
        assert_eq!([Millis::seconds(i64::MAX), Millis::days(i64::MAX)], [Millis(i64::MAX); 2]);
        assert_eq!(Millis(i64::MAX).in_seconds(), i64::MAX / 1000);
    }

    #[test]
    fn lengths_are_counted_in_their_units() {
        assert_eq!(
            [Millis::seconds(2), Millis::minutes(2), Millis::hours(2), Millis::days(2)].map(|length| length.0),
            [2_000, 120_000, 7_200_000, 172_800_000,]
        );
        assert_eq!([0, 1, 1_000, 1_001, -1].map(|length| Millis(length).in_seconds()), [0, 1, 1, 2, 0]);
        assert_eq!([0, 1_999, 2_000, -1].map(|moment| Moment(moment).unix_seconds()), [0, 1, 2, -1]);
        assert_eq!(Moment::from_unix_seconds(7), Moment(7_000));
    }

    #[test]
    fn moments_and_lengths_add_up() {
        assert_eq!((Moment(7) + Millis(3), Moment(7) - Millis(3), Moment(7) - Moment(3)), (Moment(10), Moment(4), Millis(4)));
        assert_eq!(Millis(7) + Millis(3), Millis(10));
        let mut moment = Moment(7);
        moment += Millis(3);
        assert_eq!(moment, Moment(10));
        assert_eq!((Moment(i64::MAX) + Millis(1), Moment(i64::MIN) - Millis(1)), (Moment(i64::MAX), Moment(i64::MIN)));
        assert_eq!((Moment(i64::MAX) - Moment(-1), Millis(i64::MAX) + Millis(1)), (Millis(i64::MAX), Millis(i64::MAX)));
    }

    #[test]
    fn a_wait_is_measured_by_the_clock_that_tells_more_and_ends_by_the_steady_one() {
        let at = |steady: i64, wall: i64| Now { steady: Moment(steady), wall: Moment(wall) };
        assert_eq!((at(5, 1_000).since(at(2, 900)), at(5, 800).since(at(2, 900))), (Millis(100), Millis(3)));
        assert_eq!(at(5, 1_000) + Millis(2), Moment(7));
    }

    #[test]
    fn days_follow_the_gregorian_calendar_through_all_its_400_years() {
        let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let (mut year, mut month, mut day) = (1900, 1, 1);
        let first = -25_567;
        for place in first..first + 146_097 {
            assert_eq!((civil(place), days(year, month, day)), ((year, month, day), place));
            let length = match month {
                2 => 28 + i64::from(is_leap(year)),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            (month, day) = if day < length { (month, day + 1) } else { (month + 1, 1) };
            (year, month) = if month < 13 { (year, month) } else { (year + 1, 1) };
        }
        assert_eq!((year, month, day), (2300, 1, 1));
    }

    #[test]
    fn waits_double_up_to_64_seconds() {
        assert_eq!([0, 1, 2, 5, 6, u32::MAX].map(Millis::backoff), [2, 4, 8, 64, 64, 64].map(Millis::seconds));
    }

    #[test]
    fn moments_print_as_graph_prints_them() {
        let check = |moment: i64, expected: &str| assert_eq!(Moment(moment).iso(), expected);
        check(0, "1970-01-01T00:00:00Z");
        check(951_782_399_999, "2000-02-28T23:59:59Z");
        check(951_782_400_000, "2000-02-29T00:00:00Z");
        check(1_795_344_203_000, "2026-11-22T10:43:23Z");
        check(-1, "1969-12-31T23:59:59Z");
    }

    #[test]
    fn moments_are_read_as_they_were_written() {
        for moment in [0, 951_782_400_000, 1_709_210_096_000, 1_800_000_000_000, 4_102_444_799_000] {
            assert_eq!(Moment::from_iso(&Moment(moment).iso()), Some(Moment(moment)));
        }
        assert_eq!(Moment::from_graph("2026-11-22T10:43:23.1234567Z"), Some(Moment(1_795_344_203_000)));
        assert_eq!(Moment::from_graph("2026-11-22T10:43:23Z"), Some(Moment(1_795_344_203_000)));
        for text in ["", "2026-11-22T10:43:23", "2026-11-22T10:43:23+01:00", "2026-11-22T10:43:23,5Z", "2026-11-22T10:43:235Z"] {
            assert_eq!(Moment::from_graph(text), None, "{text}");
        }
        for text in ["", "2026-11-25", "an earlier day", "2026-11-25T12:00:00+1", "2026/11/25T12:00:00Z", "äöüß-11-25T12:00:0Z"] {
            assert_eq!(Moment::from_iso(text), None, "{text}");
        }
    }
}

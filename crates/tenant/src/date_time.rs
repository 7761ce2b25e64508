//! Dates with times as OData writes them, in filters and in bodies.

use time::{Millis, Moment};

/// The furthest that an offset may be from UTC: .NET's `DateTimeOffset`, of which OData's own library makes its values.
const FURTHEST: Millis = Millis::hours(14);

/// Reads `2026-02-28T00:00:00.5+01:00`: seconds and their fraction may be missing, what says how far it is from UTC may not. `None` for
/// other forms, and for what is on no calendar and no clock.
/// <https://docs.oasis-open.org/odata/odata/v4.01/os/abnf/odata-abnf-construction-rules.txt>, `dateTimeOffsetValue`
pub(super) fn read(text: &str) -> Option<Moment> {
    let text = text.to_ascii_uppercase();
    let (date, rest) = text.split_at_checked(10)?;
    let zone = rest.find(['Z', '+', '-'])?;
    let (time, zone) = rest.split_at(zone);
    let (time, fraction) = time.split_once('.').map_or((time, None), |(time, fraction)| (time, Some(fraction)));
    let seconds = match time.len() {
        // Only behind seconds may their fraction stand.
        6 if fraction.is_none() => ":00",
        _ => "",
    };
    let iso = format!("{date}{time}{seconds}Z");
    // What has other numbers once it was read is on no calendar.
    let moment = Moment::from_iso(&iso).filter(|moment| moment.iso() == iso)?;
    Some(moment + thousandths(fraction)? - offset(zone)?)
}

/// As much of a fraction of a second, of up to twelve digits, as is told apart here.
fn thousandths(fraction: Option<&str>) -> Option<Millis> {
    let Some(fraction) = fraction else { return Some(Millis(0)) };
    let is_fraction = (1..=12).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    digits.parse().ok().filter(|_| is_fraction).map(Millis)
}

fn offset(zone: &str) -> Option<Millis> {
    if zone == "Z" {
        return Some(Millis(0));
    }
    let (sign, rest) = zone.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let number = |text: &str| text.parse::<i64>().ok().filter(|_| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()));
    let length = Millis::hours(number(hours)?) + Millis::minutes(number(minutes).filter(|minutes| *minutes < 60)?);
    (length <= FURTHEST).then_some(if sign == "-" { Millis(-length.0) } else { length })
}

/// Reads an `Edm.Duration` of no less than nothing: `P14D`, `PT1H30M`, `P1DT12H`. Whole numbers alone.
/// <https://docs.oasis-open.org/odata/odata/v4.01/os/abnf/odata-abnf-construction-rules.txt>, `durationValue`
pub(super) fn duration(text: &str) -> Option<Millis> {
    let (days, time) = text.strip_prefix('P')?.split_once('T').map_or((text.get(1..)?, None), |(days, time)| (days, Some(time)));
    if days.is_empty() && time.is_none_or(str::is_empty) || time == Some("") {
        return None;
    }
    let day = parts(days, &[('D', Millis::days(1))])?;
    let rest = parts(time.unwrap_or_default(), &[('H', Millis::hours(1)), ('M', Millis::minutes(1)), ('S', Millis::seconds(1))])?;
    Some(day + rest)
}

/// Numbers, each before the letter of its unit, in the order of the units.
fn parts(mut text: &str, units: &[(char, Millis)]) -> Option<Millis> {
    let mut all = Millis(0);
    for (letter, unit) in units {
        if let Some((number, rest)) = text.split_once(*letter) {
            all = all + Millis(number.parse::<u32>().ok().map(i64::from)?.checked_mul(unit.0)?);
            text = rest;
        }
    }
    text.is_empty().then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_times_are_read_in_every_form_that_odata_has() {
        let noon = Moment::from_iso("2026-02-28T12:00:00Z").unwrap();
        let check = |text: &str, after: Millis| assert_eq!(read(text), Some(noon + after), "{text}");
        check("2026-02-28T12:00:00Z", Millis(0));
        check("2026-02-28T12:00Z", Millis(0));
        check("2026-02-28t12:00z", Millis(0));
        check("2026-02-28T12:00:07.5Z", Millis(7_500));
        check("2026-02-28T12:00:00.123456789012Z", Millis(123));
        check("2026-02-28T13:00:00+01:00", Millis(0));
        check("2026-02-28T06:30-05:30", Millis(0));
        check("2026-03-01T02:00:00+14:00", Millis(0));
        assert_eq!(read("2024-02-29T12:00:00-00:00"), Moment::from_iso("2024-02-29T12:00:00Z"));
    }

    #[test]
    fn durations_are_read_in_days_hours_minutes_and_seconds() {
        let check = |text: &str, length: Option<Millis>| assert_eq!(duration(text), length, "{text}");
        check("P14D", Some(Millis::days(14)));
        check("PT1H30M", Some(Millis::minutes(90)));
        check("P1DT12H", Some(Millis::hours(36)));
        check("PT45S", Some(Millis::seconds(45)));
        for text in ["", "P", "PT", "P1DT", "14D", "P1M", "P1Y", "PD", "P1H", "PT1M1H", "P-1D", "PT1.5H"] {
            check(text, None);
        }
    }

    #[test]
    fn what_is_on_no_calendar_and_no_clock_is_none() {
        for text in [
            "",
            "2026-02-28",
            "2026-02-28T12:00:00",
            "2026-02-28T12Z",
            "2026-02-28 12:00:00Z",
            "2026-02-30T12:00:00Z",
            "2025-02-29T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-00-01T12:00:00Z",
            "2026-02-28T24:00:00Z",
            "2026-02-28T12:60:00Z",
            "2026-02-28T12:00:60Z",
            "2026-02-28T12:00.5Z",
            "2026-02-28T12:00:00.Z",
            "2026-02-28T12:00:00.1234567890123Z",
            "2026-02-28T12:00:00+1:00",
            "2026-02-28T12:00:00+01",
            "2026-02-28T12:00:00+01:60",
            "2026-02-28T12:00:00+14:01",
            "2026-02-28T12:00:00ZZ",
            "+026-02-28T12:00:00Z",
            "2026-02-2üT12:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

//! How long access lasts, and from when. <https://learn.microsoft.com/graph/api/resources/entitlementmanagementschedule>,
//! <https://learn.microsoft.com/graph/api/resources/expirationpattern>

use super::members::{by_value, number, object, text};
use crate::enumeration::enumeration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A duration of ISO 8601 as Graph writes it: `P14D`, `PT0S`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IsoDuration(pub String);

impl IsoDuration {
    /// So many days.
    pub fn days(days: u32) -> Self {
        Self(format!("P{days}D"))
    }

    /// In whole days; `None` where it is no number of them (months, years, hours beyond a day).
    pub fn in_days(&self) -> Option<u32> {
        let rest = self.0.strip_prefix('P')?;
        let (date, clock) = rest.split_once('T').unwrap_or((rest, ""));
        if !matches!(clock, "" | "0S" | "0H" | "0M") || date.is_empty() && clock.is_empty() {
            return None;
        }
        let (weeks, days) = date.split_once('W').map_or((0, date), |(weeks, days)| (weeks.parse().unwrap_or(u32::MAX), days));
        let days = if days.is_empty() { 0 } else { days.strip_suffix('D')?.parse().ok()? };
        weeks.checked_mul(7)?.checked_add(days)
    }
}

/// When access ends. The v1.0 words are those of the schema; `duration` is beta's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum Expiration {
    /// Nothing is said of it.
    #[default]
    NotSpecified,
    /// Never.
    Never,
    /// At this moment, ISO 8601.
    At(String),
    /// So long after it began.
    After(IsoDuration),
    /// In a way that is not known here, as it came.
    Other(Value),
}

impl Expiration {
    pub(super) fn read(value: &Value) -> Self {
        let (end, duration) = (text(value, "endDateTime"), text(value, "duration"));
        match (text(value, "type").unwrap_or_default().to_ascii_lowercase().as_str(), end, duration) {
            ("" | "notspecified", None, None) => Self::NotSpecified,
            ("noexpiration", ..) => Self::Never,
            ("afterdatetime", Some(end), _) => Self::At(end),
            ("afterduration", _, Some(duration)) => Self::After(IsoDuration(duration)),
            _ => Self::Other(value.clone()),
        }
    }

    pub(super) fn write(&self) -> Value {
        match self {
            Self::NotSpecified => json!({"type": "notSpecified"}),
            Self::Never => json!({"type": "noExpiration"}),
            Self::At(end) => json!({"type": "afterDateTime", "endDateTime": end}),
            Self::After(duration) => json!({"type": "afterDuration", "duration": duration.0}),
            Self::Other(value) => value.clone(),
        }
    }
}

by_value!(Expiration);

enumeration! {
    /// How something comes again. <https://learn.microsoft.com/graph/api/resources/recurrencepattern>
    pub enum RecurrenceKind {
        /// Every so many days.
        Daily = "daily",
        /// Every so many weeks.
        Weekly = "weekly",
        /// Every so many months, on a day of the month.
        Monthly = "absoluteMonthly",
        /// Every so many months, on a day of a week of the month.
        MonthlyByWeek = "relativeMonthly",
        /// Every so many years, on a day of a month.
        Yearly = "absoluteYearly",
        /// Every so many years, on a day of a week of a month.
        YearlyByWeek = "relativeYearly",
    }
}

/// How often something comes again. What else Graph says of it stays as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// In which steps.
    pub kind: RecurrenceKind,
    /// How many of these steps lie between two.
    pub interval: i32,
}

/// From when and for how long, and how often again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub struct Schedule {
    /// ISO 8601; nothing where it begins at once.
    pub start: Option<String>,
    /// When it ends.
    pub expiration: Expiration,
    /// Of reviews alone.
    pub recurrence: Option<Recurrence>,
}

impl Schedule {
    pub(super) fn read(value: &Value) -> Self {
        let recurrence = &value["recurrence"];
        let pattern = &recurrence["pattern"];
        let kind = text(pattern, "type").map(RecurrenceKind::from);
        Self {
            start: text(value, "startDateTime"),
            expiration: Expiration::read(&value["expiration"]),
            recurrence: kind.map(|kind| Recurrence { kind, interval: number(pattern, "interval") }),
        }
    }

    pub(super) fn write(&self) -> Value {
        // `month` and `dayOfMonth` are never null; 0 is what Microsoft's example of a policy for other organisations sends.
        let recurrence = self.recurrence.as_ref().map(|Recurrence { kind, interval }| {
            json!({
                "pattern": {"type": kind.as_str(), "interval": interval, "month": 0, "dayOfMonth": 0, "daysOfWeek": []},
                "range": {"type": "noEnd", "numberOfOccurrences": 0},
            })
        });
        object([("startDateTime", self.start.clone().into()), ("expiration", self.expiration.write()), ("recurrence", recurrence.into())])
    }
}

by_value!(Schedule);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_days_where_they_are() {
        let check = |text: &str, expected: Option<u32>| assert_eq!(IsoDuration(text.into()).in_days(), expected, "{text}");
        check("P14D", Some(14));
        check("P0D", Some(0));
        check("PT0S", Some(0));
        check("P2W", Some(14));
        check("P1W3D", Some(10));
        check("P1DT0S", Some(1));
        for other in ["", "P", "P1M", "P1Y", "PT6H", "P-1D", "14", "P99999999999D", "P999999999W"] {
            check(other, None);
        }
        assert_eq!(IsoDuration::days(90).0, "P90D");
    }

    #[test]
    fn an_expiration_is_read_as_it_comes_and_written_as_the_schema_has_it() {
        let check = |value: Value, expected: Expiration, written: Value| {
            let read: Expiration = serde_json::from_value(value).unwrap();
            assert_eq!((read.write(), read), (written, expected));
        };
        let empty = json!({"endDateTime": null, "duration": null, "type": "notSpecified"});
        check(empty, Expiration::NotSpecified, json!({"type": "notSpecified"}));
        check(Value::Null, Expiration::NotSpecified, json!({"type": "notSpecified"}));
        check(json!({"type": "NoExpiration", "duration": null}), Expiration::Never, json!({"type": "noExpiration"}));
        let after = json!({"type": "afterDuration", "duration": "P365D"});
        check(after.clone(), Expiration::After(IsoDuration::days(365)), after);
        let with_end = json!({"type": "afterDuration", "duration": "P1D", "endDateTime": "2027-01-01T00:00:00Z"});
        check(with_end, Expiration::After(IsoDuration::days(1)), json!({"type": "afterDuration", "duration": "P1D"}));
        let at = json!({"type": "afterDateTime", "endDateTime": "2027-01-01T00:00:00Z"});
        check(at.clone(), Expiration::At("2027-01-01T00:00:00Z".into()), at);
        for other in [json!({"type": "afterDuration"}), json!({"type": "afterQuarter", "quarters": 2})] {
            check(other.clone(), Expiration::Other(other.clone()), other);
        }
    }

    #[test]
    fn a_schedule_says_only_what_is_known_of_it() {
        let read: Schedule = serde_json::from_value(json!({"startDateTime": null, "recurrence": null, "expiration": null})).unwrap();
        assert_eq!((read.write(), read), (json!({"expiration": {"type": "notSpecified"}}), Schedule::default()));
        let review = json!({"startDateTime": "2022-07-02T06:59:59.998Z", "expiration": {"duration": "P14D", "type": "afterDuration"},
            "recurrence": {"pattern": {"type": "absoluteMonthly", "interval": 3, "month": 0, "dayOfMonth": 0, "daysOfWeek": []},
                "range": {"type": "noEnd", "numberOfOccurrences": 0}}});
        let read = Schedule::read(&review);
        assert_eq!(read.recurrence, Some(Recurrence { kind: RecurrenceKind::Monthly, interval: 3 }));
        assert_eq!(read.write(), review);
    }
}

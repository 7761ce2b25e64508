//! The time, by two clocks, and waiting for it.

use futures_util::future::{Either, select};
use time::{Millis, Moment};
use wasm_bindgen_futures::JsFuture;

/// A clock that never goes back and is never set: what is waited for is measured by it. It began with the page, at the time that
/// the computer's clock showed then. Where it stands still while the computer sleeps, waits last that much longer, which no quota
/// minds; so it is never brought forward either. <https://www.w3.org/TR/hr-time-3/#dfn-monotonic-clock>
pub fn steady() -> Moment {
    let Some(performance) = super::window().performance() else { return now() };
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970, far below 2^53")]
    Moment((performance.time_origin() + performance.now()) as i64)
}

/// What the computer's clock shows: for what is written down and shown, and for the life of tokens. It may be set at any moment.
pub fn now() -> Moment {
    #[expect(clippy::cast_possible_truncation, reason = "Date.now() is a whole number of milliseconds, far below 2^53")]
    Moment(js_sys::Date::now() as i64)
}

/// How far [`now`] stands ahead of [`steady`].
pub fn ahead() -> Millis {
    now() - steady()
}

/// Sleeps. A computer that sleeps meanwhile wakes late; callers ask for the time again.
pub async fn sleep(length: Millis) {
    let wait = i32::try_from(length.0.clamp(0, 60_000)).unwrap_or(60_000);
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        _ = super::window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait);
    });
    _ = JsFuture::from(promise).await;
}

/// What comes of this, unless it takes longer.
pub async fn within<T>(length: Millis, work: impl Future<Output = T>) -> Option<T> {
    match select(std::pin::pin!(work), std::pin::pin!(sleep(length))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

/// Waits for a moment of [`steady`], however far it lies ahead.
pub async fn until(then: Moment) {
    loop {
        match then - steady() {
            left if left.0 > 0 => sleep(left).await,
            _ => return,
        }
    }
}

/// The next frame: what was changed before has been laid out.
pub async fn frame() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        _ = super::window().request_animation_frame(&resolve);
    });
    _ = JsFuture::from(promise).await;
}

/// A moment in the person's own words and time zone: `22 Nov 2026, 11:43`.
pub fn shown(moment: Moment) -> String {
    use wasm_bindgen::JsValue;
    #[expect(clippy::cast_precision_loss, reason = "moments are far below 2^53")]
    let date = js_sys::Date::new(&JsValue::from_f64(moment.0 as f64));
    let options = js_sys::Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    String::from(date.to_locale_string(OWN, &options))
}

/// This day as a language writes it, `24. November 2026`; as the page's own does for the empty tag and where there is no such
/// language.
pub fn today(tag: &str) -> String {
    let options = js_sys::Object::new();
    _ = js_sys::Reflect::set(&options, &"dateStyle".into(), &"long".into());
    let locales = js_sys::Array::of1(&(if tag.is_empty() { OWN } else { tag }).into());
    // A tag that is none throws.
    let known = js_sys::Intl::DateTimeFormat::supported_locales_of(&locales, &options).length() > 0;
    js_sys::Date::new_0().to_locale_date_string(if known && !tag.is_empty() { tag } else { OWN }, &options).into()
}

/// The page's own language.
const OWN: &str = "en-GB";

/// How long ago, roughly: `3 minutes ago`. Beyond a week the date itself.
pub fn ago(moment: Moment) -> String {
    let minutes = (now() - moment).0 / 60_000;
    let words = |number: i64, one: &str, many: &str| format!("{number} {} ago", if number == 1 { one } else { many });
    match minutes {
        ..1 => "just now".into(),
        1..60 => words(minutes, "minute", "minutes"),
        60..1440 => words(minutes / 60, "hour", "hours"),
        1440..10_080 => words(minutes / 1440, "day", "days"),
        _ => shown(moment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen::JsValue;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// What the page's `Date.now` shows from here on.
    fn set_the_clock(ahead: f64) {
        let date: JsValue = js_sys::Reflect::get(&js_sys::global(), &"Date".into()).unwrap();
        let shown = js_sys::Function::new_no_args(&format!("return performance.timeOrigin + performance.now() + {ahead}"));
        js_sys::Reflect::set(&date, &"now".into(), &shown).unwrap();
    }

    #[wasm_bindgen_test]
    async fn the_steady_clock_is_not_moved_by_setting_the_other() {
        const MINUTES: f64 = 60_000.0;
        let real: JsValue = js_sys::Reflect::get(&js_sys::global(), &"Date".into()).unwrap();
        let own = js_sys::Reflect::get(&real, &"now".into()).unwrap();
        let (before, shown) = (steady(), now());
        assert!((before - shown).0.abs() < 60_000, "they begin together");
        for minutes in [-10.0, 10.0] {
            set_the_clock(minutes * MINUTES);
            let moved = (now() - shown).0;
            assert!(moved.abs() > 500_000, "the clock was set");
            assert!((0..10_000).contains(&(steady() - before).0));
            let then = steady() + Millis(30);
            until(then).await;
            assert!((0..10_000).contains(&(steady() - then).0));
        }
        js_sys::Reflect::set(&real, &"now".into(), &own).unwrap();
    }

    #[wasm_bindgen_test]
    async fn sleeping_lets_time_pass() {
        let before = now();
        sleep(Millis(30)).await;
        assert!((now() - before).0 >= 29);
    }
}

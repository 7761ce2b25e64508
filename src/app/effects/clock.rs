//! The time, and waiting for it.

use guestlist::time::{Millis, Moment};
use wasm_bindgen_futures::JsFuture;

pub fn now() -> Moment {
    #[expect(clippy::cast_possible_truncation, reason = "Date.now() is a whole number of milliseconds, far below 2^53")]
    Moment(js_sys::Date::now() as i64)
}

/// Sleeps. A computer that sleeps meanwhile wakes late; callers ask for the time again.
pub async fn sleep(length: Millis) {
    let wait = i32::try_from(length.0.clamp(0, 60_000)).unwrap_or(60_000);
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        _ = super::window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait);
    });
    _ = JsFuture::from(promise).await;
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
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn sleeping_lets_time_pass() {
        let before = now();
        sleep(Millis(30)).await;
        assert!((now() - before).0 >= 29);
    }
}

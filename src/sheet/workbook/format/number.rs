//! Numbers in decimal digits. Excel keeps 15 of them and rounds those, so nothing is calculated in binary here.

use super::fraction;
use super::parse::{FormatPart, Section};

/// `0.digits × 10^point`, without zeros at either end; no digits for zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    is_negative: bool,
    digits: Vec<u8>,
    point: i32,
}

/// Digits behind the point, and in front of it, that are ever written out. Excel has 30.
const MOST_PLACES: usize = 400;

impl Decimal {
    /// Nothing for what is no number.
    pub fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let whole = value.abs();
        if whole < 1e15 && whole.fract() == 0.0 {
            // Exact: nothing is to be rounded.
            let mut decimal = Self { is_negative: value < 0.0, digits: Vec::with_capacity(16), point: 0 };
            let mut left = whole as u64;
            while left > 0 {
                decimal.digits.push((left % 10) as u8);
                left /= 10;
            }
            decimal.digits.reverse();
            decimal.point = decimal.digits.len() as i32;
            decimal.trim();
            return Some(decimal);
        }
        let text = format!("{whole:.14e}");
        let (mantissa, exponent) = text.split_once('e')?;
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        let mut decimal = Self { is_negative: value < 0.0, digits, point: exponent.parse::<i32>().ok()? + 1 };
        decimal.trim();
        Some(decimal)
    }

    /// Takes zeros away behind the last digit; in front of the first there are none.
    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }

    /// Rounded to so many places behind the point, halves away from zero.
    fn rounded(&self, places: i32) -> Self {
        let mut rounded = self.clone();
        let kept = self.point.saturating_add(places);
        if kept < 0 {
            rounded.digits.clear();
        } else if let Some(next) = self.digits.get(kept as usize) {
            rounded.digits.truncate(kept as usize);
            if *next >= 5 {
                match rounded.digits.iter_mut().rev().find(|digit| **digit < 9) {
                    Some(_) => {
                        while rounded.digits.last() == Some(&9) {
                            rounded.digits.pop();
                        }
                        rounded.digits.iter_mut().next_back().into_iter().for_each(|digit| *digit += 1);
                    }
                    None => (rounded.digits, rounded.point) = (vec![1], self.point + 1),
                }
            }
        }
        rounded.trim();
        rounded.is_negative &= !rounded.digits.is_empty();
        rounded
    }

    /// The digit of this power of ten.
    fn at(&self, power: i32) -> char {
        let digit = usize::try_from(self.point - 1 - power).ok().and_then(|place| self.digits.get(place));
        char::from(b'0' + digit.copied().unwrap_or(0))
    }

    /// The digits before the point, none for zero.
    fn whole(&self) -> Vec<char> {
        (0..self.point.max(0)).rev().map(|power| self.at(power)).collect()
    }

    /// Without any format.
    pub fn plain(&self) -> String {
        let sign = if self.is_negative && !self.digits.is_empty() { "-" } else { "" };
        let whole: String = self.whole().into_iter().collect();
        let places = (self.digits.len() as i32 - self.point).max(0);
        let behind: String = (1..=places).map(|place| self.at(-place)).collect();
        let whole = if whole.is_empty() { "0" } else { &whole };
        if behind.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{behind}") }
    }
}

/// A number in a section without dates. `is_signed` puts a minus sign in front of a negative one.
pub fn show(section: &Section, value: &Decimal, is_signed: bool) -> String {
    let parts = &section.parts;
    let is_digit = |part: &FormatPart| matches!(part, FormatPart::Digit(_));
    if parts.contains(&FormatPart::General) {
        return around(parts, value, is_signed);
    }
    if let Some(shown) = fraction::show(parts, value, is_signed) {
        return shown;
    }
    let point = parts.iter().position(|part| *part == FormatPart::Point);
    let exponent = parts.iter().position(|part| matches!(part, FormatPart::Exponent(_)));
    let end = exponent.unwrap_or(parts.len());
    let middle = point.filter(|point| *point < end).unwrap_or(end);
    let (whole, behind) = (&parts[..middle], &parts[middle..end]);
    let last = parts[..end].iter().rposition(is_digit);
    let places = behind.iter().filter(|part| is_digit(part)).count().min(MOST_PLACES) as i32;

    let mut value = value.clone();
    let percents = parts.iter().filter(|part| **part == FormatPart::Percent).count();
    value.point += 2 * percents as i32;
    // Commas right behind the last digit; those between digits group.
    let is_dividing = |place: usize| {
        last.is_some_and(|last| place > last) && parts[last.unwrap_or(0) + 1..=place].iter().all(|part| *part == FormatPart::Comma)
    };
    let dividing = (0..end).filter(|place| parts[*place] == FormatPart::Comma && is_dividing(*place)).count()
        + whole.iter().rev().take_while(|part| **part == FormatPart::Comma).count() * usize::from(places > 0);
    value.point -= 3 * dividing as i32;

    let mut power = 0;
    if exponent.is_some() {
        let digits = whole.iter().filter(|part| is_digit(part)).count().max(1) as i32;
        let of = |value: &Decimal| (value.point - 1).div_euclid(digits) * digits;
        power = if value.digits.is_empty() { 0 } else { of(&value) };
        // Rounding may bring it over the next power.
        let rounded = Decimal { point: value.point - power, ..value.clone() }.rounded(places);
        power += if rounded.digits.is_empty() { 0 } else { of(&rounded) };
        value.point -= power;
    }
    let value = value.rounded(places);
    let mut shown = String::new();
    if value.is_negative && is_signed {
        shown.push('-');
    }
    let is_grouped = whole.iter().skip_while(|part| !is_digit(part)).skip_while(|part| **part != FormatPart::Comma).any(is_digit);
    show_whole(&mut shown, whole, &value, is_grouped, last.is_some());
    show_behind(&mut shown, behind, &value);
    if let Some(exponent) = exponent {
        show_exponent(&mut shown, &parts[exponent..], power);
    }
    shown
}

/// The number as it is, between what the format puts around it.
fn around(parts: &[FormatPart], value: &Decimal, is_signed: bool) -> String {
    let value = Decimal { is_negative: value.is_negative && is_signed, ..value.clone() };
    let mut plain = Some(value.plain());
    parts
        .iter()
        .map(|part| match part {
            FormatPart::General => plain.take().unwrap_or_default(),
            FormatPart::Literal(literal) => literal.clone(),
            FormatPart::Slash => "/".to_owned(),
            _ => String::new(),
        })
        .collect()
}

/// Puts digits before the point into their places, from the right; the leftmost place takes all that are left.
fn show_whole(shown: &mut String, parts: &[FormatPart], value: &Decimal, is_grouped: bool, has_places: bool) {
    let mut digits = value.whole();
    let mut places = parts.iter().filter(|part| matches!(part, FormatPart::Digit(_))).count();
    // The last character first.
    let mut reversed: Vec<char> = Vec::new();
    let mut written = 0;
    let mut put = |digit: char, reversed: &mut Vec<char>| {
        if is_grouped && written > 0 && written % 3 == 0 {
            reversed.push(',');
        }
        written += 1;
        reversed.push(digit);
    };
    if places == 0 && has_places {
        shown.extend(&digits);
    }
    for part in parts.iter().rev() {
        match part {
            FormatPart::Digit(kind) => {
                places -= 1;
                match (digits.pop(), kind) {
                    (Some(digit), _) => put(digit, &mut reversed),
                    (None, '0') => put('0', &mut reversed),
                    (None, '?') => reversed.push(' '),
                    (None, _) => {}
                }
                while let Some(digit) = digits.pop_if(|_| places == 0) {
                    put(digit, &mut reversed);
                }
            }
            FormatPart::Literal(literal) => reversed.extend(literal.chars().rev()),
            FormatPart::Percent => reversed.push('%'),
            FormatPart::Slash => reversed.push('/'),
            _ => {}
        }
    }
    shown.extend(reversed.into_iter().rev());
}

/// Puts digits behind the point into their places.
fn show_behind(shown: &mut String, parts: &[FormatPart], value: &Decimal) {
    let last = value.digits.len() as i32 - value.point;
    let mut place = 0;
    for part in parts {
        match part {
            FormatPart::Point => shown.push('.'),
            FormatPart::Digit(kind) => {
                place += 1;
                match kind {
                    '#' if place > last => {}
                    '?' if place > last => shown.push(' '),
                    _ => shown.push(value.at(-place)),
                }
            }
            FormatPart::Literal(literal) => shown.push_str(literal),
            FormatPart::Percent => shown.push('%'),
            FormatPart::Slash => shown.push('/'),
            _ => {}
        }
    }
}

fn show_exponent(shown: &mut String, parts: &[FormatPart], power: i32) {
    let sign = match parts.first() {
        _ if power < 0 => "-",
        Some(FormatPart::Exponent(true)) => "+",
        _ => "",
    };
    let width = parts.iter().filter(|part| **part == FormatPart::Digit('0')).count().min(MOST_PLACES);
    shown.push_str(&format!("E{sign}{:0width$}", power.abs()));
    let rest = parts.iter().filter_map(|part| if let FormatPart::Literal(literal) = part { Some(literal.as_str()) } else { None });
    shown.extend(rest);
}

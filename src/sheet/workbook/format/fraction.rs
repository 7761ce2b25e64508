//! Fractions: `# ?/?` shows 1.25 as `1 1/4` (ECMA-376 Part 1, 18.8.31).

use super::number::Decimal;
use super::parse::FormatPart;

/// Digits of a denominator that are looked for. Excel's own formats have up to three.
const MOST_DIGITS: u32 = 3;

/// A number in a section that has a slash between digits; nothing where it has none. `is_signed` puts a minus sign in front of a
/// negative one.
pub fn show(parts: &[FormatPart], value: &Decimal, is_signed: bool) -> Option<String> {
    let slash = parts.iter().position(|part| *part == FormatPart::Slash)?;
    let is_digit = |part: &FormatPart| matches!(part, FormatPart::Digit(_));
    let numerator = parts[..slash].iter().rposition(|part| !is_digit(part)).map_or(0, |before| before + 1);
    let digits: String = parts[slash + 1..].iter().map_while(digit).collect();
    if numerator == slash || digits.is_empty() {
        return None;
    }
    // `?/8` names the denominator, `?/??` only how long it may be.
    let fixed = digits.parse::<u32>().ok().filter(|fixed| *fixed > 0);
    let denominators = fixed.map_or(1..=10_u32.pow((digits.len() as u32).min(MOST_DIGITS)) - 1, |fixed| fixed..=fixed);
    let is_mixed = parts[..numerator].iter().any(is_digit);
    let number = value.plain().parse::<f64>().ok()?;
    let mut whole = if is_mixed { number.abs().floor() } else { 0.0 };
    let rest = number.abs() - whole;
    let times = |denominator: u32| (rest * f64::from(denominator)).round();
    let error = |denominator: u32| (rest - times(denominator) / f64::from(denominator)).abs();
    let below = denominators.min_by(|one, other| error(*one).total_cmp(&error(*other)))?;
    let mut above = times(below);
    if is_mixed && above == f64::from(below) {
        (whole, above) = (whole + 1.0, 0.0);
    }
    let first = parts.iter().position(is_digit).unwrap_or(0);
    let sign = if number < 0.0 && is_signed && whole + above > 0.0 { "-" } else { "" };
    let shown = match () {
        () if is_mixed && above == 0.0 => format!("{sign}{whole}"),
        () if is_mixed && (whole > 0.0 || parts[first] == FormatPart::Digit('0')) => format!("{sign}{whole} {above}/{below}"),
        () => format!("{sign}{above}/{below}"),
    };
    let literals =
        |parts: &[FormatPart]| parts.iter().map(|part| if let FormatPart::Literal(text) = part { text } else { "" }).collect::<String>();
    Some(literals(&parts[..first]) + &shown + &literals(&parts[slash + 1 + digits.len()..]))
}

/// What a part of a denominator stands for.
fn digit(part: &FormatPart) -> Option<char> {
    match part {
        FormatPart::Digit(digit) => Some(*digit),
        FormatPart::Literal(literal) => literal.parse::<u8>().ok().and_then(|_| literal.chars().next()).filter(|_| literal.len() == 1),
        _ => None,
    }
}

//! A format code taken apart: sections, and the parts of each.

/// One of up to four sections: for positive and negative numbers, for zero, for texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub condition: Option<Condition>,
    pub parts: Vec<FormatPart>,
    pub is_date: bool,
    /// What it shows depends on who opens the file, or is text of a language that is not English.
    pub is_local: bool,
}

/// Which numbers a section is for, as in `[<=9999999]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    comparison: Comparison,
    limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FormatPart {
    Literal(String),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    /// Between digits: thousands are grouped; behind them: the number is divided by a thousand.
    Comma,
    Percent,
    /// Of a date or a fraction. One within quotes is a literal.
    Slash,
    /// Whether a plus sign is shown.
    Exponent(bool),
    General,
    Text,
    /// How many letters: `yy`, `yyyy`.
    Year(usize),
    Month(usize),
    Day(usize),
    Hour(usize),
    Minute(usize),
    Second(usize),
    /// Digits behind the point of seconds.
    Fraction(usize),
    /// Hours, minutes or seconds of a duration, with so many digits at least.
    Elapsed(Unit, usize),
    /// `AM` and `PM`, in the letters that the format has.
    Half(String, String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    Hours,
    Minutes,
    Seconds,
}

impl Condition {
    fn parse(text: &str) -> Option<Self> {
        use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let signs = [("<=", LessOrEqual), (">=", GreaterOrEqual), ("<>", NotEqual), ("<", Less), (">", Greater), ("=", Equal)];
        let (limit, comparison) = signs.into_iter().find_map(|(sign, comparison)| Some((text.strip_prefix(sign)?, comparison)))?;
        Some(Self { comparison, limit: limit.trim().parse().ok()? })
    }

    pub fn holds(self, value: f64) -> bool {
        match self.comparison {
            Comparison::Less => value < self.limit,
            Comparison::LessOrEqual => value <= self.limit,
            Comparison::Equal => value == self.limit,
            Comparison::NotEqual => value != self.limit,
            Comparison::GreaterOrEqual => value >= self.limit,
            Comparison::Greater => value > self.limit,
        }
    }

    /// Whether it holds for negative numbers alone: the section then has its own sign.
    pub fn is_below_zero(self) -> bool {
        match self.comparison {
            Comparison::Less => self.limit <= 0.0,
            Comparison::LessOrEqual | Comparison::Equal => self.limit < 0.0,
            _ => false,
        }
    }
}

/// The sections of a code; at least one, at most four.
pub fn sections(code: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut reader = FormatReader { rest: code.chars().collect(), place: 0 };
    loop {
        sections.push(reader.section());
        if reader.place >= reader.rest.len() || sections.len() == 4 {
            return sections;
        }
        // The semicolon.
        reader.place += 1;
        if reader.place == reader.rest.len() {
            sections.push(Section { condition: None, parts: Vec::new(), is_date: false, is_local: false });
            return sections;
        }
    }
}

struct FormatReader {
    rest: Vec<char>,
    place: usize,
}

impl FormatReader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.place + ahead).copied()
    }

    /// Takes all characters that are this letter, in either case.
    fn run(&mut self, letter: char) -> usize {
        let length = (0..).take_while(|ahead| self.peek(*ahead).is_some_and(|next| next.eq_ignore_ascii_case(&letter))).count();
        self.place += length;
        length
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_there =
            word.chars().enumerate().all(|(ahead, letter)| self.peek(ahead).is_some_and(|next| next.eq_ignore_ascii_case(&letter)));
        self.place += if is_there { word.len() } else { 0 };
        is_there
    }

    /// Up to the semicolon that ends the section, or the end.
    fn section(&mut self) -> Section {
        let mut section = Section { condition: None, parts: Vec::new(), is_date: false, is_local: false };
        let (mut speaks_english, start) = (true, self.place);
        while let Some(next) = self.peek(0).filter(|next| *next != ';') {
            self.part(next, &mut section, &mut speaks_english);
        }
        let is_date = |part: &FormatPart| {
            use FormatPart::{Day, Elapsed, Half, Hour, Minute, Month, Second, Year};
            matches!(part, Year(_) | Month(_) | Day(_) | Hour(_) | Minute(_) | Second(_) | Elapsed(..) | Half(..))
        };
        section.is_date = section.parts.iter().any(is_date);
        if section.is_date {
            tell_minutes(&mut section.parts);
            let has_words = section.parts.iter().any(|part| matches!(part, FormatPart::Month(3..) | FormatPart::Day(3..)));
            section.is_local |= has_words && !speaks_english;
        } else if section.parts.is_empty() && section.condition.is_none() && (self.rest.is_empty() || self.place > start) {
            // Nothing at all, or a colour.
            section.parts.push(FormatPart::General);
        }
        section
    }

    fn part(&mut self, next: char, section: &mut Section, speaks_english: &mut bool) {
        let parts = &mut section.parts;
        if self.takes("General") {
            return parts.push(FormatPart::General);
        }
        for (word, am, pm) in [("AM/PM", "AM", "PM"), ("A/P", if next == 'a' { "a" } else { "A" }, if next == 'a' { "p" } else { "P" })] {
            if self.takes(word) {
                return parts.push(FormatPart::Half(am.into(), pm.into()));
            }
        }
        let part = match next {
            'y' | 'Y' => FormatPart::Year(self.run('y')),
            'm' | 'M' => FormatPart::Month(self.run('m')),
            'd' | 'D' => FormatPart::Day(self.run('d')),
            'h' | 'H' => FormatPart::Hour(self.run('h')),
            's' | 'S' => FormatPart::Second(self.run('s')),
            // Years of an emperor or of Buddha, which follow the language (18.8.31).
            'g' | 'G' | 'e' | 'b' | 'B' if !self.is_exponent(next) => {
                section.is_local = true;
                FormatPart::Year(self.run(next))
            }
            'E' | 'e' if self.is_exponent(next) => {
                let is_signed = self.peek(1) == Some('+');
                self.place += 2;
                FormatPart::Exponent(is_signed)
            }
            '.' if matches!(parts.last(), Some(FormatPart::Second(_) | FormatPart::Elapsed(Unit::Seconds, _)))
                && self.peek(1) == Some('0') =>
            {
                self.place += 1;
                FormatPart::Fraction(self.run('0'))
            }
            '[' => return self.bracket(section, speaks_english),
            _ => {
                self.place += 1;
                match next {
                    '0' | '#' | '?' => FormatPart::Digit(next),
                    '.' => FormatPart::Point,
                    ',' => FormatPart::Comma,
                    '%' => FormatPart::Percent,
                    '/' => FormatPart::Slash,
                    '@' => FormatPart::Text,
                    '"' => {
                        let rest = &self.rest[self.place..];
                        let length = rest.iter().position(|next| *next == '"').unwrap_or(rest.len());
                        let text = rest[..length].iter().collect();
                        self.place = (self.place + length + 1).min(self.rest.len());
                        FormatPart::Literal(text)
                    }
                    '\\' | '_' | '*' => {
                        // As wide as the next character, or filled with it.
                        let shown = self.peek(0);
                        self.place += usize::from(shown.is_some());
                        let is_shown = next == '\\';
                        FormatPart::Literal(if is_shown {
                            shown.map(String::from).unwrap_or_default()
                        } else {
                            if next == '_' { " " } else { "" }.into()
                        })
                    }
                    other => FormatPart::Literal(other.into()),
                }
            }
        };
        parts.push(part);
    }

    fn is_exponent(&self, next: char) -> bool {
        next.eq_ignore_ascii_case(&'e') && matches!(self.peek(1), Some('+' | '-'))
    }

    /// `[Red]`, `[<100]`, `[h]`, `[$€-407]`.
    fn bracket(&mut self, section: &mut Section, speaks_english: &mut bool) {
        let rest = &self.rest[self.place..];
        let Some(end) = rest.iter().position(|next| *next == ']') else {
            self.place += 1;
            return section.parts.push(FormatPart::Literal("[".into()));
        };
        let inner: String = rest[1..end].iter().collect();
        self.place += end + 1;
        let all = |letter: char| !inner.is_empty() && inner.chars().all(|next| next.eq_ignore_ascii_case(&letter));
        let unit = [('h', Unit::Hours), ('m', Unit::Minutes), ('s', Unit::Seconds)].into_iter().find(|(letter, _)| all(*letter));
        if let Some((_, unit)) = unit {
            section.parts.push(FormatPart::Elapsed(unit, inner.len()));
        } else if let Some(condition) = Condition::parse(&inner) {
            section.condition = Some(condition);
        } else if let Some(tag) = inner.strip_prefix('$') {
            // A currency and a language: its number in hexadecimal (MS-LCID), or its name.
            let (currency, language) = tag.split_once('-').unwrap_or((tag, ""));
            if !currency.is_empty() {
                section.parts.push(FormatPart::Literal(currency.into()));
            }
            let number = u32::from_str_radix(language, 16).ok();
            section.is_local |= matches!(number, Some(0xF800 | 0xF400)) || language.starts_with("x-sys");
            *speaks_english = match number {
                // The lower ten bits are the language, whatever the country.
                Some(number) => number & 0x3ff == 9,
                None => language.is_empty() || language.to_ascii_lowercase().starts_with("en"),
            };
        }
    }
}

/// An `m` behind hours or before seconds means minutes.
fn tell_minutes(parts: &mut [FormatPart]) {
    let is_clock = |part: &FormatPart| {
        !matches!(part, FormatPart::Literal(_) | FormatPart::Half(..) | FormatPart::Point | FormatPart::Comma | FormatPart::Slash)
    };
    for place in 0..parts.len() {
        let FormatPart::Month(letters) = parts[place] else { continue };
        let before = parts[..place].iter().rev().find(|part| is_clock(part));
        let behind = parts[place + 1..].iter().find(|part| is_clock(part));
        let is_minute = matches!(before, Some(FormatPart::Hour(_) | FormatPart::Elapsed(Unit::Hours, _)))
            || matches!(behind, Some(FormatPart::Second(_) | FormatPart::Elapsed(Unit::Seconds, _)));
        if letters < 3 && is_minute {
            parts[place] = FormatPart::Minute(letters);
        }
    }
}

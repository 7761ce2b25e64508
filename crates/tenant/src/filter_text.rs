//! The words of a `$filter`, apart from what they mean.
//! <https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_SystemQueryOptionfilter>

use super::filter::FilterProblem;
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, a keyword, a number, a time, or one of `(`, `)`, `,` and `:`.
    Word(String),
    /// A quoted literal, `''` undone.
    Text(String),
}

impl Token {
    pub(super) fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Word(word) if word == wanted)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Word(text) | Self::Text(text)) = self;
        f.write_str(text)
    }
}

/// # Errors
/// A literal without an end, or a character that no filter has.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FilterProblem> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            character if character.is_whitespace() => {}
            '(' | ')' | ',' | ':' => tokens.push(Token::Word(character.into())),
            '\'' => {
                let mut literal = String::new();
                loop {
                    match characters.next() {
                        Some('\'') if characters.next_if_eq(&'\'').is_some() => literal.push('\''),
                        Some('\'') => break,
                        Some(other) => literal.push(other),
                        None => return Err(FilterProblem::Invalid("There is an unterminated string literal.".into())),
                    }
                }
                tokens.push(Token::Text(literal));
            }
            character if is_of_word(character) => {
                let mut word = String::from(character);
                // A literal of date and time holds colons, and may be so far from UTC.
                let is_time = character.is_ascii_digit();
                while let Some(next) = characters.next_if(|next| is_of_word(*next) || is_time && [':', '+'].contains(next)) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
            other => return Err(FilterProblem::Invalid(format!("Syntax error: character '{other}' is not valid."))),
        }
    }
    Ok(tokens)
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '/' | '.' | '$' | '@' | '-')
}

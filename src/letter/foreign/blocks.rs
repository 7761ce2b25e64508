//! Conditions as other programs write them: `{{#name}}…{{/name}}`, `{{^name}}`, `*|IFNOT:NAME|*`, `{% unless name %}`. Several signs make one
//! of them, so what one sign would be here depends on the others.

use super::meaning::{field_named, meant, squeezed, stripped};
use crate::rows::List;

/// What a sign does with the text behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ForeignTag<'a> {
    /// Nothing: a value comes in its place.
    Value,
    /// It is shown where a field has a value.
    If(ForeignCondition<'a>),
    /// It is shown where a field has none.
    Unless(ForeignCondition<'a>),
    /// It is shown by another rule, such as a loop's or a comparison's; with what its end is called.
    Block(&'a str),
    Else,
    /// It is shown where the condition before does not hold and another does.
    ElseIf,
    End,
    /// The end of what was opened by this name: `{{/company}}`, `{% endfor %}`.
    EndOf(&'a str),
    /// A remark, or a text from elsewhere: `{{! remark }}`, `{{> footer}}`.
    Aside,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ForeignCondition<'a> {
    /// The field that is probably meant, as the list has it.
    pub(super) field: Option<String>,
    /// What its end is called.
    word: &'a str,
}

/// Words that begin a block of other rules, where something follows them.
const OTHER_BLOCKS: [&str; 7] = ["for", "foreach", "each", "with", "case", "while", "repeat"];
const ELSE_IFS: [&str; 5] = ["elseif", "elsif", "elif", "else if", "when"];

impl<'a> ForeignTag<'a> {
    /// What stands between the marks of another program.
    pub(super) fn read(inside: &'a str, list: &List) -> Self {
        let inside = stripped(inside).trim_end_matches(':').trim_end();
        let (sign, rest) = match inside.strip_prefix(['#', '^', '/', '!', '>']) {
            Some(rest) => (&inside[..1], rest.trim()),
            None => ("", inside),
        };
        match sign {
            "!" | ">" => Self::Aside,
            "^" if rest.is_empty() => Self::Else,
            "^" => Self::Unless(ForeignCondition { field: meant(list, rest), word: rest }),
            "/" if rest.is_empty() || rest.eq_ignore_ascii_case("if") => Self::End,
            "/" => Self::EndOf(rest),
            "#" => Self::block(rest, list).unwrap_or_else(|| Self::If(ForeignCondition { field: meant(list, rest), word: rest })),
            // `[If needed]` may be a column's name.
            _ => Self::block(rest, list).filter(|_| !field_named(list, rest)).unwrap_or(Self::Value),
        }
    }

    /// Sentences begin with *if* and *for*, too.
    pub(super) fn is_surely_of_block(&self) -> bool {
        match self {
            Self::Value | Self::Aside => false,
            Self::If(ForeignCondition { field, .. }) | Self::Unless(ForeignCondition { field, .. }) => field.is_some(),
            Self::Block(word) => *word == "foreach",
            Self::Else | Self::ElseIf | Self::End | Self::EndOf(_) => true,
        }
    }

    /// What is said by words instead of signs.
    fn block(text: &'a str, list: &List) -> Option<Self> {
        let behind = |word: &str| {
            let rest = text.get(word.len()..).filter(|_| text[..word.len()].eq_ignore_ascii_case(word))?;
            rest.strip_prefix([' ', ':', '(', '\t']).map(str::trim)
        };
        if let Some(end) = text.get(..3).filter(|start| start.eq_ignore_ascii_case("end")).map(|_| text[3..].trim_start_matches([' ', ':']))
        {
            let is_known = ["unless"].iter().chain(&OTHER_BLOCKS).any(|word| word.eq_ignore_ascii_case(end));
            return match end {
                "" => Some(Self::End),
                _ if end.eq_ignore_ascii_case("if") => Some(Self::End),
                _ => is_known.then_some(Self::EndOf(end)),
            };
        }
        if ELSE_IFS.iter().any(|word| behind(word).is_some()) {
            return Some(Self::ElseIf);
        }
        if text.eq_ignore_ascii_case("else") {
            return Some(Self::Else);
        }
        // A comparison has no equal here.
        let is_plain = |condition: &str| !condition.contains([' ', '=', '<', '!']);
        let condition = |condition: &str, word| ForeignCondition { field: meant(list, condition).filter(|_| is_plain(condition)), word };
        if let Some(field) = behind("if") {
            return Some(Self::If(condition(field, "if")));
        }
        if let Some(field) = behind("unless").or_else(|| behind("ifnot")) {
            return Some(Self::Unless(condition(field, "unless")));
        }
        let other = OTHER_BLOCKS.iter().find(|word| behind(word).is_some_and(|rest| !rest.is_empty()))?;
        Some(Self::Block(other))
    }
}

/// A block that is open.
struct OpenBlock<'a> {
    /// Places of its signs.
    signs: Vec<usize>,
    field: Option<String>,
    word: &'a str,
    /// One condition that holds or not: here there is no other block.
    has_equal: bool,
    /// What is shown where it does not hold has begun, in this page's way of saying it.
    is_otherwise: bool,
}

impl OpenBlock<'_> {
    fn ends_with(&self, word: &str, list: &List) -> bool {
        // A negation that was changed already has an *else* of ours.
        let is_negation = self.is_otherwise && word.eq_ignore_ascii_case("unless");
        is_negation || squeezed(self.word) == squeezed(word) || self.field.is_some() && self.field == meant(list, word)
    }
}

/// Whether each of these, in the order of the text, can be said here, as far as that depends on the others: not what belongs to a block
/// that has no equal, a negation that goes on with an *else* among them, and no end of what nobody opened by that name.
pub(super) fn have_equals(tags: &[ForeignTag<'_>], list: &List) -> Vec<bool> {
    let mut have = vec![true; tags.len()];
    let mut open: Vec<OpenBlock<'_>> = Vec::new();
    let close = |block: OpenBlock<'_>, have: &mut Vec<bool>| block.signs.into_iter().for_each(|place| have[place] = block.has_equal);
    for (place, tag) in tags.iter().enumerate() {
        let begun = |field: &Option<String>, word, is_otherwise| {
            let has_equal = field.is_some();
            OpenBlock { signs: vec![place], field: field.clone(), word, has_equal, is_otherwise }
        };
        match tag {
            ForeignTag::Value | ForeignTag::Aside => {}
            ForeignTag::If(ForeignCondition { field, word }) => open.push(begun(field, word, false)),
            ForeignTag::Unless(ForeignCondition { field, word }) => open.push(begun(field, word, true)),
            ForeignTag::Block(word) => open.push(begun(&None, word, false)),
            ForeignTag::Else | ForeignTag::ElseIf => {
                if let Some(block) = open.last_mut() {
                    block.signs.push(place);
                    block.has_equal &= *tag == ForeignTag::Else && !block.is_otherwise;
                    block.is_otherwise = true;
                }
            }
            ForeignTag::End | ForeignTag::EndOf(_) => {
                let is_its = |block: &mut OpenBlock<'_>| match tag {
                    ForeignTag::EndOf(word) => block.ends_with(word, list),
                    _ => true,
                };
                match open.pop_if(is_its) {
                    Some(mut block) => {
                        block.signs.push(place);
                        close(block, &mut have);
                    }
                    None => have[place] = *tag == ForeignTag::End,
                }
            }
        }
    }
    for block in open {
        close(block, &mut have);
    }
    have
}

#[cfg(test)]
mod tests {
    use super::super::super::editing::{faults, translated};
    use super::*;
    use crate::rows::Column;

    fn list() -> List {
        List::from_columns(["Email", "First name", "Company", "Case number"].map(Column::from_heading).into())
    }

    /// The text once every fix that is offered was taken.
    fn fixed(source: &str) -> String {
        let mut text = source.to_owned();
        while let Some(fix) = faults(&text, &list(), &[]).into_iter().find_map(|fault| fault.fix) {
            text.replace_range(fix.span, &fix.by);
        }
        text
    }

    #[test]
    fn a_condition_of_another_program_becomes_one_of_ours_however_it_is_written() {
        let friend = "{{#if firstName}}{{else}}friend{{/if}}";
        let both = "{{#if firstName}}{{firstName}}{{else}}friend{{/if}}";
        let check = |source: &str, expected: &str| assert_eq!(fixed(source), expected, "{source}");
        check(
            "Dear {{#firstName}}{{firstName}}{{/firstName}}{{^firstName}}friend{{/firstName}},",
            &format!("Dear {{{{#if firstName}}}}{{{{firstName}}}}{{{{/if}}}}{friend},"),
        );
        check("{{#first_name}}{{first_name}}{{^}}friend{{/first_name}}", both);
        check("{{#FNAME}}{{FNAME}}{{else}}friend{{/FNAME}}", both);
        check("{{# contact.firstName }}x{{/ contact.firstName }}", "{{#if firstName}}x{{/if}}");
        check("{{#unless firstName}}friend{{/unless}}", friend);
        check("{% unless first_name %}friend{% endunless %}", friend);
        check("*|IFNOT:FNAME|*friend*|END:IF|*", friend);
        check("*|IF:FNAME|**|FNAME|**|ELSE:|*friend*|END:IF|*", both);
        check("<<[Case number]>> [Case number]", "{{caseNumber}} {{caseNumber}}");
    }

    #[test]
    fn the_order_in_which_signs_of_a_condition_are_changed_does_not_matter() {
        let check = |source: &str, expected: &str| {
            let mut text = source.to_owned();
            while let Some(fix) = faults(&text, &list(), &[]).into_iter().rev().find_map(|fault| fault.fix) {
                text.replace_range(fix.span, &fix.by);
            }
            assert_eq!(text, expected, "{source}");
            assert_eq!(fixed(source), expected, "{source}");
        };
        check("{{#company}}x{{/company}}", "{{#if company}}x{{/if}}");
        check("{{^company}}x{{/company}}", "{{#if company}}{{else}}x{{/if}}");
        check("{{#if company}}a{{#firstName}}b{{/firstName}}{{/if}}", "{{#if company}}a{{#if firstName}}b{{/if}}{{/if}}");
    }

    #[test]
    fn what_has_no_equal_here_stays_as_a_whole_and_is_told() {
        for source in [
            "*|IFNOT:FNAME|*Hi*|ELSE:|*Dear*|END:IF|*",
            "{% unless company %}Hi{% else %}Dear{% endunless %}",
            "{% if plan == 'gold' %}Hi{% else %}Dear{% endif %}",
            "{% if company %}Hi{% elsif email %}Dear{% endif %}",
            "{% for guest in guests %}Hi{% endfor %}",
        ] {
            assert_eq!(translated(source, &list(), &[]), None, "{source}");
            assert!(faults(source, &list(), &[]).len() > 1, "{source}");
        }
        for source in ["{{! firstName }}", "{{> company}}", "{{#each company}}", "{{/company}}", "{{/firstName}}"] {
            let faults = faults(source, &list(), &[]);
            assert_eq!((faults.len(), faults[0].fix.clone()), (1, None), "{source}");
        }
        // What stands within it is changed all the same.
        let source = "{% if plan == 'x' %}*|FNAME|*{% if company %}y{% endif %}{% endif %}";
        let expected = "{% if plan == 'x' %}{{firstName}}{{#if company}}y{{/if}}{% endif %}";
        assert_eq!(translated(source, &list(), &[]).as_deref(), Some(expected));
    }
}

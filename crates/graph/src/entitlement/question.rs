//! What a policy asks whoever asks for access. <https://learn.microsoft.com/graph/api/resources/accesspackagequestion>

use super::members::{all, by_value, each, is_true, kind, number, text, typed};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A text in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalizedText {
    /// ISO 639, such as `de` or `de-DE`.
    pub language_code: String,
    /// In that language.
    pub text: String,
}

/// A question, with how it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub struct PolicyQuestion {
    /// Graph's; none before it is made.
    pub id: Option<String>,
    /// What is asked, where no language fits.
    pub text: String,
    /// The same in other languages.
    pub localizations: Vec<LocalizedText>,
    /// Whether nobody gets by without answering.
    pub is_required: bool,
    /// Whether whoever asked may change the answer later.
    pub is_answer_editable: bool,
    /// Where it stands among the others.
    pub sequence: i32,
    /// How it is answered.
    pub form: AnswerForm,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerForm {
    /// In one's own words.
    Text {
        /// On one line.
        is_single_line: bool,
        /// A regular expression that the answer has to fit.
        pattern: Option<String>,
    },
    /// By choosing.
    Choice {
        /// In their order.
        choices: Vec<AnswerChoice>,
        /// Whether several may be chosen.
        is_multiple: bool,
    },
    /// In a way that is not known here: the question as it came.
    Other(Value),
}

/// What can be chosen. <https://learn.microsoft.com/graph/api/resources/accesspackageanswerchoice>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerChoice {
    /// What is stored.
    pub value: String,
    /// What is shown, where no language fits; the value where there is none.
    pub text: Option<String>,
    /// The same in other languages.
    pub localizations: Vec<LocalizedText>,
}

impl LocalizedText {
    fn read(value: &Value) -> Self {
        Self { language_code: text(value, "languageCode").unwrap_or_default(), text: text(value, "text").unwrap_or_default() }
    }

    fn write(&self) -> Value {
        json!({"languageCode": self.language_code, "text": self.text})
    }
}

impl AnswerChoice {
    fn read(value: &Value) -> Self {
        let localizations = each(value, "localizations", LocalizedText::read);
        Self { value: text(value, "actualValue").unwrap_or_default(), text: text(value, "text"), localizations }
    }

    fn write(&self) -> Value {
        json!({"actualValue": self.value, "text": self.text, "localizations": all(&self.localizations, LocalizedText::write)})
    }
}

impl PolicyQuestion {
    pub(super) fn read(value: &Value) -> Self {
        let form = match kind(value) {
            "accessPackageTextInputQuestion" => {
                AnswerForm::Text { is_single_line: is_true(value, "isSingleLineQuestion"), pattern: text(value, "regexPattern") }
            }
            "accessPackageMultipleChoiceQuestion" => AnswerForm::Choice {
                choices: each(value, "choices", AnswerChoice::read),
                is_multiple: is_true(value, "isMultipleSelectionAllowed"),
            },
            _ => AnswerForm::Other(value.clone()),
        };
        Self {
            id: text(value, "id"),
            text: text(value, "text").unwrap_or_default(),
            localizations: each(value, "localizations", LocalizedText::read),
            is_required: is_true(value, "isRequired"),
            is_answer_editable: is_true(value, "isAnswerEditable"),
            sequence: number(value, "sequence"),
            form,
        }
    }

    pub(super) fn write(&self) -> Value {
        let (kind, own) = match &self.form {
            AnswerForm::Text { is_single_line, pattern } => (
                "accessPackageTextInputQuestion",
                [("isSingleLineQuestion", (*is_single_line).into()), ("regexPattern", pattern.clone().into())],
            ),
            AnswerForm::Choice { choices, is_multiple } => (
                "accessPackageMultipleChoiceQuestion",
                [("isMultipleSelectionAllowed", (*is_multiple).into()), ("choices", all(choices, AnswerChoice::write))],
            ),
            AnswerForm::Other(value) => return value.clone(),
        };
        let common = [
            ("id", self.id.clone().into()),
            ("text", self.text.clone().into()),
            ("localizations", all(&self.localizations, LocalizedText::write)),
            ("isRequired", self.is_required.into()),
            ("isAnswerEditable", self.is_answer_editable.into()),
            ("sequence", self.sequence.into()),
        ];
        typed(kind, common.into_iter().chain(own))
    }
}

by_value!(PolicyQuestion);

/// What somebody answered. <https://learn.microsoft.com/graph/api/resources/accesspackageanswerstring>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub struct QuestionAnswer {
    /// The question's id.
    pub question: String,
    /// The name of the question's type, `accessPackageTextInputQuestion` or `accessPackageMultipleChoiceQuestion`: Graph wants it with the id.
    pub question_type: String,
    /// What the question was, where the answer comes with it.
    pub question_text: Option<String>,
    /// What is stored.
    pub value: String,
    /// What is shown of it.
    pub display_value: Option<String>,
}

impl QuestionAnswer {
    /// To this question, which Graph has made.
    pub fn to(question: &PolicyQuestion, value: impl Into<String>) -> Self {
        let asked = question.write();
        Self {
            question: question.id.clone().unwrap_or_default(),
            question_type: kind(&asked).into(),
            question_text: Some(question.text.clone()),
            value: value.into(),
            display_value: None,
        }
    }

    pub(super) fn read(value: &Value) -> Self {
        let question = &value["answeredQuestion"];
        Self {
            question: text(question, "id").unwrap_or_default(),
            question_type: kind(question).into(),
            question_text: text(question, "text"),
            value: text(value, "value").unwrap_or_default(),
            display_value: text(value, "displayValue"),
        }
    }

    pub(super) fn write(&self) -> Value {
        let question = typed(&self.question_type, [("id", self.question.clone().into())]);
        let members =
            [("value", self.value.clone().into()), ("displayValue", self.display_value.clone().into()), ("answeredQuestion", question)];
        typed("accessPackageAnswerString", members)
    }
}

by_value!(QuestionAnswer);

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> PolicyQuestion {
        PolicyQuestion {
            id: None,
            text: "Which project?".into(),
            localizations: vec![LocalizedText { language_code: "de".into(), text: "Welches Projekt?".into() }],
            is_required: true,
            is_answer_editable: false,
            sequence: 1,
            form: AnswerForm::Text { is_single_line: true, pattern: Some("^P-[0-9]+$".into()) },
        }
    }

    #[test]
    fn a_question_is_written_as_it_is_read_with_all_its_languages() {
        let text = json!({"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "text": "Which project?",
            "localizations": [{"languageCode": "de", "text": "Welches Projekt?"}], "isRequired": true, "isAnswerEditable": false,
            "sequence": 1, "isSingleLineQuestion": true, "regexPattern": "^P-[0-9]+$"});
        assert_eq!((asked().write(), PolicyQuestion::read(&text)), (text, asked()));
        let choices = vec![AnswerChoice {
            value: "EU".into(),
            text: Some("Europe".into()),
            localizations: vec![LocalizedText { language_code: "de".into(), text: "Europa".into() }],
        }];
        let choice = PolicyQuestion { id: Some("q".into()), form: AnswerForm::Choice { choices, is_multiple: true }, ..asked() };
        assert_eq!(PolicyQuestion::read(&choice.write()), choice);
        let of_new_kind = json!({"@odata.type": "#microsoft.graph.accessPackageDateQuestion", "id": "q", "text": "When?", "x": 1});
        let read = PolicyQuestion::read(&of_new_kind);
        assert_eq!((read.text.as_str(), read.write()), ("When?", of_new_kind));
    }

    #[test]
    fn an_answer_names_its_question_by_id_and_type() {
        let question = PolicyQuestion { id: Some("q".into()), ..asked() };
        let answer = QuestionAnswer::to(&question, "P-7");
        let written = json!({"@odata.type": "#microsoft.graph.accessPackageAnswerString", "value": "P-7",
            "answeredQuestion": {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": "q"}});
        assert_eq!(answer.write(), written);
        assert_eq!(QuestionAnswer::read(&written), QuestionAnswer { question_text: None, ..answer });
    }
}

//! What partners are told of a package, in nine languages: a page to print or send, and a letter with the link. Entra tells nobody of a
//! package. The code that leads to the link comes from whoever makes it: the page's own program has none.

use super::{Kit, KitEnd, KitExtension, KitStage};
use crate::letter::Variant;
use crate::letter::html::escape;
use crate::letter::template_library::LetterTexts;

/// Whose package it is, and where it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageOffer<'a> {
    pub kit: &'a Kit,
    /// The organization's name.
    pub tenant: &'a str,
    /// [`crate::entitlement::link::of_package`]
    pub link: &'a str,
}

/// The sentences, by their place in [`WORDINGS`].
#[derive(Clone, Copy)]
enum PageSentence {
    Title,
    Offer,
    Open,
    SignIn,
    Ask,
    Answer,
    AtOnce,
    DecidedInDay,
    DecidedInDays,
    EndsAfterDay,
    EndsAfterDays,
    EndsOn,
    Extend,
}

/// How many sentences there are.
const SENTENCES: usize = PageSentence::Extend as usize + 1;

/// BCP 47 tag and sentences; the first is for everybody else. Where a number stands, one sentence is for one day and one for several: that is
/// enough for days in these languages (Unicode CLDR).
#[rustfmt::skip]
const WORDINGS: [(&str, [&str; SENTENCES]); 9] = [
    ("en", ["{package} at {tenant}", "People of your organization can ask {tenant} for access to “{package}”.", "Open this link, whole as it is:", "Sign in with your work account. If your organization has none, Microsoft sends you a code by mail.", "Ask for access.", "Ask for access, and answer what you are asked.", "Nobody has to decide: access begins within minutes, and you are told by mail.", "{tenant} decides within one day. You are told by mail.", "{tenant} decides within {days} days. You are told by mail.", "Access lasts one day.", "Access lasts {days} days.", "Access ends on {date}.", "Before that you can ask for more time in the same place."]),
    ("de", ["{package} bei {tenant}", "Personen Ihrer Organisation können bei {tenant} Zugriff auf „{package}“ anfordern.", "Öffnen Sie diesen Link vollständig, so wie er ist:", "Melden Sie sich mit Ihrem Geschäftskonto an. Hat Ihre Organisation keines, schickt Microsoft Ihnen einen Code per E-Mail.", "Fordern Sie den Zugriff an.", "Fordern Sie den Zugriff an und beantworten Sie die Fragen.", "Niemand muss zustimmen: Der Zugriff beginnt nach wenigen Minuten, und Sie erhalten eine E-Mail.", "{tenant} entscheidet innerhalb eines Tages. Sie erhalten eine E-Mail.", "{tenant} entscheidet innerhalb von {days} Tagen. Sie erhalten eine E-Mail.", "Der Zugriff gilt einen Tag.", "Der Zugriff gilt {days} Tage.", "Der Zugriff endet am {date}.", "Vorher können Sie an derselben Stelle eine Verlängerung anfordern."]),
    ("es", ["{package} en {tenant}", "Las personas de su organización pueden solicitar a {tenant} acceso a «{package}».", "Abra este enlace completo, tal como está:", "Inicie sesión con su cuenta de trabajo. Si su organización no tiene ninguna, Microsoft le enviará un código por correo.", "Solicite el acceso.", "Solicite el acceso y responda a las preguntas.", "Nadie tiene que aprobarlo: el acceso comienza en unos minutos y se le avisará por correo.", "{tenant} decide en el plazo de un día. Se le avisará por correo.", "{tenant} decide en un plazo de {days} días. Se le avisará por correo.", "El acceso dura un día.", "El acceso dura {days} días.", "El acceso termina el {date}.", "Antes puede solicitar más tiempo en el mismo lugar."]),
    ("fr", ["{package} chez {tenant}", "Les personnes de votre organisation peuvent demander à {tenant} l’accès à « {package} ».", "Ouvrez ce lien en entier, tel quel :", "Connectez-vous avec votre compte professionnel. Si votre organisation n’en a pas, Microsoft vous envoie un code par e-mail.", "Demandez l’accès.", "Demandez l’accès et répondez aux questions.", "Personne ne doit approuver : l’accès commence en quelques minutes et un e-mail vous en informe.", "{tenant} décide en un jour. Un e-mail vous en informe.", "{tenant} décide en {days} jours au plus. Un e-mail vous en informe.", "L’accès dure un jour.", "L’accès dure {days} jours.", "L’accès prend fin le {date}.", "Avant cette date, vous pouvez demander une prolongation au même endroit."]),
    ("it", ["{package} presso {tenant}", "Le persone della Sua organizzazione possono chiedere a {tenant} l’accesso a «{package}».", "Apra questo link per intero, così com’è:", "Acceda con il Suo account aziendale. Se la Sua organizzazione non ne ha, Microsoft Le invia un codice via e-mail.", "Richieda l’accesso.", "Richieda l’accesso e risponda alle domande.", "Nessuno deve approvare: l’accesso inizia entro pochi minuti e riceverà un’e-mail.", "{tenant} decide entro un giorno. Riceverà un’e-mail.", "{tenant} decide entro {days} giorni. Riceverà un’e-mail.", "L’accesso dura un giorno.", "L’accesso dura {days} giorni.", "L’accesso termina il {date}.", "Prima di allora può chiedere più tempo nello stesso posto."]),
    ("ja", ["{tenant} の {package}", "お客様の組織の方は、{tenant} に「{package}」へのアクセスを申請できます。", "次のリンクを省略せず、そのまま開いてください:", "職場のアカウントでサインインしてください。組織にアカウントがない場合は、Microsoft からメールでコードが届きます。", "アクセスを申請してください。", "アクセスを申請し、質問に答えてください。", "承認は必要ありません。数分後にアクセスできるようになり、メールで通知されます。", "{tenant} が 1 日以内に決定し、メールで通知されます。", "{tenant} が {days} 日以内に決定し、メールで通知されます。", "アクセスの期間は 1 日です。", "アクセスの期間は {days} 日です。", "アクセスは {date} に終了します。", "終了前であれば、同じ場所で延長を申請できます。"]),
    ("nl", ["{package} bij {tenant}", "Mensen van uw organisatie kunnen bij {tenant} toegang tot ‘{package}’ aanvragen.", "Open deze link in zijn geheel, precies zoals hij is:", "Meld u aan met uw werkaccount. Heeft uw organisatie er geen, dan stuurt Microsoft u een code per e-mail.", "Vraag toegang aan.", "Vraag toegang aan en beantwoord de vragen.", "Niemand hoeft akkoord te geven: de toegang begint binnen enkele minuten en u krijgt een e-mail.", "{tenant} beslist binnen een dag. U krijgt een e-mail.", "{tenant} beslist binnen {days} dagen. U krijgt een e-mail.", "De toegang duurt een dag.", "De toegang duurt {days} dagen.", "De toegang eindigt op {date}.", "Daarvoor kunt u op dezelfde plek om meer tijd vragen."]),
    ("pl", ["{package} w {tenant}", "Osoby z Państwa organizacji mogą poprosić {tenant} o dostęp do „{package}”.", "Proszę otworzyć ten link w całości, bez zmian:", "Proszę zalogować się kontem służbowym. Jeśli Państwa organizacja go nie ma, Microsoft wyśle kod pocztą elektroniczną.", "Proszę poprosić o dostęp.", "Proszę poprosić o dostęp i odpowiedzieć na pytania.", "Niczyja zgoda nie jest potrzebna: dostęp zaczyna się w ciągu kilku minut, o czym powiadomi wiadomość e-mail.", "{tenant} zdecyduje w ciągu jednego dnia, o czym powiadomi wiadomość e-mail.", "{tenant} zdecyduje w ciągu {days} dni, o czym powiadomi wiadomość e-mail.", "Dostęp trwa jeden dzień.", "Dostęp trwa {days} dni.", "Dostęp kończy się {date}.", "Wcześniej można w tym samym miejscu poprosić o przedłużenie."]),
    ("pt", ["{package} em {tenant}", "As pessoas da sua organização podem solicitar a {tenant} acesso a “{package}”.", "Abra este link completo, tal como está:", "Entre com a sua conta corporativa. Se a sua organização não tiver uma, a Microsoft envia um código por e-mail.", "Solicite o acesso.", "Solicite o acesso e responda às perguntas.", "Ninguém precisa aprovar: o acesso começa em poucos minutos e um e-mail avisa.", "{tenant} decide em um dia. Um e-mail avisa.", "{tenant} decide em até {days} dias. Um e-mail avisa.", "O acesso dura um dia.", "O acesso dura {days} dias.", "O acesso termina em {date}.", "Antes disso, é possível solicitar mais tempo no mesmo lugar."]),
];

/// What one language tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerPage {
    pub language: &'static str,
    pub title: String,
    pub offer: String,
    /// What stands before the link.
    pub open: &'static str,
    /// What comes after it, one after the other.
    pub steps: Vec<String>,
}

/// The page in each language; the first is for everybody else.
pub fn in_each_language(offer: PackageOffer<'_>) -> Vec<PartnerPage> {
    WORDINGS.iter().map(|(language, sentences)| in_language(offer, language, sentences)).collect()
}

fn in_language(offer: PackageOffer<'_>, language: &'static str, sentences: &'static [&'static str; SENTENCES]) -> PartnerPage {
    let kit = offer.kit;
    let say = |sentence: PageSentence, days: u32, date: &str| {
        let filled = sentences[sentence as usize].replace("{days}", &days.to_string()).replace("{date}", date);
        filled.replace("{tenant}", offer.tenant).replace("{package}", &kit.name)
    };
    let plain = |sentence: PageSentence| say(sentence, 0, "");
    let counted = |one: PageSentence, many: PageSentence, days: u32| say(if days == 1 { one } else { many }, days, "");
    let is_asked = kit.asks_reason || !kit.questions.is_empty();
    let decided = kit.stages.iter().map(|stage: &KitStage| stage.decided_within).sum();
    let mut steps = vec![plain(PageSentence::SignIn), plain(if is_asked { PageSentence::Answer } else { PageSentence::Ask })];
    steps.push(match &*kit.stages {
        [] => plain(PageSentence::AtOnce),
        _ => counted(PageSentence::DecidedInDay, PageSentence::DecidedInDays, decided),
    });
    let end = match &kit.term.end {
        KitEnd::Never => None,
        KitEnd::After(days) => Some(counted(PageSentence::EndsAfterDay, PageSentence::EndsAfterDays, *days)),
        KitEnd::On(date) => Some(say(PageSentence::EndsOn, 0, date.get(..10).unwrap_or(date))),
    };
    let can_extend = end.is_some() && kit.term.extension != KitExtension::No;
    steps.extend(end);
    steps.extend(can_extend.then(|| plain(PageSentence::Extend)));
    PartnerPage {
        language,
        title: plain(PageSentence::Title),
        offer: plain(PageSentence::Offer),
        open: sentences[PageSentence::Open as usize],
        steps,
    }
}

/// A letter with the link, in each language.
pub fn letter(offer: PackageOffer<'_>) -> LetterTexts {
    let text = |page: PartnerPage| {
        let description = if offer.kit.description.is_empty() { String::new() } else { format!("{}\n\n", offer.kit.description) };
        let message = format!("{}\n\n{description}{}\n{}\n\n{}", page.offer, page.open, offer.link, page.steps.join("\n"));
        Variant { language: page.language.into(), subject: page.title, message }
    };
    let mut all: Vec<Variant> = in_each_language(offer).into_iter().map(text).collect();
    let first = all.remove(0);
    LetterTexts { subject: first.subject, message: first.message, language: "en-US".into(), variants: all }
}

const STYLE: &str = "body{font-family:'Segoe UI',system-ui,sans-serif;margin:12mm auto;max-width:170mm;padding:0 4mm;color:#242424;background:#fff;\
line-height:1.4}section{break-inside:avoid;margin-bottom:8mm}h1{font-size:18pt}h2{font-size:14pt}svg{width:45mm;height:45mm;display:block}\
.link{overflow-wrap:anywhere}@media print{body{margin:0}}";

/// A page of its own, without scripts, in these languages of [`in_each_language`]. `code` is the link as a picture (SVG), if there is one.
pub fn html(offer: PackageOffer<'_>, pages: &[PartnerPage], code: &str) -> String {
    let (language, title) = pages.first().map_or(("en", offer.kit.name.as_str()), |page| (page.language, page.title.as_str()));
    let link = escape(offer.link);
    let mut whole = format!(
        "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"referrer\" content=\"no-referrer\"><title>{0}</title><style>{STYLE}</style></head><body><h1>{0}</h1>\n<p>{1}</p>\n\
         {code}<p class=\"link\"><a href=\"{link}\">{link}</a></p>\n",
        escape(title),
        escape(&offer.kit.description)
    );
    for page in pages {
        let steps: String = page.steps.iter().map(|step| format!("<li>{}</li>", escape(step))).collect();
        whole.push_str(&format!(
            "<section lang=\"{}\"><h2>{}</h2><p>{}</p><ol><li>{} <a href=\"{link}\">{link}</a></li>{steps}</ol></section>\n",
            page.language,
            escape(&page.title),
            escape(&page.offer),
            escape(page.open)
        ));
    }
    whole.push_str("</body></html>\n");
    whole
}

#[cfg(test)]
mod tests {
    use super::super::tests::kit;
    use super::*;
    use crate::entitlement::kit::{KitStages, KitTerm};
    use crate::letter::builtin_template;

    const LINK: &str = "https://myaccess.microsoft.com/@contoso.example#/access-packages/k";

    fn english(kit: &Kit) -> PartnerPage {
        in_each_language(PackageOffer { kit, tenant: "Contoso", link: LINK }).remove(0)
    }

    #[test]
    fn each_language_says_the_same_as_english() {
        let languages: Vec<&str> = WORDINGS.iter().map(|(language, _)| *language).collect();
        assert_eq!(languages, builtin_template::each().map(|text| text.language).collect::<Vec<_>>());
        let holds = |text: &str| ["{package}", "{tenant}", "{days}", "{date}"].map(|name| text.contains(name));
        for (language, sentences) in WORDINGS {
            for (sentence, english) in sentences.iter().zip(WORDINGS[0].1) {
                assert_eq!(holds(sentence), holds(english), "{language}: {sentence}");
                assert!(
                    language == "en" || *sentence != english || !sentence.contains(' ') || sentence.starts_with('{'),
                    "{language}: {sentence}"
                );
            }
        }
    }

    #[test]
    fn partners_are_told_what_to_do_who_decides_and_when_it_ends() {
        let page = english(&kit());
        assert_eq!((page.title.as_str(), page.steps.len()), ("Project at Contoso", 5));
        assert_eq!(page.offer, "People of your organization can ask Contoso for access to “Project”.");
        assert_eq!(page.steps[1], "Ask for access, and answer what you are asked.");
        assert_eq!(page.steps[2..4], ["Contoso decides within 14 days. You are told by mail.", "Access lasts 90 days."]);
        let mut open = Kit { asks_reason: false, stages: KitStages::default(), questions: vec![], ..kit() };
        open.term = KitTerm { end: KitEnd::Never, extension: KitExtension::WithApproval, review: None };
        let page = english(&open);
        assert_eq!(page.steps[1..], ["Ask for access.", "Nobody has to decide: access begins within minutes, and you are told by mail."]);
        let mut short = kit();
        short.stages[0].decided_within = 1;
        short.term = KitTerm { end: KitEnd::On("2027-06-30T00:00:00Z".into()), extension: KitExtension::No, review: None };
        assert_eq!(english(&short).steps[2..], ["Contoso decides within one day. You are told by mail.", "Access ends on 2027-06-30."]);
    }

    #[test]
    fn the_page_and_the_letter_hold_the_whole_link_in_every_language_and_no_markup_of_others() {
        let kit = Kit { name: "<b>Tom & Co</b>".into(), ..kit() };
        let offer = PackageOffer { kit: &kit, tenant: "Contoso", link: LINK };
        let pages = in_each_language(offer);
        let whole = html(offer, &pages, "<svg></svg>");
        assert_eq!(whole.matches(&format!("href=\"{LINK}\"")).count(), 1 + pages.len());
        assert!(
            !whole.contains("<b>")
                && whole.contains("&lt;b&gt;Tom &amp; Co")
                && whole.contains("<svg></svg>")
                && !whole.contains("<script")
        );
        assert!(html(offer, &pages[1..2], "").starts_with("<!doctype html>\n<html lang=\"de\">"));
        let letter = letter(offer);
        assert!(letter.message.contains(LINK) && letter.message.contains(&kit.description) && letter.variants.len() == 8);
        assert!(letter.variants.iter().all(|variant| variant.message.contains(LINK) && !variant.subject.is_empty()));
    }
}

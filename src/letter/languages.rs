//! Languages of Microsoft's own text. Graph publishes no list; these are the display languages of the Entra portal.
//! entra-docs, "Manage portal settings and preferences".

/// BCP 47 tag and the language's own name.
pub const PORTAL: [(&str, &str); 19] = [
    ("en-US", "English"),
    ("de-DE", "Deutsch"),
    ("es-ES", "Español"),
    ("fr-FR", "Français"),
    ("it-IT", "Italiano"),
    ("ja-JP", "日本語"),
    ("id-ID", "Bahasa Indonesia"),
    ("ko-KR", "한국어"),
    ("pt-BR", "Português (Brasil)"),
    ("ru-RU", "Русский"),
    ("zh-Hans", "中文(简体)"),
    ("zh-Hant", "中文(繁體)"),
    ("cs-CZ", "Čeština"),
    ("nl-NL", "Nederlands"),
    ("hu-HU", "Magyar"),
    ("pt-PT", "Português (Portugal)"),
    ("pl-PL", "Polski"),
    ("sv-SE", "Svenska"),
    ("tr-TR", "Türkçe"),
];

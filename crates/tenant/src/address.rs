//! What an address of a mailbox is, for whoever is invited or written to.

/// Whether this is one: RFC 5321, 4.1.2, without quoted names and literals of hosts; letters may be any (RFC 6531, 3.3). No domain ends
/// in a label of digits alone, as numbers of hosts do (RFC 3696, 2).
pub(super) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(|one| one.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(one));
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|one| one.is_alphanumeric() || one == '-')
    };
    let is_number = domain.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    local.split('.').all(is_atom) && domain.split('.').all(is_label) && !is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_at_and_no_empty_part() {
        for address in ["ada@x.example", "a.b+c@x-y.sub.example", "o'neil@x.example", "jörg@münchen.example", "a@x"] {
            assert!(is_address(address), "{address}");
        }
        for text in ["", "ada", "@x.example", "ada@", "a@b@x.example", "a b@x.example", "Ada <ada@x.example>"] {
            assert!(!is_address(text), "{text}");
        }
        for text in ["ada@127.0.0.1", "ada@fabrikam.123", "ada@1"] {
            assert!(!is_address(text), "{text}");
        }
        assert!(is_address("ada@127.example") && is_address("ada@x.a1"));
        for text in ["a..b@x.example", ".a@x.example", "a.@x.example"] {
            assert!(!is_address(text), "{text}");
        }
        for text in ["a@x..example", "a@.com", "a@x.example.", "a@-x.example", "a@x_y.example", "a@x .example"] {
            assert!(!is_address(text), "{text}");
        }
    }
}

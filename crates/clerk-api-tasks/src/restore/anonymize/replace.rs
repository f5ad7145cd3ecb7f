//! Other texts for texts: the same one always gives the same, and without the key nobody can tell which was there.

use std::fmt::Write as _;

use clerk_api_admin::problem::{Outcome, Problem};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::audit::disposable;

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 5] = b"aeiou";
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Characters of an id behind its prefix.
const ID: usize = 27;

/// The key, and what is made with it.
pub(super) struct Replacer(Hmac<Sha256>);

/// Bytes that follow from a text, as many as are taken.
struct Draws {
    mac: Hmac<Sha256>,
    block: Vec<u8>,
    blocks: u64,
}

impl Iterator for Draws {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.block.is_empty() {
            let mut mac = self.mac.clone();
            mac.update(&self.blocks.to_be_bytes());
            self.blocks += 1;
            self.block = mac.finalize().into_bytes().to_vec();
        }
        self.block.pop()
    }
}

impl Draws {
    fn below(&mut self, most: u64) -> u64 {
        let wide = self.by_ref().take(8);
        wide.fold(0, |sum: u64, byte| sum << 8 | u64::from(byte)) % most
    }

    fn pick(&mut self, letters: &[u8]) -> char {
        let at = usize::try_from(self.below(letters.len() as u64)).unwrap_or(0);
        char::from(letters[at])
    }

    /// A word that can be spoken.
    fn word(&mut self, syllables: usize) -> String {
        let mut word = String::new();
        for _ in 0..syllables {
            word.push(self.pick(CONSONANTS));
            word.push(self.pick(VOWELS));
        }
        word
    }

    fn hex(&mut self, digits: usize) -> String {
        (0..digits)
            .map(|_| self.pick(b"0123456789abcdef"))
            .collect()
    }
}

impl Replacer {
    pub(super) fn new() -> Outcome<Self> {
        let unable = |error: &dyn std::fmt::Display| {
            Problem::io("the system gives no random numbers", &error)
        };
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| unable(&error))?;
        let mac = Hmac::new_from_slice(&key).map_err(|error| unable(&error))?;
        Ok(Self(mac))
    }

    /// What follows from a text of a sort.
    fn draws(&self, sort: &str, text: &str) -> Draws {
        let mut mac = self.0.clone();
        mac.update(sort.as_bytes());
        mac.update(&[0]);
        // So that no other text and counter can be the same bytes.
        mac.update(&(text.len() as u64).to_be_bytes());
        mac.update(text.as_bytes());
        Draws {
            mac,
            block: Vec::new(),
            blocks: 0,
        }
    }

    /// An id of the same kind.
    pub(super) fn id(&self, id: &str) -> String {
        let prefix = id.rfind('_').map_or("", |at| &id[..=at]);
        let mut draws = self.draws("id", id);
        let rest = (0..ID).map(|_| draws.pick(BASE62));
        prefix.chars().chain(rest).collect()
    }

    /// An address whose normalized form and domain are equal to those of another one exactly if they were before.
    pub(super) fn email(&self, address: &str) -> String {
        let address = address.to_lowercase();
        let Some((local, domain)) = address.rsplit_once('@') else {
            return self.text(&address);
        };
        let (name, tag) = match local.split_once('+') {
            Some((name, tag)) => (name, Some(tag)),
            None => (local, None),
        };
        let folded: String = name.chars().filter(|c| *c != '.').collect();
        let mut mailbox = self.draws("mailbox", &format!("{folded}@{domain}"));
        let (first, last, digits) = (mailbox.word(2), mailbox.word(3), mailbox.hex(12));
        let mut other = first;
        if folded.len() == name.len() {
            other = other + &last + &digits;
        } else {
            // Where the dots are tells spellings of one mailbox apart, and nothing else.
            let mut dots = self.draws("dots", &format!("{name}@{domain}"));
            other.push('.');
            other.push_str(&last);
            for digit in digits.chars() {
                if dots.below(4) == 0 {
                    other.push('.');
                }
                other.push(digit);
            }
        }
        if let Some(tag) = tag {
            let _ = write!(other, "+{}", self.draws("tag", tag).hex(8));
        }
        format!("{other}@{}", self.domain(domain))
    }

    /// A domain that nobody can own. One of a disposable mailbox stays, since it says nothing about anybody; subdomains of
    /// one domain stay that.
    pub(super) fn domain(&self, domain: &str) -> String {
        let domain = domain.to_lowercase();
        if disposable::DOMAINS.contains(&domain.as_str()) {
            return domain;
        }
        let starts = domain.match_indices('.').map(|(at, _)| at + 1);
        let mut tails: Vec<&str> = [0]
            .into_iter()
            .chain(starts)
            .map(|at| &domain[at..])
            .collect();
        if tails.len() > 1 {
            // The last one, such as `com`.
            tails.pop();
        }
        let mut other = String::new();
        for tail in tails {
            let mut draws = self.draws("domain", tail);
            let _ = write!(other, "{}{}.", draws.word(3), draws.hex(6));
        }
        other + "example"
    }

    /// A number of a country that there is not.
    pub(super) fn phone(&self, number: &str) -> String {
        let digits = self.draws("phone", number).below(1_000_000_000_000);
        format!("+999{digits:012}")
    }

    pub(super) fn wallet(&self, wallet: &str) -> String {
        let wallet = wallet.to_lowercase();
        format!("0x{}", self.draws("wallet", &wallet).hex(40))
    }

    pub(super) fn username(&self, name: &str) -> String {
        let mut draws = self.draws("username", &name.to_lowercase());
        format!("{}_{}", draws.word(3), draws.hex(12))
    }

    pub(super) fn external(&self, id: &str) -> String {
        format!("ext_{}", self.draws("external", id).hex(20))
    }

    /// A name of a person; no name stays none.
    pub(super) fn name(&self, name: &str) -> String {
        let known = name.trim().to_lowercase();
        if known.is_empty() {
            return name.to_owned();
        }
        capital(&self.draws("name", &known).word(3))
    }

    /// A name of an organization.
    pub(super) fn title(&self, name: &str) -> String {
        let known = name.trim().to_lowercase();
        if known.is_empty() {
            return name.to_owned();
        }
        let mut draws = self.draws("title", &known);
        format!("{} {}", capital(&draws.word(3)), capital(&draws.word(2)))
    }

    pub(super) fn slug(&self, slug: &str) -> String {
        let mut draws = self.draws("slug", slug);
        format!("{}-{}", draws.word(3), draws.hex(8))
    }

    /// A text of the same length and shape: a letter for a letter, a digit for a digit, and other ASCII as it was.
    pub(super) fn text(&self, text: &str) -> String {
        let mut draws = self.draws("text", text);
        let other = text.chars().map(|c| match c {
            'a'..='z' => draws.pick(b"abcdefghijklmnopqrstuvwxyz"),
            'A'..='Z' => draws.pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            '0'..='9' => draws.pick(b"0123456789"),
            c if c.is_ascii() => c,
            c => other_of_size(c.len_utf8(), draws.below(64)),
        });
        other.collect()
    }

    /// Other digits in a number, which stays as long and as far from zero.
    pub(super) fn digits(&self, number: &str) -> String {
        let mut draws = self.draws("digits", number);
        let mut before = '-';
        let other = number.chars().map(|c| {
            let first = !before.is_ascii_digit() && before != '.';
            before = c;
            match c {
                '0' if first => '0',
                '1'..='9' if first => draws.pick(b"123456789"),
                '0'..='9' => draws.pick(b"0123456789"),
                c => c,
            }
        });
        other.collect()
    }
}

/// A letter or sign that takes so many bytes.
fn other_of_size(bytes: usize, number: u64) -> char {
    let number = u32::try_from(number).unwrap_or(0);
    let first = match bytes {
        2 => 0x00E0 + number % 16,
        3 => 0x4E00 + number,
        _ => 0x1F600 + number,
    };
    char::from_u32(first).unwrap_or('?')
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::address::{domain, normalized};

    #[test]
    fn spellings_of_one_mailbox_stay_that_and_others_stay_others() {
        let with = Replacer::new().unwrap();
        let other = |address: &str| with.email(address);
        let same = [
            "ada.lovelace@acme.com",
            "adalovelace@acme.com",
            "adalovelace+x@acme.com",
        ];
        let others: Vec<String> = same.iter().map(|address| other(address)).collect();
        assert_eq!(normalized(&others[0]), normalized(&others[1]));
        assert_eq!(normalized(&others[0]), normalized(&others[2]));
        assert!(others[0] != others[1] && others[1] != others[2]);
        assert_ne!(normalized(&other("ada@acme.com")), normalized(&others[0]));
        assert_eq!(domain(&other("grace@acme.com")), domain(&others[0]));
        assert_ne!(domain(&other("ada@acme.de")), domain(&others[0]));
        assert_eq!(other("ADA@Acme.com"), other("ada@acme.com"));
        assert!(other("x@mail.acme.com").ends_with(&with.domain("acme.com")));
        assert!(other("x@mailinator.com").ends_with("@mailinator.com"));
    }

    #[test]
    fn another_key_gives_other_texts() {
        let (one, two) = (Replacer::new().unwrap(), Replacer::new().unwrap());
        for make in [
            Replacer::email,
            Replacer::phone,
            Replacer::id,
            Replacer::name,
            Replacer::text,
        ] {
            let text = "somebody@example.com";
            assert_ne!(make(&one, text), make(&two, text));
            assert_ne!(make(&one, text), text);
        }
        assert_eq!(one.name(""), "");
        let id = one.id("user_2abcdefghijklmnopqrstuvwxyz");
        assert!(id.starts_with("user_") && id.len() == 32, "{id}");
    }
}

//! Codes of authenticator apps: RFC 6238 with HMAC-SHA-1, steps of 30 seconds and six digits, the only kind
//! that the API takes.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

const STEP_MILLIS: i64 = 30_000;
pub(crate) const DIGITS: usize = 6;

/// Returns whether a code belongs to a base32 secret now, or did one step ago, or will in the next one.
pub(crate) fn verify(secret: &str, code: &str, now: i64) -> bool {
    let Some(key) = decode(secret) else {
        return false;
    };
    let step = now.div_euclid(STEP_MILLIS);
    (step - 1..=step + 1).any(|step| self::code(&key, step) == code)
}

fn code(key: &[u8], step: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let start = usize::from(hash[19] & 0xF);
    let number = hash[start..start + 4]
        .iter()
        .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("{:06}", (number & 0x7FFF_FFFF) % 1_000_000)
}

/// Reads base32 without regard to case and padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut held, mut bits) = (0_u32, 0);
    for digit in text.trim_end_matches('=').bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a',
            b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        held = (held << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the standard's own examples, `12345678901234567890`.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: the last six of its eight digits.
        let examples = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (second, code) in examples {
            assert!(verify(SECRET, code, second * 1000), "{second}");
            assert!(verify(&SECRET.to_lowercase(), code, second * 1000));
        }
    }

    #[test]
    fn a_code_holds_from_one_step_early_to_one_step_late() {
        let at = |second: i64| verify(SECRET, "287082", second * 1000);
        assert_eq!(
            [-1, 0, 30, 59, 60, 89, 90].map(at),
            [false, true, true, true, true, true, false]
        );
    }

    #[test]
    fn secrets_that_are_not_base32_have_no_codes() {
        assert_eq!(decode("MZXW6YTB====").as_deref(), Some(&b"fooba"[..]));
        assert_eq!(decode("MZXW6YQ="), Some(b"foob".to_vec()));
        assert_eq!(decode("not base32"), None);
        assert!(!verify("1", "000000", 0));
    }
}

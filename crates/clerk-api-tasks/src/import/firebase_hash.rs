//! The parameters of Firebase's scrypt, which belong to a project and without which no digest can be checked.

use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};

/// The parameters, as the Firebase console shows them below "Password hash parameters".
#[derive(Clone)]
pub(crate) struct HashParameters {
    signer_key: String,
    salt_separator: String,
    rounds: String,
    memory_cost: String,
}

/// Nothing is shown: the signer key is a secret.
impl std::fmt::Debug for HashParameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashParameters")
    }
}

impl HashParameters {
    /// Reads a file with the console's text, or with the same as JSON.
    pub(super) fn read(path: &Path) -> Outcome<Self> {
        let text = fs_err::read_to_string(path).map_err(|error| {
            Problem::usage("the file of --firebase-hash cannot be read").cause(error.to_string())
        })?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Outcome<Self> {
        if value(text, "algorithm").is_some_and(|name| name != "SCRYPT") {
            let problem =
                Problem::usage("the file of --firebase-hash: the algorithm is not SCRYPT");
            return Err(problem.hint("Clerk takes digests of Firebase's own scrypt only"));
        }
        let needed = |name: &str| {
            value(text, name).ok_or_else(|| {
                Problem::usage(format!("the file of --firebase-hash has no {name}"))
                    .hint("copy hash_config { … } from the Firebase console: Authentication, Users, ⋮, Password hash parameters")
            })
        };
        Ok(Self {
            signer_key: needed("base64_signer_key")?,
            salt_separator: needed("base64_salt_separator")?,
            rounds: needed("rounds")?,
            memory_cost: needed("mem_cost")?,
        })
    }

    /// A digest as Clerk takes it: hash, salt, signer key, salt separator, rounds and memory cost.
    pub(super) fn digest(&self, hash: &str, salt: &str) -> String {
        [
            &normal(hash),
            &normal(salt),
            &self.signer_key,
            &self.salt_separator,
            &self.rounds,
            &self.memory_cost,
        ]
        .map(String::as_str)
        .join("$")
    }
}

/// Base64 in its usual alphabet; the API for administrators gives the one for URLs.
fn normal(base64: &str) -> String {
    base64.replace('-', "+").replace('_', "/")
}

/// The value of a parameter, in the console's text or in JSON.
fn value(text: &str, name: &str) -> Option<String> {
    let after = text.split_once(name)?.1;
    let after = after
        .trim_start_matches(['"', '\''])
        .trim_start()
        .strip_prefix(':')?;
    let value = after.split([',', '\n', '}']).next()?;
    let value = value.trim().trim_matches(['"', '\'']);
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_the_parameters_are_read() {
        let console = "hash_config {\n  algorithm: SCRYPT,\n  base64_signer_key: a/b+c==,\n  base64_salt_separator: Bw==,\n  rounds: 8,\n  mem_cost: 14,\n}\n";
        let json = r#"{"base64_signer_key":"a/b+c==","base64_salt_separator":"Bw==","rounds":8,"mem_cost":14}"#;
        for text in [console, json] {
            let read = HashParameters::parse(text).unwrap();
            assert_eq!(read.digest("h-_h", "s=="), "h+/h$s==$a/b+c==$Bw==$8$14");
            assert_eq!(format!("{read:?}"), "HashParameters");
        }
        assert!(HashParameters::parse("rounds: 8").is_err());
        assert!(HashParameters::parse("algorithm: BCRYPT").is_err());
    }
}

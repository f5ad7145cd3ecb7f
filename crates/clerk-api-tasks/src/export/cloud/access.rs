//! From the variables of a store's own tools to a store. Only variables count: no profile, no other file, no metadata server is looked for.

use std::str::FromStr;
use std::time::Duration;

use clerk_api_admin::problem::{Outcome, Problem};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey as S3};
use object_store::azure::{AzureConfigKey as Az, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey as Gs};
use object_store::{BackoffConfig, ObjectStore, RetryConfig};

use super::address::{Address, Scheme};
use super::wire::Wire;

/// How often a request is tried again.
const RETRIES: usize = 4;
/// A retried request has the signature of the first one, which holds for minutes.
const LONGEST: Duration = Duration::from_secs(3 * 60);

/// The values that grant access, so that they are masked wherever they would be shown.
pub fn secrets(variables: &[(String, String)]) -> impl Iterator<Item = &str> {
    let is_secret = |name: &str| {
        let marked = ["SECRET", "TOKEN", "KEY", "SAS"];
        marked.iter().any(|mark| name.contains(mark))
            && !name.ends_with("_FILE")
            && !name.ends_with("_KEY_ID")
            && !name.ends_with("_PATH")
    };
    let found = variables.iter().filter(move |(name, _)| is_secret(name));
    // A SAS is several values in a row, of which a message may show one.
    found.flat_map(|(_, value)| {
        let parts = value
            .trim_start_matches('?')
            .split('&')
            .filter_map(|pair| pair.strip_prefix("sig="));
        parts.chain([value.as_str()])
    })
}

/// Opens the store of an address.
///
/// # Errors
/// The variables have no credentials, or none that can be used.
pub(super) fn open(
    address: &Address,
    variables: &[(String, String)],
    wire: Wire,
    backoff: Duration,
) -> Outcome<Box<dyn ObjectStore>> {
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: backoff,
            max_backoff: backoff * 16,
            base: 2.0,
        },
        max_retries: RETRIES,
        retry_timeout: LONGEST,
    };
    let way = Way {
        address,
        variables,
        wire,
        retry,
    };
    let built = match address.scheme {
        Scheme::S3 => way.s3(),
        Scheme::Gs => way.gs(),
        Scheme::Az => way.az(),
    }?;
    built.map_err(|error| {
        let message = format!(
            "the variables {}… do not open {address}",
            address.scheme.prefix()
        );
        Problem::config(message)
            .cause(error.to_string())
            .hint("docs/export.md says which variables there are")
    })
}

struct Way<'a> {
    address: &'a Address,
    variables: &'a [(String, String)],
    wire: Wire,
    retry: RetryConfig,
}

type Built = object_store::Result<Box<dyn ObjectStore>>;

impl Way<'_> {
    /// The variables that the crate knows.
    fn known<K: FromStr>(&self) -> impl Iterator<Item = (K, &str)> {
        let prefix = self.address.scheme.prefix();
        let ours = self
            .variables
            .iter()
            .filter(move |(name, value)| name.starts_with(prefix) && !value.is_empty());
        ours.filter_map(|(name, value)| {
            Some((name.to_ascii_lowercase().parse().ok()?, value.as_str()))
        })
    }

    fn s3(self) -> Outcome<Built> {
        let builder = self
            .known()
            .fold(AmazonS3Builder::new(), |builder, (key, value)| {
                builder.with_config(key, value)
            });
        let has = |key| {
            builder
                .get_config_value(&key)
                .is_some_and(|value| value != "false")
        };
        let can = (has(S3::AccessKeyId) && has(S3::SecretAccessKey))
            || (has(S3::WebIdentityTokenFile) && has(S3::RoleArn));
        if !can {
            return Err(self.without(
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN",
                "profiles are not read; `eval \"$(aws configure export-credentials --format env)\"` sets the variables from one",
            ));
        }
        let builder = builder
            .with_bucket_name(&self.address.bucket)
            .with_retry(self.retry)
            .with_http_connector(self.wire);
        Ok(builder.build().map(|store| Box::new(store) as _))
    }

    fn gs(self) -> Outcome<Built> {
        let builder = self
            .known()
            .fold(GoogleCloudStorageBuilder::new(), |builder, (key, value)| {
                builder.with_config(key, value)
            });
        let has = |key| {
            builder
                .get_config_value(&key)
                .is_some_and(|value| value != "false")
        };
        let can = has(Gs::ApplicationCredentials)
            || has(Gs::ServiceAccount)
            || has(Gs::ServiceAccountKey)
            || has(Gs::BearerToken);
        if !can {
            return Err(self.without(
                "GOOGLE_APPLICATION_CREDENTIALS, GOOGLE_SERVICE_ACCOUNT, GOOGLE_SERVICE_ACCOUNT_KEY or GOOGLE_BEARER_TOKEN",
                "`gcloud auth application-default login` writes a file of credentials and says where; name it in GOOGLE_APPLICATION_CREDENTIALS",
            ));
        }
        let builder = builder
            .with_bucket_name(&self.address.bucket)
            .with_retry(self.retry)
            .with_http_connector(self.wire);
        Ok(builder.build().map(|store| Box::new(store) as _))
    }

    fn az(self) -> Outcome<Built> {
        // The command of another program is not run, whatever the variables say.
        let known = self
            .known()
            .filter(|(key, _)| !matches!(key, Az::UseAzureCli | Az::CredentialType));
        let builder = known.fold(MicrosoftAzureBuilder::new(), |builder, (key, value)| {
            builder.with_config(key, value)
        });
        let has = |key| {
            builder
                .get_config_value(&key)
                .is_some_and(|value| value != "false")
        };
        let is_application = has(Az::ClientId) && has(Az::AuthorityId);
        let can = has(Az::AccessKey)
            || has(Az::SasKey)
            || has(Az::Token)
            || (is_application && (has(Az::ClientSecret) || has(Az::FederatedTokenFile)))
            || has(Az::UseEmulator);
        if !can || !(has(Az::AccountName) || has(Az::UseEmulator)) {
            return Err(self.without(
                "AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_TOKEN, or the AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET of an application",
                "`az storage account keys list --account-name NAME` shows the keys of an account; a connection string is not read",
            ));
        }
        let builder = builder
            .with_container_name(&self.address.bucket)
            .with_retry(self.retry)
            .with_http_connector(self.wire);
        Ok(builder.build().map(|store| Box::new(store) as _))
    }

    fn without(&self, wanted: &str, hint: &str) -> Box<Problem> {
        let address = self.address;
        Problem::config(format!(
            "there are no credentials for {address} in the environment"
        ))
        .cause(format!("it wants {wanted}"))
        .hint(hint)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use clerk_api::transport::{BoxFuture, Transport, TransportError};

    use super::*;

    /// Opening a store sends nothing.
    struct Silence;

    impl Transport for Silence {
        fn send(
            &self,
            request: http::Request<Bytes>,
        ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
            unreachable!("{request:?}")
        }
    }

    fn opened(text: &str, variables: &[(&str, &str)]) -> Result<(), String> {
        let address = Address::parse(text).unwrap().unwrap();
        let variables: Vec<(String, String)> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let wire = Wire::new(Arc::new(Silence));
        let store = open(&address, &variables, wire, Duration::ZERO);
        store.map(|_| ()).map_err(|problem| format!("{problem:?}"))
    }

    #[test]
    fn a_store_opens_with_whole_credentials_only() {
        let key = [
            ("AWS_ACCESS_KEY_ID", "AKIA"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ];
        let role = [
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
            ("AWS_ROLE_ARN", "arn:aws:iam::1:role/x"),
        ];
        let azure = [
            ("AZURE_STORAGE_ACCOUNT_NAME", "acme"),
            ("AZURE_STORAGE_ACCOUNT_KEY", "c2VjcmV0"),
        ];
        for (text, variables) in [
            ("s3://acme/x", &key[..]),
            ("s3://acme/x", &role[..]),
            ("gs://acme/x", &[("GOOGLE_BEARER_TOKEN", "token")][..]),
            ("az://acme/x", &azure[..]),
        ] {
            assert_eq!(opened(text, variables), Ok(()), "{text} {variables:?}");
            for partly in [&variables[1..], &[]] {
                let refused = opened(text, partly).unwrap_err();
                assert!(refused.contains("there are no credentials"), "{refused}");
            }
        }
        // What would ask another program or a server of the machine is no credential.
        for (text, variables) in [
            (
                "s3://acme/x",
                [
                    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"),
                    ("AWS_PROFILE", "x"),
                ],
            ),
            (
                "az://acme/x",
                [
                    ("AZURE_STORAGE_ACCOUNT_NAME", "acme"),
                    ("AZURE_USE_AZURE_CLI", "true"),
                ],
            ),
        ] {
            assert!(opened(text, &variables).is_err(), "{text}");
        }
        let damaged = [azure[0], ("AZURE_STORAGE_ACCOUNT_KEY", "%CANARY%")];
        let refused = opened("az://acme/x", &damaged).unwrap_err();
        assert!(
            refused.contains("do not open") && !refused.contains("CANARY"),
            "{refused}"
        );
    }

    #[test]
    fn reliability_7_6_what_grants_access_is_known_by_its_name() {
        let named = |name: &str, value: &str| {
            let variables = [(name.to_owned(), value.to_owned())];
            secrets(&variables).map(str::to_owned).collect::<Vec<_>>()
        };
        for name in [
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AZURE_STORAGE_ACCOUNT_KEY",
            "AZURE_CLIENT_SECRET",
            "GOOGLE_SERVICE_ACCOUNT_KEY",
        ] {
            assert_eq!(named(name, "value"), ["value"], "{name}");
        }
        assert_eq!(
            named("AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=abc"),
            ["abc", "?sv=1&sig=abc"]
        );
        for name in [
            "AWS_ACCESS_KEY_ID",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_REGION",
            "GOOGLE_APPLICATION_CREDENTIALS",
        ] {
            assert!(named(name, "value").is_empty(), "{name}");
        }
    }
}

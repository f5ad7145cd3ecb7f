//! Whose certificates are trusted: Mozilla's roots, which are built in, and added ones.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig, RootCertStore};

/// Why a file adds no certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificatesError {
    /// Neither PEM nor a certificate in DER.
    #[error("it is not PEM: it has no line -----BEGIN CERTIFICATE-----")]
    NotPem,
    /// PEM of something else, such as a private key.
    #[error("it is PEM, but there is no certificate in it")]
    None,
    /// PEM that is cut or damaged.
    #[error("it is damaged PEM: a certificate in it cannot be decoded")]
    Damaged,
    /// Certificates that nothing can be checked with.
    #[error("a certificate in it cannot be used")]
    Unusable,
}

/// Certificates of authorities that are trusted besides the built-in ones, such as a company's own.
#[derive(Debug, Clone, Default)]
pub struct Certificates(Vec<CertificateDer<'static>>);

impl Certificates {
    /// Reads the content of a file: PEM with one certificate or many, or one certificate in DER.
    ///
    /// # Errors
    /// When no certificate in it can be used.
    pub fn read(content: &[u8]) -> Result<Self, CertificatesError> {
        let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        // What begins like a sequence of ASN.1 is DER; no text does.
        let found = if content.starts_with(&[0x30, 0x82]) {
            vec![CertificateDer::from(content.to_vec())]
        } else {
            let all = CertificateDer::pem_slice_iter(content).collect::<Result<Vec<_>, _>>();
            all.map_err(|_| CertificatesError::Damaged)?
        };
        if found.is_empty() {
            let marked = content.windows(11).any(|part| part == b"-----BEGIN ");
            return Err(if marked {
                CertificatesError::None
            } else {
                CertificatesError::NotPem
            });
        }
        // Collections of a system hold a few that are too old; one that is good is enough.
        let (good, _) = RootCertStore::empty().add_parsable_certificates(found.iter().cloned());
        if good == 0 {
            return Err(CertificatesError::Unusable);
        }
        Ok(Self(found))
    }

    /// Adds those of another.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// TLS that trusts these and the built-in ones.
    pub(super) fn config(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        roots.add_parsable_certificates(self.0.iter().cloned());
        ClientConfig::builder()
            .with_root_certificates(Arc::new(roots))
            .with_no_client_auth()
    }
}

/// What is wrong with a certificate, if that is why something failed.
pub(super) fn distrust(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        // The source of an input-output error is what lies below what it wraps.
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        let found = match inner {
            Some(inner) => inner.downcast_ref::<rustls::Error>(),
            None => error.downcast_ref::<rustls::Error>(),
        };
        if let Some(rustls::Error::InvalidCertificate(reason)) = found {
            return Some(in_words(reason));
        }
        cause = match inner {
            Some(inner) if found.is_none() => Some(inner),
            _ => error.source(),
        };
    }
    None
}

fn in_words(reason: &CertificateError) -> String {
    match reason {
        // A bad signature is that of an authority with the name of a trusted one, and another key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "its issuer is not trusted here".to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired (or the clock of this machine is wrong)".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet (or the clock of this machine is wrong)".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it was issued for another name".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        other => other.to_string(),
    }
}

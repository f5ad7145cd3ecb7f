//! What a store says in a response that is no success. The rest of such a text may repeat the request with its signature.

use http::HeaderMap;
use serde::Deserialize;

/// The longest part of a store's own words.
const LONGEST: usize = 300;

/// The codes of credentials that are wrong or have expired.
const UNKNOWN: [&str; 10] = [
    "AuthenticationFailed",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidAuthenticationInfo",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
    "UNAUTHENTICATED",
    "invalid_client",
    "invalid_grant",
];

/// Its code and its sentence.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Words {
    /// A word for programs, such as `AccessDenied`.
    pub code: Option<String>,
    /// What it means.
    pub message: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Json {
    /// A store's.
    Nested { error: Nested },
    /// That of a server that gives out tokens.
    Flat {
        error: String,
        error_description: Option<String>,
    },
}

#[derive(Deserialize)]
struct Nested {
    status: Option<String>,
    message: Option<String>,
}

impl Words {
    /// Reads the head and the body of a response.
    #[must_use]
    pub fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let element = |name| element(&text, name).map(str::to_owned);
        let mut words = match serde_json::from_slice(body) {
            Ok(Json::Nested { error }) => Self {
                code: error.status,
                message: error.message,
            },
            Ok(Json::Flat {
                error,
                error_description,
            }) => Self {
                code: Some(error),
                message: error_description,
            },
            Err(_) => Self {
                code: element("Code"),
                message: element("Message"),
            },
        };
        let header = headers.get("x-ms-error-code");
        words.code = words
            .code
            .or_else(|| Some(header?.to_str().ok()?.to_owned()));
        for text in [&mut words.code, &mut words.message].into_iter().flatten() {
            let end = text.char_indices().map(|(at, _)| at).nth(LONGEST);
            text.truncate(end.unwrap_or(text.len()));
        }
        words
    }

    /// Whether the store does not know who asks, or does not believe it.
    pub(super) fn is_unknown(&self) -> bool {
        let code = self.code.as_deref().unwrap_or_default();
        let message = self.message.as_deref().unwrap_or_default();
        UNKNOWN.contains(&code) || message.contains("failed to authenticate")
    }

    /// Both in one line; nothing if the store said nothing.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        let words: Vec<&str> = [&self.code, &self.message]
            .into_iter()
            .filter_map(|word| word.as_deref()?.lines().next())
            .collect();
        (!words.is_empty()).then(|| words.join(": "))
    }
}

/// The text of the first element of a name in a short document of XML.
fn element<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_7_6_a_code_and_a_sentence_are_read_and_nothing_else() {
        let line = |body: &str| Words::read(&HeaderMap::new(), body.as_bytes()).line();
        let xml = "<?xml version=\"1.0\"?><Error><Code>SignatureDoesNotMatch</Code><Message>Check your key.</Message><StringToSign>CANARY</StringToSign></Error>";
        assert_eq!(
            line(xml).as_deref(),
            Some("SignatureDoesNotMatch: Check your key.")
        );
        // Azure's second line has the time and an id.
        let xml = "<Error><Code>AuthenticationFailed</Code><Message>Failed.\nRequestId:1</Message><AuthenticationErrorDetail>CANARY</AuthenticationErrorDetail></Error>";
        assert_eq!(line(xml).as_deref(), Some("AuthenticationFailed: Failed."));
        let json = r#"{"error":{"code":404,"message":"no such bucket","errors":[{"x":"CANARY"}]}}"#;
        assert_eq!(line(json).as_deref(), Some("no such bucket"));
        let json = r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#;
        assert_eq!(
            line(json).as_deref(),
            Some("invalid_grant: Invalid JWT Signature.")
        );
        assert_eq!(line("<html>CANARY"), None);
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-error-code", "ContainerNotFound".parse().unwrap());
        assert_eq!(
            Words::read(&headers, b"").line().as_deref(),
            Some("ContainerNotFound")
        );
    }
}

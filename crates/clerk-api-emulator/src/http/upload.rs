//! Uploaded images: a form with a part named `file`, and perhaps other parts that are short texts.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use bytes::Bytes;
use http::StatusCode;

use super::error::{self, ApiError};
use super::problem::{self, Problem};

/// Where images are taken.
pub(crate) const PATHS: [&str; 2] = [
    "/v1/users/{user_id}/profile_image",
    "/v1/organizations/{organization_id}/logo",
];

/// Most bytes of an image.
pub const UPLOAD_LIMIT: usize = 10 << 20;

/// An image of a known kind.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Bytes,
}

/// What a form held.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) image: Image,
    /// The other parts, as names and texts.
    texts: Vec<(String, String)>,
}

impl Upload {
    /// Returns the text of another part; an empty one counts as absent.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self.texts.iter().find(|(part, _)| part == name);
        found
            .map(|(_, text)| text.as_str())
            .filter(|text| !text.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = ApiError;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, ApiError> {
        let mut form = Multipart::from_request(request, state)
            .await
            .map_err(|_| error::body_invalid("The body must be sent as multipart/form-data."))?;
        let (mut file, mut texts) = (None, Vec::new());
        while let Some(part) = form.next_field().await.map_err(|_| broken())? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(|_| broken())?;
            if name == "file" {
                file = Some(bytes);
            } else {
                texts.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        let Some(bytes) = file else {
            return Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                problem::missing("file"),
            ));
        };
        Ok(Self {
            image: Image::of(bytes)?,
            texts,
        })
    }
}

impl Image {
    /// Recognizes an image by its first bytes: what a client says of it is often wrong.
    fn of(bytes: Bytes) -> Result<Self, ApiError> {
        if bytes.len() > UPLOAD_LIMIT {
            return Err(too_large());
        }
        let content_type = kind(&bytes).ok_or_else(|| {
            error::body_invalid("The file must be an image: JPEG, PNG, GIF or WebP.")
        })?;
        Ok(Self {
            content_type,
            bytes,
        })
    }
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        _ if webp => Some("image/webp"),
        _ => None,
    }
}

fn broken() -> ApiError {
    error::body_invalid("The form cannot be read to its end.")
}

fn too_large() -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        Problem::new(
            "image_too_large",
            "Image too large",
            "The image must not be larger than 10 MB.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_their_first_bytes() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\nrest"), Some("image/png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(kind(b"GIF89a"), Some("image/gif"));
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(kind(b"<svg xmlns="), None);
        assert_eq!(kind(b""), None);
    }

    #[test]
    fn an_image_of_ten_megabytes_is_taken_and_no_larger_one() {
        let mut bytes = b"GIF89a".to_vec();
        bytes.resize(UPLOAD_LIMIT, 0);
        assert!(Image::of(bytes.clone().into()).is_ok());
        bytes.push(0);
        let error = Image::of(bytes.into()).expect_err("too large");
        assert_eq!(error.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}

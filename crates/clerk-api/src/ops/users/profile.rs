//! What belongs to a user beside the account's own fields: metadata and the picture.

use crate::declare::{Op, endpoint};
use crate::id::UserId;
use crate::model::User;
use crate::value::{Object, Upload};

endpoint! {
    /// Merges metadata into a user: null takes a key away, the rest stays.
    /// Objects are merged at any depth. At most 10 changes in 10 seconds for one user, and 8 KB of metadata.
    pub struct UpdateUserMetadata = "users.update_metadata", UpdateUserMetadata: Patch "/users/{user_id}/metadata", Update, None => User;
    rate Object;
    needs {
        /// The user.
        path user_id: UserId,
    }
    takes {
        /// Metadata that the user can read.
        body public_metadata as "public" in 0..=8192: Option<Object>,
        /// Metadata for the backend only.
        body private_metadata as "private" in 0..=8192: Option<Object>,
        /// Metadata that the user can write: never trust it.
        body unsafe_metadata as "unsafe" in 0..=8192: Option<Object>,
    }
}

endpoint! {
    /// Replaces metadata of a user whole; a kind that is not given stays.
    /// At most 10 changes in 10 seconds for one user, and 8 KB of metadata.
    pub struct ReplaceUserMetadata = "users.replace_metadata", ReplaceUserMetadata: Put "/users/{user_id}/metadata", Replace, None => User;
    rate Object;
    needs {
        /// The user.
        path user_id: UserId,
    }
    takes {
        /// Metadata that the user can read.
        body public_metadata as "public" in 0..=8192: Option<Object>,
        /// Metadata for the backend only.
        body private_metadata as "private" in 0..=8192: Option<Object>,
        /// Metadata that the user can write: never trust it.
        body unsafe_metadata as "unsafe" in 0..=8192: Option<Object>,
    }
}

endpoint! {
    /// Sets the picture of a user.
    pub struct SetUserProfileImage = "users.set_profile_image", SetUserProfileImage: Post "/users/{user_id}/profile_image", Update, None => User;
    needs {
        /// The user.
        path user_id: UserId,
        /// The picture: JPEG, PNG, GIF or WebP, at most 10 MB. The specification does not say that it is required; without it nothing can be set.
        part file: Upload,
    }
}

// The picture cannot be had back from the API, hence Replace and not Update.
endpoint! {
    /// Removes the picture of a user; a placeholder takes its place.
    pub struct DeleteUserProfileImage = "users.delete_profile_image", DeleteUserProfileImage: Delete "/users/{user_id}/profile_image", Replace, None => User;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<UpdateUserMetadata>(),
    Op::of::<ReplaceUserMetadata>(),
    Op::of::<SetUserProfileImage>(),
    Op::of::<DeleteUserProfileImage>(),
];

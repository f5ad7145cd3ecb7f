//! Metadata and profile image of a user.

use crate::declare::{Op, endpoint};
use crate::id::UserId;
use crate::model::User;
use crate::value::{Object, Upload};

endpoint! {
    /// Merges metadata into a user: null removes a key.
    /// Other keys stay, and objects are merged at any depth. At most 10 changes in 10 seconds for one user, and 8 KB of metadata.
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
    /// Replaces the metadata of a user, kind by kind.
    /// A kind that you do not give stays. At most 10 changes in 10 seconds for one user, and 8 KB of metadata.
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
        /// The picture: JPEG, PNG, GIF or WebP, at most 10 MB. The specification does not mark it as required, but there is nothing to set without it.
        part file: Upload,
    }
}

// The API cannot give the picture back, so this is a Replace and not an Update.
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

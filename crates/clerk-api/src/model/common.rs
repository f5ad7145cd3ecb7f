//! Small answers that several groups share.

model! {
    /// What a deletion answers.
    pub struct DeletedObject {
        /// The kind of thing that was deleted, such as `user`.
        object: String,
        /// Its id.
        id: String,
        /// An organization's slug.
        slug: String,
        /// True.
        deleted: bool,
        /// A user's external id.
        external_id: String,
    }
}

model! {
    /// A count of rows.
    pub struct TotalCount {
        /// `total_count`.
        object: String,
        /// The number of rows.
        total_count: u64,
    }
}

//! What an export says about itself.

table! {
    /// What was exported, when, and whether it is consistent.
    pub struct Meta in "meta", key ["key"], indexes [] {
        /// `format_version`, `tool_version`, `instance_id`, `environment`, `api_version`, `swept_at`, `ended_at`, `consistent`, and for each kind `before.KIND`, `after.KIND`, `since.KIND` and `consistent.KIND`.
        key: Text,
        /// Its value, as text.
        value: Text,
    }
}

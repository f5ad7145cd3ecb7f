//! The instance and its settings.

use crate::id::InstanceId;

model! {
    /// The instance that the key belongs to (spec: `Instance`).
    pub struct Instance {
        always {
            /// The id, `ins_…`.
            id: InstanceId,
        }
        /// `instance`.
        object: String,
        /// `development` or `production`.
        environment_type: String,
        /// Origins of native apps and extensions that may call.
        allowed_origins: Vec<String>,
        /// The workspace that owns the application.
        workspace_id: String,
    }
}

model! {
    /// Who may sign up (spec: `InstanceRestrictions`).
    pub struct InstanceRestrictions {
        /// `instance_restrictions`.
        object: String,
        /// Whether only identifiers on the allowlist may sign up.
        allowlist: bool,
        /// Whether identifiers on the blocklist may not sign up.
        blocklist: bool,
        /// Whether the lists hold for sign-up only.
        allowlist_blocklist_disabled_on_sign_in: bool,
        /// Whether addresses with a part after a plus are refused.
        block_email_subaddresses: bool,
        /// Whether disposable addresses are refused.
        block_disposable_email_domains: bool,
    }
}

model! {
    /// What organizations may have and do (spec: `OrganizationSettings`).
    pub struct OrganizationSettings {
        /// `organization_settings`.
        object: String,
        /// Whether there are organizations.
        enabled: bool,
        /// Members a new organization may have; 0 is any number.
        max_allowed_memberships: i64,
        /// Roles that the instance may have.
        max_allowed_roles: i64,
        /// Role sets that the instance may have.
        max_role_sets_allowed: i64,
        /// Domains an organization may have.
        max_allowed_domains: i64,
        /// Of no meaning any more.
        max_allowed_permissions: i64,
        /// The key of a creator's role.
        creator_role: String,
        /// Whether admins of new organizations may delete them.
        admin_delete_enabled: bool,
        /// Whether organizations may have domains.
        domains_enabled: bool,
        /// Whether slugs are disabled.
        slug_disabled: bool,
        /// The ways to join by a domain.
        domains_enrollment_modes: Vec<String>,
        /// The key of the role of who joins by a domain.
        domains_default_role: String,
        /// The key of a new organization's role set.
        initial_role_set_key: String,
    }
}

model! {
    /// The protection against attacks (spec: `InstanceProtect`).
    pub struct InstanceProtect {
        /// `instance_protect`.
        object: String,
        /// Whether the rules are on.
        rules_enabled: bool,
        /// Whether the detection of bots acts.
        specter_enabled: bool,
        /// Whether the checks of what it needs are skipped.
        checks_bypassed: bool,
    }
}

model! {
    /// Where text messages may go (spec: `InstanceCommunication`).
    pub struct InstanceCommunication {
        /// `instance_communication`.
        object: String,
        /// Countries to which none go, as ISO 3166-1 codes of two letters.
        blocked_country_codes: Vec<String>,
    }
}

model! {
    /// What holds for OAuth applications (spec: `OAuthApplicationSettings`).
    pub struct OauthSettings {
        /// `oauth_application_settings`.
        object: String,
        /// Whether clients may register themselves.
        dynamic_oauth_client_registration: bool,
        /// The scopes that clients get by default.
        default_scopes: Vec<String>,
        /// Whether access tokens are JWTs.
        oauth_jwt_access_tokens: bool,
        /// Whether client metadata documents are advertised.
        client_id_metadata_documents_advertised: bool,
        /// Whether unknown clients with such documents are refused.
        client_id_metadata_documents_only_allow_pre_registered_clients: bool,
        /// Whether automatically admitted clients are refused.
        client_id_metadata_documents_block_implicitly_allowed_clients: bool,
    }
}

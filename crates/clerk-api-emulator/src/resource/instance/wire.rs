//! The instance and its settings: what goes out, which is also what is stored, a row for each group.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// How organizations can get members by their domains. The first is always on.
pub(crate) const ENROLLMENT_MODES: [&str; 3] = [
    "manual_invitation",
    "automatic_invitation",
    "automatic_suggestion",
];
/// What an access token permits where nothing else is said.
pub(crate) const DEFAULT_SCOPES: [&str; 2] = ["profile", "email"];

/// The instance itself.
#[derive(Debug, Serialize)]
pub(crate) struct Instance<'a> {
    object: &'static str,
    id: &'a str,
    environment_type: &'static str,
    allowed_origins: &'a [String],
    workspace_id: Option<&'static str>,
}

impl<'a> Instance<'a> {
    /// Nobody owns a local instance.
    pub(crate) fn new(id: &'a str, settings: &'a General) -> Self {
        Self {
            object: "instance",
            id,
            environment_type: "development",
            allowed_origins: &settings.allowed_origins,
            workspace_id: None,
        }
    }
}

/// What can be set of the instance itself; of all this only the origins are ever sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct General {
    pub(crate) test_mode: bool,
    pub(crate) hibp: bool,
    pub(crate) support_email: Option<String>,
    pub(crate) clerk_js_version: Option<String>,
    pub(crate) development_origin: Option<String>,
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) url_based_session_syncing: bool,
    pub(crate) preferred_sign_in_strategy_when_password_required: Option<String>,
}

impl Default for General {
    fn default() -> Self {
        Self {
            test_mode: true,
            hibp: true,
            support_email: None,
            clerk_js_version: None,
            development_origin: None,
            allowed_origins: Vec::new(),
            url_based_session_syncing: true,
            preferred_sign_in_strategy_when_password_required: None,
        }
    }
}

/// Who may sign up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Restrictions {
    object: Cow<'static, str>,
    pub(crate) allowlist: bool,
    pub(crate) blocklist: bool,
    pub(crate) allowlist_blocklist_disabled_on_sign_in: bool,
    pub(crate) block_email_subaddresses: bool,
    pub(crate) block_disposable_email_domains: bool,
}

impl Default for Restrictions {
    fn default() -> Self {
        Self {
            object: Cow::Borrowed("instance_restrictions"),
            allowlist: false,
            blocklist: false,
            allowlist_blocklist_disabled_on_sign_in: false,
            block_email_subaddresses: false,
            block_disposable_email_domains: false,
        }
    }
}

/// What organizations may have and do. What concerns roles is put in when it is sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OrganizationSettings {
    object: Cow<'static, str>,
    pub(crate) enabled: bool,
    pub(crate) max_allowed_memberships: i64,
    pub(crate) max_allowed_roles: u64,
    pub(crate) max_role_sets_allowed: u64,
    max_allowed_domains: i64,
    max_allowed_permissions: i64,
    pub(crate) creator_role: String,
    pub(crate) admin_delete_enabled: bool,
    pub(crate) domains_enabled: bool,
    pub(crate) slug_disabled: bool,
    pub(crate) domains_enrollment_modes: Vec<Cow<'static, str>>,
    pub(crate) domains_default_role: String,
    pub(crate) initial_role_set_key: Option<String>,
}

impl Default for OrganizationSettings {
    fn default() -> Self {
        Self {
            object: Cow::Borrowed("organization_settings"),
            enabled: true,
            max_allowed_memberships: 5,
            max_allowed_roles: 0,
            max_role_sets_allowed: 0,
            max_allowed_domains: 10,
            max_allowed_permissions: 50,
            creator_role: String::new(),
            admin_delete_enabled: true,
            domains_enabled: true,
            slug_disabled: false,
            domains_enrollment_modes: ENROLLMENT_MODES.map(Cow::Borrowed).to_vec(),
            domains_default_role: String::new(),
            initial_role_set_key: None,
        }
    }
}

/// Settings of attack protection, which a local instance does not have.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Protect {
    object: Cow<'static, str>,
    pub(crate) rules_enabled: bool,
    pub(crate) specter_enabled: bool,
    checks_bypassed: bool,
}

impl Default for Protect {
    fn default() -> Self {
        Self {
            object: Cow::Borrowed("instance_protect"),
            rules_enabled: false,
            specter_enabled: false,
            checks_bypassed: false,
        }
    }
}

/// Where text messages may go.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Communication {
    object: Cow<'static, str>,
    pub(crate) blocked_country_codes: Vec<String>,
}

impl Default for Communication {
    fn default() -> Self {
        Self {
            object: Cow::Borrowed("instance_communication"),
            blocked_country_codes: Vec::new(),
        }
    }
}

/// What holds for OAuth applications.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OAuthApplications {
    object: Cow<'static, str>,
    pub(crate) dynamic_oauth_client_registration: bool,
    pub(crate) default_scopes: Vec<String>,
    pub(crate) oauth_jwt_access_tokens: bool,
    pub(crate) client_id_metadata_documents_advertised: bool,
    pub(crate) client_id_metadata_documents_only_allow_pre_registered_clients: bool,
    pub(crate) client_id_metadata_documents_block_implicitly_allowed_clients: bool,
}

impl Default for OAuthApplications {
    fn default() -> Self {
        Self {
            object: Cow::Borrowed("oauth_application_settings"),
            dynamic_oauth_client_registration: false,
            default_scopes: DEFAULT_SCOPES.map(str::to_owned).to_vec(),
            oauth_jwt_access_tokens: false,
            client_id_metadata_documents_advertised: false,
            client_id_metadata_documents_only_allow_pre_registered_clients: false,
            client_id_metadata_documents_block_implicitly_allowed_clients: false,
        }
    }
}

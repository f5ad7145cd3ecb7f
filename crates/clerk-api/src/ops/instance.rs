//! The instance itself and its settings: sign-up, organizations, messages, OAuth applications.

use crate::declare::{Op, endpoint};
use crate::model::{
    Instance, InstanceCommunication, InstanceProtect, InstanceRestrictions, OauthSettings,
    OrganizationSettings,
};
use crate::value::{Country, Patch, Word, choice};

choice! {
    /// The sign-in method that is offered first if a password is required.
    pub enum SignInStrategy {
        /// The password.
        Password = "password",
        /// A code that Clerk sends.
        Otp = "otp",
        /// No preference.
        Unset = "",
    }
}

endpoint! {
    /// Shows the instance: id, environment, allowed origins.
    pub struct GetInstance = "instance.get", GetInstance: Get "/instance", Read, None => Instance;
}

endpoint! {
    /// Changes settings of the instance. The response is empty: `null`.
    pub struct UpdateInstance = "instance.update", UpdateInstance: Patch "/instance", Update, None => ();
    takes {
        /// Whether test email addresses and phone numbers are allowed.
        body test_mode: Patch<bool>,
        /// Whether passwords are checked against known leaks.
        body hibp: Patch<bool>,
        /// The support email address for users.
        body support_email: Patch<String>,
        /// The version of Clerk's browser script.
        body clerk_js_version: Patch<String>,
        /// The origin of the application during development.
        body development_origin: Patch<String>,
        /// An allowed origin of a native app or browser extension. Give all of them at once; one empty text for none.
        body allowed_origins: Option<Vec<Word>>,
        /// Former name of `url_based_session_syncing`. Deprecated.
        body cookieless_dev: Patch<bool>,
        /// Whether development works without third-party cookies.
        body url_based_session_syncing: Patch<bool>,
        /// The method offered first if a password is required. An empty text: no preference.
        body preferred_sign_in_strategy_when_password_required as "preferred_sign_in_strategy": Patch<SignInStrategy>,
    }
}

endpoint! {
    /// Changes who may sign up.
    /// The lists have their own commands: `allowlist`, `blocklist`.
    pub struct UpdateInstanceRestrictions = "instance.update_restrictions", UpdateInstanceRestrictions: Patch "/instance/restrictions", Update, None => InstanceRestrictions;
    takes {
        /// Whether only identifiers on the allowlist may sign up.
        body allowlist: Patch<bool>,
        /// Whether identifiers on the blocklist may not sign up.
        body blocklist: Patch<bool>,
        /// Whether the lists apply to sign-up only, not to sign-in.
        body allowlist_blocklist_disabled_on_sign_in: Patch<bool>,
        /// Whether addresses like `ann+x@example.com` are refused.
        body block_email_subaddresses: Patch<bool>,
        /// Whether disposable addresses are refused.
        body block_disposable_email_domains: Patch<bool>,
    }
}

endpoint! {
    /// Shows the settings for organizations.
    pub struct GetOrganizationSettings = "instance.organization_settings", GetInstanceOrganizationSettings: Get "/instance/organization_settings", Read, None => OrganizationSettings;
}

endpoint! {
    /// Changes the settings for organizations.
    pub struct UpdateOrganizationSettings = "instance.update_organization_settings", UpdateInstanceOrganizationSettings: Patch "/instance/organization_settings", Update, None => OrganizationSettings;
    takes {
        /// Whether organizations are enabled.
        body enabled: Patch<bool>,
        /// The most members a new organization may have; 0: any number.
        body max_allowed_memberships as "max_members": Patch<i64>,
        /// Whether admins of new organizations may delete them.
        body admin_delete_enabled: Patch<bool>,
        /// Whether organizations may have domains.
        body domains_enabled: Patch<bool>,
        /// Whether slugs are disabled.
        body slug_disabled: Patch<bool>,
        /// An enrollment mode, such as `automatic_invitation`. The other one is `automatic_suggestion`; give all of them at once.
        body domains_enrollment_modes: Option<Vec<Word>>,
        /// The role of an organization's creator, `role_…`.
        body creator_role_id: Patch<String>,
        /// The role of people who join by a domain, `role_…`.
        body domains_default_role_id: Patch<String>,
    }
}

endpoint! {
    /// Shows the settings of Clerk's attack protection.
    pub struct GetInstanceProtect = "instance.protect", GetInstanceProtect: Get "/instance/protect", Read, None => InstanceProtect;
}

endpoint! {
    /// Changes the settings of Clerk's attack protection.
    pub struct UpdateInstanceProtect = "instance.update_protect", UpdateInstanceProtect: Patch "/instance/protect", Update, None => InstanceProtect;
    takes {
        /// Whether the rules are on.
        body rules_enabled: Patch<bool>,
        /// Whether Specter, Clerk's bot detection, is on.
        body specter_enabled: Patch<bool>,
    }
}

endpoint! {
    /// Shows the countries that get no text messages.
    pub struct GetInstanceCommunication = "instance.communication", GetInstanceCommunication: Get "/instance/communication", Read, None => InstanceCommunication;
}

// The whole list is replaced, so this is a Replace.
endpoint! {
    /// Replaces the list of countries that get no text messages.
    pub struct UpdateInstanceCommunication = "instance.update_communication", UpdateInstanceCommunication: Patch "/instance/communication", Replace, None => InstanceCommunication;
    takes {
        /// A country code, such as `DE`. Give all of them at once, up to 250; one empty text for none.
        body blocked_country_codes as "blocked_country" in 0..=250: Patch<Vec<Country>>,
    }
}

endpoint! {
    /// Shows the settings for OAuth applications.
    pub struct GetOauthSettings = "instance.oauth_settings", GetInstanceOAuthApplicationSettings: Get "/instance/oauth_application_settings", Read, None => OauthSettings;
}

endpoint! {
    /// Changes the settings for OAuth applications.
    pub struct UpdateOauthSettings = "instance.update_oauth_settings", UpdateInstanceOAuthApplicationSettings: Patch "/instance/oauth_application_settings", Update, None => OauthSettings;
    takes {
        /// Whether clients may register themselves (RFC 7591).
        body dynamic_oauth_client_registration: Patch<bool>,
        /// A scope that clients get by default. Give all of them at once; null for Clerk's default.
        body default_scopes as "default_scope": Patch<Vec<Word>>,
        /// Whether access tokens are JWTs.
        body oauth_jwt_access_tokens: Patch<bool>,
        /// Whether client metadata documents are advertised.
        body client_id_metadata_documents_advertised: Patch<bool>,
        /// Whether unknown clients with such documents are refused.
        body client_id_metadata_documents_only_allow_pre_registered_clients: Patch<bool>,
        /// Whether automatically admitted clients are refused.
        body client_id_metadata_documents_block_implicitly_allowed_clients: Patch<bool>,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<GetInstance>(),
    Op::of::<UpdateInstance>(),
    Op::of::<UpdateInstanceRestrictions>(),
    Op::of::<GetOrganizationSettings>(),
    Op::of::<UpdateOrganizationSettings>(),
    Op::of::<GetInstanceProtect>(),
    Op::of::<UpdateInstanceProtect>(),
    Op::of::<GetInstanceCommunication>(),
    Op::of::<UpdateInstanceCommunication>(),
    Op::of::<GetOauthSettings>(),
    Op::of::<UpdateOauthSettings>(),
];

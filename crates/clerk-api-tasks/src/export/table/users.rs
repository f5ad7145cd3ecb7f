//! Users, what they are known by, and the people who were invited to become users.

table! {
    /// The people who can sign in.
    pub struct User in "users", key ["id"], indexes [] {
        /// The id, `user_…`.
        id: Text,
        /// Your own id for the user.
        external_id: Text,
        /// The username.
        username: Text,
        /// The given name.
        first_name: Text,
        /// The family name.
        last_name: Text,
        /// Given and family name joined by a space; null if both are empty.
        name: Text,
        /// The primary email address.
        primary_email_address: Text,
        /// Whether it is verified.
        primary_email_verified: Boolean,
        /// The primary phone number, E.164.
        primary_phone_number: Text,
        /// The address of the primary web3 wallet.
        primary_web3_wallet: Text,
        /// The language, a BCP 47 tag.
        locale: Text,
        /// The address of the picture, or of a placeholder.
        image_url: Text,
        /// Whether the picture is the user's own.
        has_image: Boolean,
        /// Whether there is a password.
        password_enabled: Boolean,
        /// Whether there is a second factor.
        two_factor_enabled: Boolean,
        /// Whether an authenticator app is set up.
        totp_enabled: Boolean,
        /// Whether there are backup codes.
        backup_code_enabled: Boolean,
        /// How many passkeys there are.
        passkeys_count: Integer,
        /// The providers of the user's external accounts, such as `["oauth_google"]`.
        external_account_providers: Json,
        /// Whether the user is banned.
        banned: Boolean,
        /// Whether the user is locked out.
        locked: Boolean,
        /// Whether a directory took the user away.
        deprovisioned: Boolean,
        /// Whether the user may delete their account.
        delete_self_enabled: Boolean,
        /// Whether the user may create organizations.
        create_organization_enabled: Boolean,
        /// How many organizations the user may create; 0: any.
        create_organizations_limit: Integer,
        /// When second factors were last switched on.
        mfa_enabled_at: Timestamp,
        /// When second factors were last switched off.
        mfa_disabled_at: Timestamp,
        /// When the password was last changed.
        password_last_updated_at: Timestamp,
        /// When the user agreed to the legal terms.
        legal_accepted_at: Timestamp,
        /// When the user last signed in; null: never.
        last_sign_in_at: Timestamp,
        /// When the user was last active.
        last_active_at: Timestamp,
        /// When the user was created.
        created_at: Timestamp,
        /// When the user was last changed.
        updated_at: Timestamp,
        /// Metadata that the user can read.
        public_metadata: Json,
        /// Metadata for the backend only.
        private_metadata: Json,
        /// Metadata that the user can write.
        unsafe_metadata: Json,
    }
}

table! {
    /// The email addresses of users.
    pub struct EmailAddress in "email_addresses", key ["id"], indexes [["user_id", "domain"], ["normalized_address"]] {
        /// The id, `idn_…`.
        id: Text,
        /// The user.
        user_id: Text,
        /// The address.
        email_address: Text,
        /// Whether it is the user's primary one.
        is_primary: Boolean,
        /// Whether it is verified.
        verified: Boolean,
        /// Whether nobody else can claim it although it is not verified.
        reserved: Boolean,
        /// What follows the last `@`, lower case.
        domain: Text,
        /// The address in lower case, with `+tag` and the dots before the `@` removed: equal for spellings of one mailbox.
        normalized_address: Text,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

table! {
    /// The phone numbers of users.
    pub struct PhoneNumber in "phone_numbers", key ["id"], indexes [["user_id"], ["phone_number"]] {
        /// The id, `idn_…`.
        id: Text,
        /// The user.
        user_id: Text,
        /// The number, E.164.
        phone_number: Text,
        /// Whether it is the user's primary one.
        is_primary: Boolean,
        /// Whether it is verified.
        verified: Boolean,
        /// Whether nobody else can claim it although it is not verified.
        reserved: Boolean,
        /// Whether it is a second factor only.
        reserved_for_second_factor: Boolean,
        /// Whether it is the second factor that is asked for first.
        default_second_factor: Boolean,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

table! {
    /// Invitations to sign up to the application.
    pub struct Invitation in "invitations", key ["id"], indexes [["normalized_address"]] {
        /// The id, `inv_…`.
        id: Text,
        /// The invited email address.
        email_address: Text,
        /// The address in the form of `email_addresses.normalized_address`.
        normalized_address: Text,
        /// What follows the last `@`, lower case.
        domain: Text,
        /// `pending`, `accepted`, `revoked` or `expired`.
        status: Text,
        /// Whether it was taken back.
        revoked: Boolean,
        /// The link to sign up by; null unless `--include-urls` was given.
        url: Text,
        /// When it expires.
        expires_at: Timestamp,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// Metadata for the new user that the user can read.
        public_metadata: Json,
    }
}

//! Organizations: who is in them, who is invited, what members may do, and their domains.

table! {
    /// The teams that users belong to.
    pub struct Organization in "organizations", key ["id"], indexes [] {
        /// The id, `org_…`.
        id: Text,
        /// The name.
        name: Text,
        /// The slug; null where slugs are off.
        slug: Text,
        /// The user who created it; null where nobody did.
        created_by: Text,
        /// The key of its role set.
        role_set_key: Text,
        /// How many members it has.
        members_count: Integer,
        /// How many open invitations it has.
        pending_invitations_count: Integer,
        /// How many members it may have; 0: no limit.
        max_allowed_memberships: Integer,
        /// Whether its admins may delete it.
        admin_delete_enabled: Boolean,
        /// Whether nobody there may manage members, as the API says it.
        missing_member_with_elevated_permissions: Boolean,
        /// The address of the picture, or of a placeholder.
        image_url: Text,
        /// Whether the picture is the organization's own.
        has_image: Boolean,
        /// When it was last active.
        last_active_at: Timestamp,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// Metadata that members can read.
        public_metadata: Json,
        /// Metadata for the backend only.
        private_metadata: Json,
    }
}

table! {
    /// Who is a member of which organization.
    pub struct Membership in "memberships", key ["id"], indexes [["organization_id", "role", "can_manage", "user_id"], ["user_id", "can_manage", "organization_id"]] {
        /// The id, `orgmem_…`.
        id: Text,
        /// The organization.
        organization_id: Text,
        /// The member.
        user_id: Text,
        /// The role's key, such as `org:admin`.
        role: Text,
        /// The role's name.
        role_name: Text,
        /// The keys of what the role permits, a JSON array.
        permissions: Json,
        /// Whether `org:sys_memberships:manage` is among them.
        can_manage: Boolean,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// Metadata that the member can read.
        public_metadata: Json,
        /// Metadata for the backend only.
        private_metadata: Json,
    }
}

table! {
    /// Invitations to organizations.
    pub struct OrganizationInvitation in "organization_invitations", key ["id"], indexes [["organization_id"], ["normalized_address"]] {
        /// The id, `orginv_…`.
        id: Text,
        /// The organization.
        organization_id: Text,
        /// The invited email address.
        email_address: Text,
        /// The address in the form of `email_addresses.normalized_address`.
        normalized_address: Text,
        /// What follows the last `@`, lower case.
        domain: Text,
        /// The role's key.
        role: Text,
        /// The role's name.
        role_name: Text,
        /// Whether the role permits `org:sys_memberships:manage`; null where roles were not read.
        can_manage: Boolean,
        /// `pending`, `accepted`, `revoked` or `expired`.
        status: Text,
        /// The user in whose name it is.
        inviter_id: Text,
        /// The link to accept it by; null unless `--include-urls` was given.
        url: Text,
        /// When it expires.
        expires_at: Timestamp,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// Metadata for the membership that the member can read.
        public_metadata: Json,
        /// Metadata for the membership, for the backend only.
        private_metadata: Json,
    }
}

table! {
    /// What a member of an organization can be.
    pub struct Role in "roles", key ["id"], indexes [["key"]] {
        /// The id, `role_…`.
        id: Text,
        /// The key, such as `org:admin`.
        key: Text,
        /// The name.
        name: Text,
        /// What it is for.
        description: Text,
        /// Whether creators of organizations can have it.
        is_creator_eligible: Boolean,
        /// Whether it permits `org:sys_memberships:manage`.
        can_manage: Boolean,
        /// The keys of what it permits, a JSON array.
        permissions: Json,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

table! {
    /// Which roles are in which role set.
    pub struct RoleSetRole in "role_set_roles", key ["role_set_key", "role_key"], indexes [] {
        /// The role set's key, such as `role_set:default`.
        role_set_key: Text,
        /// The role's key.
        role_key: Text,
        /// Whether new members get the role.
        is_default: Boolean,
        /// Whether creators of organizations get the role.
        is_creator: Boolean,
        /// Whether new organizations get the role set.
        is_initial: Boolean,
    }
}

table! {
    /// The domains of organizations.
    pub struct Domain in "domains", key ["id"], indexes [["organization_id"]] {
        /// The id, `orgdmn_…`.
        id: Text,
        /// The organization.
        organization_id: Text,
        /// The name, such as `example.com`.
        name: Text,
        /// How users with addresses at it come into the organization.
        enrollment_mode: Text,
        /// Whether the affiliation or the ownership is verified.
        verified: Boolean,
        /// How far the verification of the affiliation is: `unverified`, `verified`, `failed` or `expired`.
        verification_status: Text,
        /// How many open invitations came of it.
        total_pending_invitations: Integer,
        /// How many open suggestions came of it.
        total_pending_suggestions: Integer,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

//! JWT templates: tokens with custom claims.

use crate::declare::{Op, endpoint};
use crate::id::JwtTemplateId;
use crate::list::List;
use crate::model::{DeletedObject, JwtTemplate};
use crate::value::{Limit, Object, Offset, Patch, SecretText};

endpoint! {
    /// Lists the JWT templates.
    pub struct ListJwtTemplates = "jwt_templates.list", ListJWTTemplates: Get "/jwt_templates", Read, Offset => List<JwtTemplate>;
    takes {
        /// Return the total beside the rows.
        query paginated: Option<bool>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Creates a JWT template: claims with shortcodes like `{{user.id}}`.
    pub struct CreateJwtTemplate = "jwt_templates.create", CreateJWTTemplate: Post "/jwt_templates", Create, None => JwtTemplate;
    needs {
        /// The name to request tokens by.
        body name: String,
        /// The claims, a JSON object.
        body claims: Object,
    }
    takes {
        /// Lifetime of tokens in seconds, at least 30; 60 by default.
        body lifetime in 30..=315_360_000: Patch<u64>,
        /// Allowed clock skew in seconds, at most 300.
        body allowed_clock_skew in 0..=300: Patch<u64>,
        /// Whether the template has its own signing key.
        body custom_signing_key: Option<bool>,
        /// The algorithm of its own key, such as `HS256`.
        body signing_algorithm: Patch<String>,
        /// Its own signing key: a shared secret or a private PEM key.
        body signing_key: Patch<SecretText>,
    }
}

endpoint! {
    /// Shows a JWT template.
    pub struct GetJwtTemplate = "jwt_templates.get", GetJWTTemplate: Get "/jwt_templates/{template_id}", Read, None => JwtTemplate;
    needs {
        /// The JWT template, `jtmpl_…`.
        path template_id: JwtTemplateId,
    }
}

endpoint! {
    /// Changes a JWT template. Give its name and all of its claims.
    pub struct UpdateJwtTemplate = "jwt_templates.update", UpdateJWTTemplate: Patch "/jwt_templates/{template_id}", Update, None => JwtTemplate;
    needs {
        /// The JWT template, `jtmpl_…`.
        path template_id: JwtTemplateId,
        /// The name to request tokens by.
        body name: String,
        /// The claims, a JSON object.
        body claims: Object,
    }
    takes {
        /// Lifetime of tokens in seconds, at least 30.
        body lifetime in 30..=315_360_000: Patch<u64>,
        /// Allowed clock skew in seconds, at most 300.
        body allowed_clock_skew in 0..=300: Patch<u64>,
        /// Whether the template has its own signing key.
        body custom_signing_key: Option<bool>,
        /// The algorithm of its own key, such as `HS256`.
        body signing_algorithm: Patch<String>,
        /// Its own signing key: a shared secret or a private PEM key.
        body signing_key: Patch<SecretText>,
    }
}

endpoint! {
    /// Deletes a JWT template. Its tokens stay valid until they expire.
    pub struct DeleteJwtTemplate = "jwt_templates.delete", DeleteJWTTemplate: Delete "/jwt_templates/{template_id}", Destroy, None => DeletedObject;
    needs {
        /// The JWT template, `jtmpl_…`.
        path template_id: JwtTemplateId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListJwtTemplates>(),
    Op::of::<CreateJwtTemplate>(),
    Op::of::<GetJwtTemplate>(),
    Op::of::<UpdateJwtTemplate>(),
    Op::of::<DeleteJwtTemplate>(),
];

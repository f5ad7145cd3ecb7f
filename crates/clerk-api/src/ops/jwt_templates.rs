//! Templates for tokens with claims of one's own.

use crate::declare::{Op, endpoint};
use crate::id::JwtTemplateId;
use crate::list::List;
use crate::model::{DeletedObject, JwtTemplate};
use crate::value::{Limit, Object, Offset, Patch, SecretText};

endpoint! {
    /// Lists the JWT templates.
    pub struct ListJwtTemplates = "jwt_templates.list", ListJWTTemplates: Get "/jwt_templates", Read, Offset => List<JwtTemplate>;
    takes {
        /// Answer with the total beside the rows.
        query paginated: Option<bool>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Makes a JWT template: claims for tokens, with shortcodes such as `{{user.id}}`.
    pub struct CreateJwtTemplate = "jwt_templates.create", CreateJWTTemplate: Post "/jwt_templates", Create, None => JwtTemplate;
    needs {
        /// The name by which tokens are asked for.
        body name: String,
        /// The claims, a JSON object.
        body claims: Object,
    }
    takes {
        /// Seconds that tokens live, at least 30; 60 by default.
        body lifetime in 30..=315_360_000: Patch<u64>,
        /// Seconds by which clocks may differ, at most 300.
        body allowed_clock_skew in 0..=300: Patch<u64>,
        /// Whether tokens are signed with a key of its own.
        body custom_signing_key: Option<bool>,
        /// How its own key signs, such as `HS256`.
        body signing_algorithm: Patch<String>,
        /// Its own key: a shared secret, or a private key in PEM.
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
    /// Changes a JWT template. Its name and its claims are given whole.
    pub struct UpdateJwtTemplate = "jwt_templates.update", UpdateJWTTemplate: Patch "/jwt_templates/{template_id}", Update, None => JwtTemplate;
    needs {
        /// The JWT template, `jtmpl_…`.
        path template_id: JwtTemplateId,
        /// The name by which tokens are asked for.
        body name: String,
        /// The claims, a JSON object.
        body claims: Object,
    }
    takes {
        /// Seconds that tokens live, at least 30.
        body lifetime in 30..=315_360_000: Patch<u64>,
        /// Seconds by which clocks may differ, at most 300.
        body allowed_clock_skew in 0..=300: Patch<u64>,
        /// Whether tokens are signed with a key of its own.
        body custom_signing_key: Option<bool>,
        /// How its own key signs, such as `HS256`.
        body signing_algorithm: Patch<String>,
        /// Its own key: a shared secret, or a private key in PEM.
        body signing_key: Patch<SecretText>,
    }
}

endpoint! {
    /// Deletes a JWT template. Tokens that were made from it hold until they expire.
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

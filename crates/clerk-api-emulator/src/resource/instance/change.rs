//! What each group of settings takes. Null leaves a setting as it is, where nothing else is said.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::rows::Group;
use super::wire::{
    Communication, DEFAULT_SCOPES, ENROLLMENT_MODES, General, OAuthApplications,
    OrganizationSettings, Protect, Restrictions,
};
use crate::http::body::{Body, Given};
use crate::http::check;
use crate::http::error::ApiError;
use crate::http::problem::{self, Problem};
use crate::resource::role_sets::rows as role_sets;
use crate::resource::roles::rows as roles;
use crate::store::Tx;

/// Ways to sign in that can be preferred to others; an empty text is none.
const STRATEGIES: [&str; 3] = ["password", "otp", ""];
/// Most countries of one request.
const MOST_COUNTRIES: usize = 250;
/// The countries of ISO 3166-1.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ \
BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET \
FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR \
IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN \
MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY \
QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR \
TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Settings that a request can change.
pub(super) trait Change: Group + Send + 'static {
    /// Applies a body; what is wrong with it is noted there.
    fn change(&mut self, body: &mut Body<'_>, tx: &Tx<'_>) -> Result<(), ApiError>;
}

fn flags<const N: usize>(body: &mut Body<'_>, flags: [(&str, &mut bool); N]) {
    for (param, slot) in flags {
        if let Given::Value(flag) = body.flag(param) {
            *slot = flag;
        }
    }
}

impl Change for General {
    fn change(&mut self, body: &mut Body<'_>, _: &Tx<'_>) -> Result<(), ApiError> {
        flags(
            body,
            [("test_mode", &mut self.test_mode), ("hibp", &mut self.hibp)],
        );
        // The older name of the one after it, which wins.
        for param in ["cookieless_dev", "url_based_session_syncing"] {
            flags(body, [(param, &mut self.url_based_session_syncing)]);
        }
        let support = body.text("support_email");
        if let Given::Value(email) = &support
            && !email.is_empty()
        {
            body.check(check::email("support_email", email).map(|_| ()));
        }
        support.apply(&mut self.support_email);
        body.text("clerk_js_version")
            .apply(&mut self.clerk_js_version);
        let origin = body.text("development_origin");
        if let Given::Value(text) = &origin {
            body.check(origin_problem("development_origin", text));
        }
        origin.apply(&mut self.development_origin);
        let origins = body.texts("allowed_origins");
        if let Some(origins) = body.not_null("allowed_origins", origins) {
            for origin in &origins {
                body.check(origin_problem("allowed_origins", origin));
            }
            self.allowed_origins = origins;
        }
        let param = "preferred_sign_in_strategy_when_password_required";
        if let Given::Value(strategy) = body.text(param) {
            if !STRATEGIES.contains(&strategy.as_str()) {
                body.problem(problem::value_invalid(param, &strategy));
            }
            self.preferred_sign_in_strategy_when_password_required =
                Some(strategy).filter(|strategy| !strategy.is_empty());
        }
        Ok(())
    }
}

/// Origins have a scheme, which may be that of a native app or an extension.
fn origin_problem(param: &str, origin: &str) -> Result<(), Problem> {
    let good = origin
        .split_once("://")
        .is_some_and(|(scheme, host)| !scheme.is_empty() && !host.is_empty());
    if good {
        Ok(())
    } else {
        Err(problem::format_invalid(param, "origin"))
    }
}

impl Change for Restrictions {
    fn change(&mut self, body: &mut Body<'_>, _: &Tx<'_>) -> Result<(), ApiError> {
        flags(
            body,
            [
                ("allowlist", &mut self.allowlist),
                ("blocklist", &mut self.blocklist),
                (
                    "allowlist_blocklist_disabled_on_sign_in",
                    &mut self.allowlist_blocklist_disabled_on_sign_in,
                ),
                (
                    "block_email_subaddresses",
                    &mut self.block_email_subaddresses,
                ),
                (
                    "block_disposable_email_domains",
                    &mut self.block_disposable_email_domains,
                ),
            ],
        );
        Ok(())
    }
}

impl Change for OrganizationSettings {
    fn change(&mut self, body: &mut Body<'_>, tx: &Tx<'_>) -> Result<(), ApiError> {
        flags(
            body,
            [
                ("enabled", &mut self.enabled),
                ("admin_delete_enabled", &mut self.admin_delete_enabled),
                ("domains_enabled", &mut self.domains_enabled),
                ("slug_disabled", &mut self.slug_disabled),
            ],
        );
        if let Given::Value(most) = body.whole("max_allowed_memberships") {
            if most < 0 {
                let problem = problem::value_invalid("max_allowed_memberships", &most.to_string());
                body.problem(problem);
            }
            self.max_allowed_memberships = most;
        }
        let modes = body.texts("domains_enrollment_modes");
        if let Some(modes) = body.not_null("domains_enrollment_modes", modes) {
            for mode in &modes {
                if !ENROLLMENT_MODES.contains(&mode.as_str()) {
                    body.problem(problem::value_invalid("domains_enrollment_modes", mode));
                }
            }
            // Inviting by hand is always possible.
            let on = |mode: &str| mode == ENROLLMENT_MODES[0] || modes.iter().any(|on| on == mode);
            self.domains_enrollment_modes = ENROLLMENT_MODES
                .into_iter()
                .filter(|mode| on(mode))
                .map(Cow::Borrowed)
                .collect();
        }
        change_roles(body, tx)
    }
}

/// The roles are those of the set that new organizations get, and are changed there.
fn change_roles(body: &mut Body<'_>, tx: &Tx<'_>) -> Result<(), ApiError> {
    let params = ["creator_role_id", "domains_default_role_id"];
    let [creator, default] = params.map(|param| body.text(param).value());
    if creator.is_none() && default.is_none() {
        return Ok(());
    }
    let mut known = role_sets::initial(tx.db())?;
    let members = role_sets::members(tx.db(), known.seq)?;
    for (param, id, slot) in [
        (params[0], creator, &mut known.creator_role),
        (params[1], default, &mut known.default_role),
    ] {
        let Some(id) = id else { continue };
        let (role, _) = roles::load(tx.db(), &id)?;
        if members.contains(&role) {
            *slot = role;
        } else {
            body.problem(problem::value_invalid(param, &id));
        }
    }
    if !body.is_good() {
        return Ok(());
    }
    let set = role_sets::read(tx.db(), known.seq)?;
    role_sets::save(tx, &known, &set)
}

impl Change for Protect {
    fn change(&mut self, body: &mut Body<'_>, _: &Tx<'_>) -> Result<(), ApiError> {
        flags(
            body,
            [
                ("rules_enabled", &mut self.rules_enabled),
                ("specter_enabled", &mut self.specter_enabled),
            ],
        );
        Ok(())
    }
}

impl Change for Communication {
    fn change(&mut self, body: &mut Body<'_>, _: &Tx<'_>) -> Result<(), ApiError> {
        let param = "blocked_country_codes";
        let Given::Value(codes) = body.texts(param) else {
            return Ok(());
        };
        if codes.len() > MOST_COUNTRIES {
            body.problem(problem::too_many(param, MOST_COUNTRIES));
        }
        let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        if codes.iter().any(|code| !is_code(code)) {
            body.problem(problem::format_invalid(param, "list of country codes"));
        }
        if has_duplicates(&codes) {
            body.problem(problem::duplicate(param));
        }
        let mut known = codes;
        known.retain(|code| COUNTRIES.split(' ').any(|country| country == code));
        self.blocked_country_codes = known;
        Ok(())
    }
}

impl Change for OAuthApplications {
    fn change(&mut self, body: &mut Body<'_>, _: &Tx<'_>) -> Result<(), ApiError> {
        flags(
            body,
            [
                (
                    "dynamic_oauth_client_registration",
                    &mut self.dynamic_oauth_client_registration,
                ),
                ("oauth_jwt_access_tokens", &mut self.oauth_jwt_access_tokens),
                (
                    "client_id_metadata_documents_advertised",
                    &mut self.client_id_metadata_documents_advertised,
                ),
                (
                    "client_id_metadata_documents_only_allow_pre_registered_clients",
                    &mut self.client_id_metadata_documents_only_allow_pre_registered_clients,
                ),
                (
                    "client_id_metadata_documents_block_implicitly_allowed_clients",
                    &mut self.client_id_metadata_documents_block_implicitly_allowed_clients,
                ),
            ],
        );
        match body.texts("default_scopes") {
            Given::Absent => {}
            Given::Null => self.default_scopes = DEFAULT_SCOPES.map(str::to_owned).to_vec(),
            Given::Value(scopes) => {
                if has_duplicates(&scopes) {
                    body.problem(problem::duplicate("default_scopes"));
                }
                self.default_scopes = scopes;
            }
        }
        Ok(())
    }
}

fn has_duplicates(texts: &[String]) -> bool {
    texts.iter().collect::<BTreeSet<_>>().len() != texts.len()
}

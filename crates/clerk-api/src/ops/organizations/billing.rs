//! What an organization pays for, and its credit balance.

use crate::declare::{Op, endpoint};
use crate::id::OrganizationId;
use crate::model::{CreditAction, CreditBalance, CreditLedgerEntry, Subscription};
use crate::value::IdempotencyKey;

endpoint! {
    /// Shows the subscription of an organization.
    pub struct GetOrganizationSubscription = "organizations.billing_subscription", GetOrganizationBillingSubscription: Get "/organizations/{organization_id}/billing/subscription", Read, None => Subscription;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
}

endpoint! {
    /// Shows the credit balance of an organization.
    pub struct GetOrganizationCredits = "organizations.billing_credits", GetOrganizationBillingCreditBalance: Get "/organizations/{organization_id}/billing/credits", Read, None => CreditBalance;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
}

// Not a create: the idempotency key makes a repetition answer with the first entry (reliability.md section 1).
endpoint! {
    /// Adds to the credit balance of an organization, or takes from it.
    pub struct AdjustOrganizationCredits = "organizations.adjust_billing_credits", AdjustOrganizationBillingCreditBalance: Post "/organizations/{organization_id}/billing/credits", Update, None => CreditLedgerEntry;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The amount in cents, above 0.
        body amount: u64,
        /// Whether to add to the balance or to take from it.
        body action: CreditAction,
    }
    takes {
        /// The currency, such as `USD` (the default).
        body currency: Option<String>,
        /// Makes a repetition harmless; made up where absent. A key that was used before answers with the first entry (spec: `AdjustOrganizationBillingCreditBalance`).
        body idempotency_key: Option<IdempotencyKey>,
        /// A remark for the ledger.
        body note: Option<String>,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<GetOrganizationSubscription>(),
    Op::of::<GetOrganizationCredits>(),
    Op::of::<AdjustOrganizationCredits>(),
];

//! What a user pays for, and its credit balance.

use crate::declare::{Op, endpoint};
use crate::id::UserId;
use crate::model::{CreditAction, CreditBalance, CreditLedgerEntry, Subscription};
use crate::value::IdempotencyKey;

endpoint! {
    /// Shows the subscription of a user.
    pub struct GetUserSubscription = "users.billing_subscription", GetUserBillingSubscription: Get "/users/{user_id}/billing/subscription", Read, None => Subscription;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Shows the credit balance of a user.
    pub struct GetUserCredits = "users.billing_credits", GetUserBillingCreditBalance: Get "/users/{user_id}/billing/credits", Read, None => CreditBalance;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

// Not a create: the idempotency key makes a repetition answer with the first entry (reliability.md section 1).
endpoint! {
    /// Adds to the credit balance of a user, or takes from it.
    pub struct AdjustUserCredits = "users.adjust_billing_credits", AdjustUserBillingCreditBalance: Post "/users/{user_id}/billing/credits", Update, None => CreditLedgerEntry;
    needs {
        /// The user.
        path user_id: UserId,
        /// The amount in cents, above 0.
        body amount: u64,
        /// Whether to add to the balance or to take from it.
        body action: CreditAction,
    }
    takes {
        /// The currency, such as `USD` (the default).
        body currency: Option<String>,
        /// Makes a repetition harmless; made up where absent. A key that was used before answers with the first entry (spec: `AdjustUserBillingCreditBalance`).
        body idempotency_key: Option<IdempotencyKey>,
        /// A remark for the ledger.
        body note: Option<String>,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<GetUserSubscription>(),
    Op::of::<GetUserCredits>(),
    Op::of::<AdjustUserCredits>(),
];

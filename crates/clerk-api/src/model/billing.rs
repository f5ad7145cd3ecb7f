//! What users and organizations pay for. Totals and their parts are kept as JSON: they are for display, and change often.

use super::Json;
use crate::id::{OrganizationId, UserId};
use crate::time::Timestamp;
use crate::value::choice;

choice! {
    /// Which way a credit balance is changed.
    pub enum CreditAction {
        Increase = "increase",
        Decrease = "decrease",
    }
}

model! {
    /// An amount of money (spec: `CommerceMoneyResponse`).
    pub struct Money {
        /// The amount in the currency's smallest unit.
        amount: i64,
        /// The amount as text.
        amount_formatted: String,
        /// The currency, such as `USD`.
        currency: String,
        /// The currency's symbol.
        currency_symbol: String,
    }
}

model! {
    /// A credit balance (spec: `CommerceCreditBalanceResponse`).
    pub struct CreditBalance {
        /// The kind of object.
        object: String,
        /// The balance; none where there never was a credit.
        balance: Money,
    }
}

model! {
    /// One change of a credit balance (spec: `CommerceCreditLedgerResponse`).
    pub struct CreditLedgerEntry {
        always {
            /// The id.
            id: String,
        }
        /// `commerce_credit_ledger`.
        object: String,
        /// Whose balance it is.
        payer_id: String,
        /// The amount; below 0 where it was taken away.
        amount: Money,
        /// The kind of thing it came from, such as `grant`.
        source_type: String,
        /// What it came from.
        source_id: String,
        /// A remark.
        note: String,
        /// When it was made, as RFC 3339 text and not in milliseconds (spec: `CommerceCreditLedgerResponse`).
        created_at: String,
    }
}

model! {
    /// What a user or an organization pays for (spec: `CommerceSubscription`).
    pub struct Subscription {
        always {
            /// The id.
            id: String,
        }
        /// `commerce_subscription`.
        object: String,
        /// The instance.
        instance_id: String,
        /// How it is, such as `active` or `past_due`.
        status: String,
        /// Who pays.
        payer_id: String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// When it became active.
        active_at: Timestamp,
        /// Since when a payment is due.
        past_due_at: Timestamp,
        /// Its parts.
        subscription_items: Vec<SubscriptionItem>,
        /// The next payment.
        next_payment: NextPayment,
        /// Whether a free trial is possible.
        eligible_for_free_trial: bool,
    }
}

model! {
    /// One part of a subscription: a plan and its dates (spec: `CommerceSubscriptionItem`).
    pub struct SubscriptionItem {
        always {
            /// The id.
            id: String,
        }
        /// `commerce_subscription_item`.
        object: String,
        /// The instance.
        instance_id: String,
        /// How it is, such as `active` or `upcoming`.
        status: String,
        /// The credit for what is left of the period.
        credit: Json,
        /// All credits.
        credits: Json,
        /// The plan.
        plan_id: String,
        /// The price.
        price_id: String,
        /// The plan.
        plan: BillingPlan,
        /// `month` or `annual`.
        plan_period: String,
        /// How it is paid.
        payment_method: PaymentMethod,
        /// What was paid in all.
        lifetime_paid: Money,
        /// The next payment.
        next_payment: NextPayment,
        /// Who pays.
        payer_id: String,
        /// Who pays.
        payer: Payer,
        /// Whether it is a free trial.
        is_free_trial: bool,
        /// When the period began.
        period_start: Timestamp,
        /// When the period ends.
        period_end: Timestamp,
        /// The date from which parts of a period are counted, as text.
        proration_date: String,
        /// When it was canceled.
        canceled_at: Timestamp,
        /// Since when a payment is due.
        past_due_at: Timestamp,
        /// When it ended.
        ended_at: Timestamp,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// The seats.
        seats: Json,
        /// The totals.
        totals: Json,
    }
}

model! {
    /// A payment that will come (spec: `CommerceSubscriptionNextPayment`).
    pub struct NextPayment {
        /// When.
        date: Timestamp,
        /// How much.
        amount: Money,
        /// How much per unit.
        per_unit_totals: Vec<Json>,
        /// The totals.
        totals: Json,
    }
}

model! {
    /// A plan (spec: `CommercePlan`).
    pub struct BillingPlan {
        always {
            /// The id.
            id: String,
        }
        /// `commerce_plan`.
        object: String,
        /// The name.
        name: String,
        /// The fee of a month.
        fee: Money,
        /// The fee of a month if a year is paid.
        annual_monthly_fee: Money,
        /// The fee of a year.
        annual_fee: Money,
        /// What it is.
        description: String,
        /// The product.
        product_id: String,
        /// Whether everybody has it at first.
        is_default: bool,
        /// Whether it is paid again and again.
        is_recurring: bool,
        /// Whether it is shown to everybody.
        publicly_visible: bool,
        /// Whether there is a fee beside units.
        has_base_fee: bool,
        /// Whom it is for.
        for_payer_type: String,
        /// The slug.
        slug: String,
        /// The picture's address.
        avatar_url: String,
        /// What it holds.
        features: Vec<Json>,
        /// Whether it begins with a free trial.
        free_trial_enabled: bool,
        /// How long the trial is.
        free_trial_days: i64,
        /// The prices of units.
        unit_prices: Vec<Json>,
    }
}

model! {
    /// How something is paid (spec: `CommercePaymentMethodResponse`).
    pub struct PaymentMethod {
        always {
            /// The id.
            id: String,
        }
        /// `commerce_payment_method`.
        object: String,
        /// Who pays.
        payer_id: String,
        /// `card`, `link` or `payer-credits`.
        payment_type: String,
        /// Whether it is used unless another is named.
        is_default: bool,
        /// The payment service.
        gateway: String,
        /// The payment service's id for it.
        gateway_external_id: String,
        /// The payment service's id for the account.
        gateway_external_account_id: String,
        /// The last four digits.
        last4: String,
        /// `active` or `disconnected`.
        status: String,
        /// The wallet it is in.
        wallet_type: String,
        /// The kind of card.
        card_type: String,
        /// The year in which the card ends.
        expiry_year: i64,
        /// The month in which the card ends.
        expiry_month: i64,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// Whether it can be taken away.
        is_removable: bool,
    }
}

model! {
    /// Who pays (spec: `CommercePayerResponse`).
    pub struct Payer {
        always {
            /// The id.
            id: String,
        }
        /// `commerce_payer`.
        object: String,
        /// The instance.
        instance_id: String,
        /// The user, if it is one.
        user_id: UserId,
        /// The user's given name.
        first_name: String,
        /// The user's family name.
        last_name: String,
        /// The user's email address.
        email: String,
        /// The organization, if it is one.
        organization_id: OrganizationId,
        /// The organization's name.
        organization_name: String,
        /// The picture's address.
        image_url: String,
        /// The credit balance.
        credits_balance: Money,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

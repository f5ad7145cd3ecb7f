//! Credits of users and organizations: balances in cents and the ledger of their adjustments.

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::Connection;
use serde::Serialize;

use super::rows::{self, Entry};
use crate::app::App;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::problem;
use crate::store::Tx;

/// The only currency of an instance.
const CURRENCY: &str = "USD";
const SYMBOL: &str = "$";
/// Most cents that a balance may come to: what JavaScript counts exactly.
const MOST: i64 = (1 << 53) - 1;

#[derive(Serialize)]
struct Money {
    amount: i64,
    amount_formatted: String,
    currency: &'static str,
    currency_symbol: &'static str,
}

impl Money {
    fn of(cents: i64) -> Self {
        let sign = if cents < 0 { "-" } else { "" };
        let (whole, part) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
        Self {
            amount: cents,
            amount_formatted: format!("{sign}{SYMBOL}{whole}.{part:02}"),
            currency: CURRENCY,
            currency_symbol: SYMBOL,
        }
    }
}

#[derive(Serialize)]
struct Ledger<'a> {
    object: &'static str,
    id: String,
    payer_id: &'a str,
    amount: Money,
    source_type: &'static str,
    source_id: String,
    note: Option<&'a str>,
    created_at: String,
}

/// What a request wants done to a balance.
#[derive(Debug)]
pub(crate) struct Adjustment {
    /// Negative for a decrease.
    cents: i64,
    key: String,
    note: Option<String>,
}

impl Adjustment {
    pub(crate) fn read(bytes: &Bytes) -> Result<Self, ApiError> {
        let mut body = Body::parse(bytes)?;
        let amount = body.whole("amount");
        match amount {
            Given::Value(cents) if cents <= 0 => {
                body.problem(problem::value_invalid("amount", &cents.to_string()));
            }
            Given::Value(cents) if cents > MOST => {
                body.problem(problem::too_large("amount", MOST));
            }
            _ => {}
        }
        let amount = body.required("amount", amount);
        let action = body.text("action");
        if let Given::Value(other) = &action
            && !matches!(other.as_str(), "increase" | "decrease")
        {
            body.problem(problem::value_invalid("action", other));
        }
        let action = body.required("action", action);
        let key = body.text("idempotency_key");
        if matches!(&key, Given::Value(text) if text.is_empty()) {
            body.problem(problem::too_short("idempotency_key", 1));
        }
        let key = body.required("idempotency_key", key);
        let currency = body.text("currency").value();
        if let Some(other) = currency.filter(|text| !text.eq_ignore_ascii_case(CURRENCY)) {
            body.problem(problem::value_invalid("currency", &other));
        }
        let note = body.text("note").value();
        body.finish(Unknown::Refuse)?;
        let cents = if action == "decrease" {
            -amount
        } else {
            amount
        };
        Ok(Self { cents, key, note })
    }
}

/// Writes a payer's balance.
pub(crate) fn balance(db: &Connection, payer: &str) -> Result<Vec<u8>, ApiError> {
    #[derive(Serialize)]
    struct Balance {
        object: &'static str,
        balance: Option<Money>,
    }
    let cents = rows::balance(db, payer)?;
    Ok(serde_json::to_vec(&Balance {
        object: "commerce_credit_balance",
        balance: cents.map(Money::of),
    })?)
}

/// Adjusts a payer's balance, unless that was done before with the same key; returns the entry's JSON.
pub(crate) fn adjust(
    app: &App,
    tx: &Tx<'_>,
    payer: &str,
    adjustment: &Adjustment,
) -> Result<String, ApiError> {
    if let Some(wire) = rows::made_with(tx.db(), payer, &adjustment.key)? {
        return Ok(wire);
    }
    let before = rows::balance(tx.db(), payer)?.unwrap_or(0);
    let after = before + adjustment.cents;
    if after < 0 {
        return Err(problem::too_large("amount", before).into());
    }
    if after > MOST {
        return Err(problem::too_large("amount", MOST - before).into());
    }
    let now = app.clock.now();
    let wire = serde_json::to_string(&Ledger {
        object: "commerce_credit_ledger",
        id: app.new_id("cled", now),
        payer_id: payer,
        amount: Money::of(adjustment.cents),
        source_type: "grant",
        source_id: app.new_id("cgrant", now),
        note: adjustment.note.as_deref(),
        created_at: Timestamp::from_millisecond(now)
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .to_string(),
    })?;
    rows::insert(
        tx,
        &Entry {
            payer,
            key: &adjustment.key,
            balance: after,
            wire: &wire,
        },
    )?;
    Ok(wire)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_with_two_decimals() {
        let written = |cents| Money::of(cents).amount_formatted;
        assert_eq!(written(0), "$0.00");
        assert_eq!(written(4999), "$49.99");
        assert_eq!(written(-305), "-$3.05");
    }
}

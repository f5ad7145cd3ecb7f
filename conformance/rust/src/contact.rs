//! Calls of the crate's modules for e-mail addresses and phone numbers.

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::{email_addresses_api as email, phone_numbers_api as phone};

use crate::args::{Args, Outcome, done};

/// Runs an operation on e-mail addresses or phone numbers; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let address = args.text("email_address_id");
    Ok(Some(match op {
        "CreateEmailAddress" => done(email::create_email_address(config, Some(args.body()?)).await),
        "GetEmailAddress" => done(email::get_email_address(config, address).await),
        "UpdateEmailAddress" => {
            done(email::update_email_address(config, address, Some(args.body()?)).await)
        }
        "DeleteEmailAddress" => done(email::delete_email_address(config, address).await),
        "PrepareEmailAddressVerification" => {
            done(email::prepare_email_address_verification(config, address).await)
        }
        "AttemptEmailAddressVerification" => {
            done(email::attempt_email_address_verification(config, address, args.body()?).await)
        }
        "ReplaceUserEmailAddress" => done(
            email::replace_user_email_address(config, args.text("user_id"), args.body()?).await,
        ),
        _ => return on_numbers(config, op, args).await,
    }))
}

async fn on_numbers(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let number = args.text("phone_number_id");
    Ok(Some(match op {
        "CreatePhoneNumber" => done(phone::create_phone_number(config, Some(args.body()?)).await),
        "GetPhoneNumber" => done(phone::get_phone_number(config, number).await),
        "UpdatePhoneNumber" => {
            done(phone::update_phone_number(config, number, Some(args.body()?)).await)
        }
        "DeletePhoneNumber" => done(phone::delete_phone_number(config, number).await),
        "PreparePhoneNumberVerification" => {
            done(phone::prepare_phone_number_verification(config, number).await)
        }
        "AttemptPhoneNumberVerification" => {
            done(phone::attempt_phone_number_verification(config, number, args.body()?).await)
        }
        "ReplaceUserPhoneNumber" => {
            done(phone::replace_user_phone_number(config, args.text("user_id"), args.body()?).await)
        }
        _ => return Ok(None),
    }))
}

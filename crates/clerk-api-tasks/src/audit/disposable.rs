//! The best-known services for throw-away mailboxes. A list of all would be thousands long and change every day.

/// Domains of such services, sorted.
pub const DOMAINS: &[&str] = &[
    "10minutemail.com",
    "10minutemail.net",
    "20minutemail.com",
    "33mail.com",
    "anonaddy.me",
    "burnermail.io",
    "byom.de",
    "chacuo.net",
    "cool.fr.nf",
    "deadaddress.com",
    "discard.email",
    "discardmail.com",
    "disposablemail.com",
    "dispostable.com",
    "dropmail.me",
    "emailfake.com",
    "emailondeck.com",
    "fakeinbox.com",
    "fakemail.net",
    "fakemailgenerator.com",
    "getairmail.com",
    "getnada.com",
    "grr.la",
    "guerrillamail.biz",
    "guerrillamail.com",
    "guerrillamail.de",
    "guerrillamail.info",
    "guerrillamail.net",
    "guerrillamail.org",
    "guerrillamailblock.com",
    "harakirimail.com",
    "inboxbear.com",
    "inboxkitten.com",
    "jetable.org",
    "linshiyouxiang.net",
    "mail-temp.com",
    "mail.tm",
    "mail7.io",
    "mailcatch.com",
    "maildrop.cc",
    "mailexpire.com",
    "mailinator.com",
    "mailinator.net",
    "mailinator2.com",
    "mailnesia.com",
    "mailnull.com",
    "mailpoof.com",
    "mailsac.com",
    "meltmail.com",
    "mintemail.com",
    "minuteinbox.com",
    "moakt.com",
    "mohmal.com",
    "mt2015.com",
    "mytemp.email",
    "mytrashmail.com",
    "nada.email",
    "sharklasers.com",
    "shortmail.net",
    "sneakemail.com",
    "spam4.me",
    "spambog.com",
    "spambox.us",
    "spamex.com",
    "spamfree24.org",
    "spamgourmet.com",
    "temp-mail.io",
    "temp-mail.org",
    "tempail.com",
    "tempinbox.com",
    "tempmail.com",
    "tempmail.net",
    "tempmail.plus",
    "tempmailaddress.com",
    "tempmailo.com",
    "tempr.email",
    "throwawaymail.com",
    "trash-mail.com",
    "trashmail.com",
    "trashmail.de",
    "trashmail.me",
    "trashmail.net",
    "trbvm.com",
    "wegwerfmail.de",
    "wegwerfmail.net",
    "yopmail.com",
    "yopmail.fr",
    "yopmail.net",
];

/// The table that rules find them in.
pub const TABLE: &str = "disposable_domains";

/// The statement that makes the table on an engine.
#[must_use]
pub fn as_view(is_sqlite: bool) -> String {
    let rows: Vec<String> = DOMAINS
        .iter()
        .map(|domain| format!("('{domain}')"))
        .collect();
    let rows = rows.join(", ");
    if is_sqlite {
        return format!(
            "CREATE TEMP VIEW {TABLE} AS\nSELECT column1 AS domain FROM (VALUES {rows});\n"
        );
    }
    format!(
        "CREATE OR REPLACE TEMPORARY VIEW {TABLE} AS\nSELECT domain FROM (VALUES {rows}) AS t (domain);\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_has_no_doubles() {
        assert!(DOMAINS.is_sorted_by(|a, b| a < b));
    }
}

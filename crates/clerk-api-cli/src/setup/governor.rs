//! The rate governor of a connection: which limits it knows, how much of them it takes, and the file that it shares with other processes.

use std::num::NonZeroU32;
use std::sync::Arc;

use clerk_api::SecretKey;
use clerk_api::transport::TokioClock;
use clerk_api_tasks::governor::{Governor, Limit, Share, Table};
use http::Uri;

use crate::setup::config::{LimitChoice, LimitNumbers, Settings};
use crate::show::ui::Ui;

/// Makes the governor for a key and a server. It opens no file before the first permit that needs it.
pub(crate) fn governor(settings: &Settings, key: &SecretKey, url: &str, ui: &Ui) -> Arc<Governor> {
    let live = key.is_live();
    let usual = if live { Share::LIVE } else { Share::TEST };
    let share = settings.pacing.share.as_ref();
    let share = share.map_or(usual, |share| share.value);
    let table = table(&settings.pacing.limits.value, live, url);
    let governor = Governor::new(table, share, Arc::new(TokioClock::default()));
    let governor = match &settings.state_dir {
        Some(folder) => {
            let file = format!("{}.db", key.fingerprint());
            governor.shared_in(folder.join("governor").join(file))
        }
        None => governor.unshared("your home folder is not known"),
    };
    Arc::new(governor.on_warning(ui.warner()))
}

fn table(choice: &LimitChoice, live: bool, url: &str) -> Option<Table> {
    match choice {
        LimitChoice::None => None,
        LimitChoice::Auto if is_this_machine(url) => None,
        LimitChoice::Auto => Some(Table::published(live)),
        LimitChoice::Live => Some(Table::published(true)),
        LimitChoice::Test => Some(Table::published(false)),
        LimitChoice::Numbers(numbers) => Some(with(Table::published(live), numbers)),
    }
}

/// Where other numbers are set they count.
fn with(mut table: Table, numbers: &LimitNumbers) -> Table {
    let set = |limit: &mut Limit, number: Option<NonZeroU32>| {
        if let Some(number) = number {
            limit.requests = number.get();
        }
    };
    set(&mut table.instance, numbers.instance_per_10s);
    set(&mut table.object, numbers.object_per_10s);
    set(&mut table.invitations, numbers.invitations_per_hour);
    set(
        &mut table.bulk_invitations,
        numbers.bulk_invitations_per_hour,
    );
    set(
        &mut table.organization_invitations,
        numbers.organization_invitations_per_hour,
    );
    set(
        &mut table.bulk_organization_invitations,
        numbers.bulk_organization_invitations_per_hour,
    );
    table
}

/// Whether the server is on this machine: nobody's limits are known there.
fn is_this_machine(url: &str) -> bool {
    let Ok(url) = url.parse::<Uri>() else {
        return false;
    };
    let host = url.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_follow_the_setting_then_the_server_then_the_key() {
        let clerk = "https://api.clerk.com";
        let requests = |choice: &LimitChoice, live, url| {
            table(choice, live, url).map(|table| table.instance.requests)
        };
        assert_eq!(requests(&LimitChoice::Auto, true, clerk), Some(1_000));
        assert_eq!(requests(&LimitChoice::Auto, false, clerk), Some(100));
        for here in [
            "http://localhost:3000/v1",
            "http://127.0.0.1:1",
            "http://[::1]:80",
        ] {
            assert_eq!(requests(&LimitChoice::Auto, false, here), None, "{here}");
            assert_eq!(requests(&LimitChoice::Test, false, here), Some(100));
        }
        assert_eq!(requests(&LimitChoice::None, true, clerk), None);
        let numbers = LimitNumbers {
            instance_per_10s: NonZeroU32::new(70),
            ..LimitNumbers::default()
        };
        let table = table(&LimitChoice::Numbers(numbers), true, clerk).unwrap();
        assert_eq!(table.instance.requests, 70);
        assert_eq!(table.invitations.requests, 100);
    }
}

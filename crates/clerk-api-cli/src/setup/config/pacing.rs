//! The settings of the rate governor: how much of the limits is taken, and which limits there are.

use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::governor::Share;

use super::file::{LimitNumbers, LimitSetting};
use super::{Environment, File, Flags, Profile, Source, Sourced};

/// How requests are paced.
#[derive(Debug)]
pub(crate) struct Pacing {
    /// The share that was asked for; otherwise the kind of key decides.
    pub(crate) share: Option<Sourced<Share>>,
    pub(crate) limits: Sourced<LimitChoice>,
}

/// Which limits the server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LimitChoice {
    /// Those that Clerk publishes for the kind of key; none on this machine.
    Auto,
    Live,
    Test,
    None,
    Numbers(LimitNumbers),
}

impl LimitChoice {
    /// The setting in a word.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Live => "live",
            Self::Test => "test",
            Self::None => "none",
            Self::Numbers(_) => "numbers",
        }
    }
}

impl Pacing {
    pub(super) fn merge(
        flags: &Flags,
        env: &Environment,
        profile: &Profile,
        file: &File,
        of_profile: &Source,
    ) -> Outcome<Self> {
        Ok(Self {
            share: share(flags, env, profile, file, of_profile)?,
            limits: limits(profile, file, of_profile)?,
        })
    }
}

fn share(
    flags: &Flags,
    env: &Environment,
    profile: &Profile,
    file: &File,
    of_profile: &Source,
) -> Outcome<Option<Sourced<Share>>> {
    if let Some(text) = &flags.share {
        let share = text
            .parse()
            .map_err(|error| Problem::usage(format!("--share: {error}")))?;
        return Ok(Some(Sourced::new(share, Source::Flag("share"))));
    }
    let wrong = |error, source: &Source| Problem::config(format!("{error} ({source})"));
    if let Some(text) = &env.share {
        let source = Source::Env("CLERK_API_SHARE");
        let share = text.parse().map_err(|error| wrong(error, &source))?;
        return Ok(Some(Sourced::new(share, source)));
    }
    for (number, source) in [(profile.share, of_profile), (file.share, &Source::File)] {
        if let Some(number) = number {
            let share = Share::new(number).map_err(|error| wrong(error, source))?;
            return Ok(Some(Sourced::new(share, source.clone())));
        }
    }
    Ok(None)
}

fn limits(profile: &Profile, file: &File, of_profile: &Source) -> Outcome<Sourced<LimitChoice>> {
    for (setting, source) in [(&profile.limits, of_profile), (&file.limits, &Source::File)] {
        let choice = match setting {
            None => continue,
            Some(LimitSetting::Numbers(numbers)) => LimitChoice::Numbers(numbers.clone()),
            Some(LimitSetting::Word(word)) => match word.as_str() {
                "auto" => LimitChoice::Auto,
                "live" => LimitChoice::Live,
                "test" => LimitChoice::Test,
                "none" => LimitChoice::None,
                _ => {
                    return Err(Problem::config(format!(
                        "limits is auto, live, test, none or a table of numbers, not {word:?} ({source})"
                    )));
                }
            },
        };
        return Ok(Sourced::new(choice, source.clone()));
    }
    Ok(Sourced::new(LimitChoice::Auto, Source::Default))
}

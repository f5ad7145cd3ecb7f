//! `onboard`: an organization with its people, made or completed by one call.

use std::rc::Rc;

use clerk_api_admin::call::operation;
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::sending::Sending;
use clerk_api_tasks::job::{Job, NewPlace};
use clerk_api_tasks::teams::{Made, Onboarding, Sheet, Team, TeamWork, Wanted, report};
use serde_json::{Value, json};

use super::running::{self, StopsWithIt};
use super::{jobs, people};
use crate::answer::Answer;
use crate::approval::{Approval, Ended, digest};
use crate::arguments::Arguments;
use crate::session::Connected;
use crate::settings::Level;
use crate::turn::Turn;

/// The kind of these jobs, as the command line has it.
const KIND: &str = "onboard";
/// The most people of one call (reliability.md 10.4).
const MOST: usize = 50;

pub(super) async fn onboard(turn: &Turn, arguments: &Arguments) -> Ended {
    turn.session
        .check_level(Level::Write, "create an organization")?;
    let team = team(arguments)?;
    let connected = turn.connected().await?;
    let client = &connected.connection.client;
    let text = serde_json::to_string(&team)
        .map_err(|error| Problem::io("cannot write the team down", &error))?;
    let mut onboarding = Onboarding::look(client, vec![team]).await?;
    if arguments.is_true("plan") {
        let facts = json!({"planned": true, "invites": onboarding.invited().len()});
        return Ok(Answer::one(&turn.cleaner(), facts, onboarding.planned()));
    }
    let invites = approve(turn, &connected, &onboarding, &text).await?;
    let settings = &turn.session.settings;
    let place = NewPlace::make(&jobs::folder(settings)?, settings.now())?;
    make(turn, &connected, &mut onboarding).await?;
    let (made, entries) = (onboarding.made(), onboarding.entries());
    if entries.is_empty() && !onboarding.has_created() {
        return Ok(done(turn, &connected, &made, None, None).await?);
    }
    let work = Rc::new(TeamWork::new(
        Sheet::write(&place.rows(), &entries)?,
        invites,
    ));
    onboarding.keep(&place)?;
    let meta = operation("organizations.add_member")?;
    let mut about = running::meta(&connected, KIND, meta.name, Value::Null);
    about.sha256 = digest(&text);
    let job = Job::make((*place).clone(), about, &*work)?;
    place.keep();
    let id = job.place().id();
    let decider = turn.session.decider(&connected, meta).await?;
    let (control, mut task) = running::begin(turn, &connected, job, work.clone(), decider);
    let mut stops = StopsWithIt(Some(control.clone()));
    // If it takes longer, the job goes on alone.
    match tokio::time::timeout(settings.patience(), &mut task).await {
        Ok(ended) => {
            let (job, _) = running::ended(ended)?;
            Ok(done(turn, &connected, &made, Some(work.sheet()), Some(&job)).await?)
        }
        Err(_) => {
            stops.0 = None;
            running::keep(turn, &id, control, task);
            let note = "the organization is there and its people still join; the tool jobs tells how far it is";
            Ok(Answer::started(id, json!({"note": note})))
        }
    }
}

fn team(arguments: &Arguments) -> Outcome<Team> {
    let people = [("admins", "org:admin"), ("members", "org:member")];
    let people: Vec<Wanted> = people
        .into_iter()
        .flat_map(|(name, role)| {
            arguments.texts(name).into_iter().map(move |who| Wanted {
                line: 0,
                organization: None,
                who,
                role: role.to_owned(),
            })
        })
        .collect();
    if people.len() > MOST {
        return Err(
            Problem::usage(format!("one call takes {MOST} people at most"))
                .hint("call it again with the others: what is there stays"),
        );
    }
    Ok(Team {
        line: 0,
        name: arguments.needed("name").to_owned(),
        slug: arguments.text("slug").map(str::to_owned),
        created_by: arguments.text("created_by").map(str::to_owned),
        max_members: arguments.number("max_members"),
        people,
    })
}

/// Gets a person's yes where somebody is invited; says whether anybody is. Nobody else may be by the time the job runs.
async fn approve(
    turn: &Turn,
    connected: &Connected,
    onboarding: &Onboarding,
    team: &str,
) -> Ended<bool> {
    let invited: Vec<String> = onboarding
        .invited()
        .into_iter()
        .map(str::to_owned)
        .collect();
    if invited.is_empty() {
        return Ok(false);
    }
    turn.session
        .check_level(Level::Invite, "invite people who have no account")?;
    people::check_domains(&turn.session.settings, &invited)?;
    let expected = match invited.as_slice() {
        [one] => one.clone(),
        many => format!("invite {} people", many.len()),
    };
    let says = onboarding.says().join("; ");
    let approval = Approval {
        plan: format!("{team} {says}"),
        says: super::perform::capitalized(&says),
        expected,
    };
    turn.approve(connected, approval).await?;
    turn.session
        .spend(connected, Level::Invite, invited.len() as u64)?;
    Ok(true)
}

async fn make(turn: &Turn, connected: &Connected, onboarding: &mut Onboarding) -> Outcome<()> {
    let client = &connected.connection.client;
    let entries = &turn.session.settings.protected;
    let meta = operation("organizations.create")?;
    let protected = if Protected::matters(entries, meta) {
        Some(Protected::load_all(client.clone(), entries, meta).await?)
    } else {
        None
    };
    onboarding
        .make(client, &Sending::default(), protected.as_ref())
        .await
}

async fn done(
    turn: &Turn,
    connected: &Connected,
    made: &[Made],
    sheet: Option<&Sheet>,
    job: Option<&Job>,
) -> Outcome<Answer> {
    let document = report(&connected.connection.client, made, sheet, job).await?;
    let mut facts = json!({"done": true});
    if let Some(job) = job {
        let counts = job.counts()?;
        let failed = counts.with(clerk_api_tasks::job::Outcome::Failed);
        facts = json!({"done": failed == 0, "failed": failed, "job": job.place().id()});
    }
    Ok(Answer::one(
        &turn.cleaner(),
        facts,
        json!({"teams": document["teams"]}),
    ))
}

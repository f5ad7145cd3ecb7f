//! How the command line gets a confirmation: a flag, a prompt, or a full id that was written out (reliability.md section 6).

mod changes;
mod job;

use clerk_api_admin::call::Call;
use clerk_api_admin::guard::requirement::{Facts, Place, Requirement};
use clerk_api_admin::problem::{Outcome, Problem};

pub(super) use changes::{for_changes, for_several};
pub(super) use job::{check_early, for_job};

use crate::setup::context::{Context, Link};
use crate::show::ui::Ui;

/// What a yes can come from.
#[derive(Debug, Clone, Copy)]
struct Means {
    /// Whether someone can be asked.
    can_ask: bool,
    /// Whether `--yes` was given.
    yes: bool,
    /// Whether the settings want a yes also where an id counts as one.
    always: bool,
    /// Whether the object was named by its id, and not by something that was looked up.
    by_id: bool,
}

/// What is left to do before the write.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Proceed,
    /// Ask y/N.
    Ask(String),
    /// Ask for this text to be typed.
    Type {
        question: String,
        expected: String,
    },
}

/// One line before a write, for people (reliability.md 6.4).
pub(super) fn announce(context: &Context, link: &Link) {
    let environment = if link.live { "live" } else { "test" };
    let place = if link.local {
        "local instance"
    } else {
        "instance"
    };
    context
        .ui
        .tell(&format!("{environment} {place} at {}", link.url));
}

/// Gets the yes for a call on one object, or refuses.
pub(super) fn for_one(
    context: &Context,
    link: &Link,
    call: &Call,
    id: Option<&str>,
    by_id: bool,
) -> Outcome<()> {
    get(
        context,
        &Facts::of_one(call, id, place(context, link)),
        by_id,
    )
}

fn place(context: &Context, link: &Link) -> Place {
    Place {
        live: link.live,
        read_only: context.settings.read_only.value,
    }
}

fn get(context: &Context, facts: &Facts, by_id: bool) -> Outcome<()> {
    let means = Means {
        can_ask: context.can_ask(),
        yes: context.flags.yes,
        always: context.settings.confirm_always.value,
        by_id,
    };
    carry_out(step(facts, means)?, &context.ui)
}

/// What is left to do for a requirement. Nothing but the arguments goes in.
fn step(facts: &Facts, means: Means) -> Outcome<Step> {
    let requirement = facts.requirement();
    let question = facts.question(&requirement);
    let step = match requirement {
        Requirement::None => return Ok(Step::Proceed),
        Requirement::Refused(problem) => return Err(problem),
        Requirement::Plan => return Err(needs_plan(facts)),
        Requirement::Confirm => Step::Ask(question),
        Requirement::Type(expected) => Step::Type {
            question: format!("{question} Type {expected} to continue:"),
            expected,
        },
    };
    if means.yes {
        return Ok(Step::Proceed);
    }
    if means.can_ask {
        return Ok(step);
    }
    unasked(facts, means)
}

/// What counts as a confirmation without a terminal.
fn unasked(facts: &Facts, means: Means) -> Outcome<Step> {
    let action = &facts.action;
    let refuse = |message: String, hint: &str| Err(Problem::refused(message).hint(hint));
    if !facts.destroys_one() {
        return refuse(
            format!("cannot {action}: not confirmed"),
            "there is no terminal to ask on: add --yes",
        );
    }
    if means.always {
        return refuse(
            format!("cannot {action}: not confirmed"),
            "this always needs confirmation: add --yes",
        );
    }
    if !means.by_id {
        return refuse(
            format!(
                "cannot {action}: not confirmed: without --yes, every object needs its full id"
            ),
            "there is no terminal to ask on: add --yes, or name every object by its full id",
        );
    }
    Ok(Step::Proceed)
}

fn needs_plan(facts: &Facts) -> Box<Problem> {
    let action = &facts.action;
    Problem::refused(format!(
        "cannot {action}: destroying many objects of a live instance needs a plan"
    ))
    .hint("put the ids into a file and use --rows FILE --plan; or name a single id on the command line")
}

/// Asks what has to be asked. A declined or closed prompt sends nothing.
fn carry_out(step: Step, ui: &Ui) -> Outcome<()> {
    let agreed = match step {
        Step::Proceed => true,
        Step::Ask(question) => {
            let answer = ui.ask(&format!("{question} [y/N]"));
            answer.is_some_and(|answer| matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes"))
        }
        Step::Type { question, expected } => {
            ui.ask(&question).is_some_and(|answer| answer == expected)
        }
    };
    if agreed {
        return Ok(());
    }
    Err(Problem::refused("not confirmed: nothing was sent"))
}

#[cfg(test)]
mod tests {
    use clerk_api::declare::Effect;

    use super::*;

    fn at(live: bool) -> Place {
        Place {
            live,
            read_only: false,
        }
    }

    fn one(effect: Effect) -> (Facts, bool) {
        let facts = Facts {
            effect,
            count: 1,
            many: false,
            action: "delete user user_1".to_owned(),
            id: "user_1".to_owned(),
            place: at(false),
        };
        (facts, true)
    }

    fn by_name(effect: Effect) -> (Facts, bool) {
        (one(effect).0, false)
    }

    fn many(effect: Effect, count: usize) -> (Facts, bool) {
        let facts = Facts {
            count,
            many: true,
            action: "delete users".to_owned(),
            ..one(effect).0
        };
        (facts, true)
    }

    fn word(facts: &Facts, means: Means) -> &'static str {
        match step(facts, means) {
            Ok(Step::Proceed) => "proceed",
            Ok(Step::Ask(_)) => "ask",
            Ok(Step::Type { .. }) => "type",
            Err(_) => "refuse",
        }
    }

    #[test]
    fn reliability_6_the_whole_table() {
        let rows = [
            ("read", one(Effect::Read)),
            ("update", one(Effect::Update)),
            ("mail", one(Effect::Mail)),
            ("destroy", one(Effect::Destroy)),
            ("replace", one(Effect::Replace)),
            ("destroy by a name", by_name(Effect::Destroy)),
            ("update by a name", by_name(Effect::Update)),
            ("update many", many(Effect::Update, 3)),
            ("mail 10", many(Effect::Mail, 10)),
            ("mail 11", many(Effect::Mail, 11)),
            ("destroy many", many(Effect::Destroy, 3)),
            ("destroy a list of one", many(Effect::Destroy, 1)),
        ];
        let mut table = String::from(
            "what                  | test tty, pipe, pipe --yes | live tty, pipe, pipe --yes | always, pipe\n",
        );
        for (name, (facts, by_id)) in rows {
            let at = |live, can_ask, yes, always| {
                let means = Means {
                    can_ask,
                    yes,
                    always,
                    by_id,
                };
                let facts = Facts {
                    place: at(live),
                    ..facts.clone()
                };
                word(&facts, means)
            };
            let cells = [
                at(false, true, false, false),
                at(false, false, false, false),
                at(false, false, true, false),
                at(true, true, false, false),
                at(true, false, false, false),
                at(true, false, true, false),
                at(false, false, false, true),
            ];
            let line = format!("{name:<21} | {}\n", cells.join(" "));
            table.push_str(&line);
        }
        insta::assert_snapshot!(table, @r"
        what                  | test tty, pipe, pipe --yes | live tty, pipe, pipe --yes | always, pipe
        read                  | proceed proceed proceed proceed proceed proceed proceed
        update                | proceed proceed proceed proceed proceed proceed proceed
        mail                  | proceed proceed proceed proceed proceed proceed proceed
        destroy               | ask proceed proceed type proceed proceed refuse
        replace               | ask proceed proceed type proceed proceed refuse
        destroy by a name     | ask refuse proceed type refuse proceed refuse
        update by a name      | proceed proceed proceed proceed proceed proceed proceed
        update many           | ask refuse proceed ask refuse proceed refuse
        mail 10               | proceed proceed proceed ask refuse proceed proceed
        mail 11               | ask refuse proceed ask refuse proceed refuse
        destroy many          | type refuse proceed refuse refuse refuse refuse
        destroy a list of one | type refuse proceed refuse refuse refuse refuse
        ");
    }

    #[test]
    fn a_live_deletion_wants_the_id_typed() {
        let facts = Facts {
            place: at(true),
            ..one(Effect::Destroy).0
        };
        let means = Means {
            can_ask: true,
            yes: false,
            always: false,
            by_id: true,
        };
        let Ok(Step::Type { question, expected }) = step(&facts, means) else {
            panic!("nothing is to be typed")
        };
        assert_eq!(expected, "user_1");
        assert_eq!(
            question,
            "This will permanently delete user user_1 on a live instance. Type user_1 to continue:"
        );
    }
}

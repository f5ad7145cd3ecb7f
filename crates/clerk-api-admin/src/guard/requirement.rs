//! Whether a write may go out, and who has to say so: product.md section 4 and reliability.md section 6, in one place.

use clerk_api::endpoint::Effect;

use crate::show::ui::Ui;
use clerk_api_admin::problem::{Outcome, Problem};

/// All that the decision depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation<'a> {
    pub(crate) effect: Effect,
    /// How many objects the command touches.
    pub(crate) count: usize,
    /// Whether the objects came as a list (several, a file, standard input), not as one id.
    pub(crate) many: bool,
    /// What is done, such as "delete 3 users".
    pub(crate) action: &'a str,
    /// The id of the one object.
    pub(crate) id: &'a str,
    /// Whether it was named by that id, which is a yes, and not by something that was looked up.
    pub(crate) by_id: bool,
    pub(crate) live: bool,
    /// Whether someone can be asked.
    pub(crate) can_ask: bool,
    pub(crate) yes: bool,
    pub(crate) always: bool,
    pub(crate) read_only: bool,
}

/// What has to happen before the write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    Proceed,
    /// Ask y/N.
    Ask(String),
    /// Ask for this text to be typed.
    Type {
        question: String,
        expected: String,
    },
    Refuse {
        message: String,
        hint: String,
    },
}

/// The longest run of mails that needs no question on a test instance.
const FEW_MAILS: usize = 10;

/// Decides. Nothing but the arguments goes in.
pub(crate) fn decide(situation: Situation<'_>) -> Decision {
    let Situation {
        effect,
        count,
        many,
        ..
    } = situation;
    if effect == Effect::Read {
        return Decision::Proceed;
    }
    if situation.read_only {
        return refuse(
            format!("cannot {}: only reading is allowed here", situation.action),
            "CLERK_API_READ_ONLY or read_only in the configuration says so: `clerk-api doctor` shows which",
        );
    }
    let destroys = matches!(effect, Effect::Destroy | Effect::Replace);
    match (destroys, many || count > 1) {
        _ if count == 0 => Decision::Proceed,
        (true, false) => destroy_one(situation),
        (true, true) => destroy_many(situation),
        (false, false) => Decision::Proceed,
        (false, true) if effect == Effect::Mail && !situation.live && count <= FEW_MAILS => {
            Decision::Proceed
        }
        (false, true) => change_many(situation),
    }
}

fn refuse(message: String, hint: &str) -> Decision {
    Decision::Refuse {
        message,
        hint: hint.to_owned(),
    }
}

fn destroy_one(situation: Situation<'_>) -> Decision {
    let Situation { action, id, .. } = situation;
    if situation.yes {
        return Decision::Proceed;
    }
    if !situation.can_ask {
        if situation.always {
            return refuse(
                format!("cannot {action}: not confirmed"),
                "confirmation is always needed here: add --yes",
            );
        }
        if !situation.by_id {
            return refuse(
                format!("cannot {action}: not confirmed, since only a full id is a yes"),
                "without a terminal to ask at, add --yes, or name every object by its full id",
            );
        }
        return Decision::Proceed;
    }
    if situation.live {
        return Decision::Type {
            question: format!(
                "This will {action} on a live instance, for good. Type {id} to go on:"
            ),
            expected: id.to_owned(),
        };
    }
    Decision::Ask(format!("{} for good?", capitalized(action)))
}

fn destroy_many(situation: Situation<'_>) -> Decision {
    let Situation { action, count, .. } = situation;
    if situation.live {
        return refuse(
            format!(
                "cannot {action}: destroying many objects of a live instance needs a plan, and plans are not there yet"
            ),
            "one at a time works: name a single id on the command line",
        );
    }
    if situation.yes {
        return Decision::Proceed;
    }
    if !situation.can_ask {
        return refuse(
            format!("cannot {action}: not confirmed"),
            "without a terminal to ask at, add --yes",
        );
    }
    Decision::Type {
        question: format!("This will {action}, for good. Type {count} to go on:"),
        expected: count.to_string(),
    }
}

fn change_many(situation: Situation<'_>) -> Decision {
    let action = situation.action;
    if situation.yes {
        return Decision::Proceed;
    }
    if !situation.can_ask {
        return refuse(
            format!("cannot {action}: not confirmed"),
            "without a terminal to ask at, add --yes",
        );
    }
    let place = if situation.live {
        " on a live instance"
    } else {
        ""
    };
    Decision::Ask(format!("{}{place}?", capitalized(action)))
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// Asks what has to be asked. A declined or closed prompt sends nothing.
pub(crate) fn carry_out(decision: Decision, ui: &Ui) -> Outcome<()> {
    let agreed = match decision {
        Decision::Proceed => true,
        Decision::Ask(question) => {
            let answer = ui.ask(&format!("{question} [y/N]"));
            answer.is_some_and(|answer| matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes"))
        }
        Decision::Type { question, expected } => {
            ui.ask(&question).is_some_and(|answer| answer == expected)
        }
        Decision::Refuse { message, hint } => return Err(Problem::refused(message).hint(hint)),
    };
    if agreed {
        return Ok(());
    }
    Err(Problem::refused("not confirmed: nothing was sent"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(effect: Effect) -> Situation<'static> {
        Situation {
            effect,
            count: 1,
            many: false,
            action: "delete user user_1",
            id: "user_1",
            by_id: true,
            live: false,
            can_ask: false,
            yes: false,
            always: false,
            read_only: false,
        }
    }

    fn many(effect: Effect, count: usize) -> Situation<'static> {
        Situation {
            count,
            many: true,
            action: "delete users",
            ..one(effect)
        }
    }

    fn word(decision: &Decision) -> &'static str {
        match decision {
            Decision::Proceed => "proceed",
            Decision::Ask(_) => "ask",
            Decision::Type { .. } => "type",
            Decision::Refuse { .. } => "refuse",
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
            (
                "destroy by a name",
                Situation {
                    by_id: false,
                    ..one(Effect::Destroy)
                },
            ),
            (
                "update by a name",
                Situation {
                    by_id: false,
                    ..one(Effect::Update)
                },
            ),
            ("update many", many(Effect::Update, 3)),
            ("mail 10", many(Effect::Mail, 10)),
            ("mail 11", many(Effect::Mail, 11)),
            ("destroy many", many(Effect::Destroy, 3)),
            ("destroy a list of one", many(Effect::Destroy, 1)),
        ];
        let mut table = String::from(
            "what                  | test tty, pipe, pipe --yes | live tty, pipe, pipe --yes | always, pipe\n",
        );
        for (name, row) in rows {
            let at = |live, can_ask, yes, always| {
                word(&decide(Situation {
                    live,
                    can_ask,
                    yes,
                    always,
                    ..row
                }))
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
    fn read_only_refuses_every_write_and_no_read() {
        for effect in [
            Effect::Update,
            Effect::Replace,
            Effect::Destroy,
            Effect::Create,
            Effect::Mail,
        ] {
            let decision = decide(Situation {
                read_only: true,
                yes: true,
                ..one(effect)
            });
            assert_eq!(word(&decision), "refuse", "{effect:?}");
        }
        assert_eq!(
            decide(Situation {
                read_only: true,
                ..one(Effect::Read)
            }),
            Decision::Proceed
        );
    }

    #[test]
    fn a_live_deletion_wants_the_id_typed() {
        let decision = decide(Situation {
            live: true,
            can_ask: true,
            ..one(Effect::Destroy)
        });
        let Decision::Type { expected, .. } = decision else {
            panic!("{decision:?}")
        };
        assert_eq!(expected, "user_1");
    }
}

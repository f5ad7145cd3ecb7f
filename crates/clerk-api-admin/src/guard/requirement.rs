//! What a write needs before it may be sent, from facts alone: product.md section 4 and reliability.md section 6, in one place.
//!
//! How a face gets it (a prompt, a flag, a form, a file with a plan) is not decided here.

use clerk_api::declare::Effect;

use crate::call::Call;
use crate::phrase;
use crate::problem::Problem;

/// All that the requirement depends on.
#[derive(Debug, Clone)]
pub struct Facts {
    /// What kind of operation it is.
    pub effect: Effect,
    /// How many objects the work touches.
    pub count: usize,
    /// Whether the objects came as a list (several, a file, standard input), not as one id.
    pub many: bool,
    /// What is done, such as "delete 3 users".
    pub action: String,
    /// The id of the one object.
    pub id: String,
    /// Where it would be done.
    pub place: Place,
}

/// Where a write would be done.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Whether the instance is live.
    pub live: bool,
    /// Whether the settings allow reading only.
    pub read_only: bool,
}

/// What has to happen before the write.
#[derive(Debug)]
pub enum Requirement {
    /// Nothing.
    None,
    /// Somebody has to say yes.
    Confirm,
    /// Somebody has to type this text.
    Type(String),
    /// Somebody has to confirm a plan that names every object.
    Plan,
    /// It may not go out at all.
    Refused(Box<Problem>),
}

/// What an operation does to an instance, in one of the words `read`, `reversible`, `destructive`, `mails` and `once`: something is used up.
#[must_use]
pub const fn class(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Destroy | Effect::Replace | Effect::Rotate => "destructive",
        Effect::Mail => "mails",
        Effect::Once => "once",
        _ => "reversible",
    }
}

/// The longest run of emails that needs no question on a test instance.
const FEW_MAILS: usize = 10;

impl Facts {
    /// The facts of a call on one object, or on those that its body lists. `id` is that of its target.
    #[must_use]
    pub fn of_one(call: &Call, id: Option<&str>, place: Place) -> Self {
        let count = call.objects();
        let action = if count == 1 {
            phrase::one(call.meta, id)
        } else {
            phrase::bulk(call.meta, count)
        };
        Self {
            effect: call.meta.effect,
            count,
            many: count > 1,
            action,
            id: id.unwrap_or_default().to_owned(),
            place,
        }
    }

    /// The facts of a call that is done for this many targets, one by one.
    #[must_use]
    pub fn of_many(call: &Call, targets: usize, place: Place) -> Self {
        let each = call.objects();
        let action = if each > 1 {
            phrase::bulk(call.meta, targets * each)
        } else {
            phrase::many(call.meta, targets)
        };
        Self {
            effect: call.meta.effect,
            count: targets * each,
            many: true,
            action,
            id: String::new(),
            place,
        }
    }

    /// Decides. Nothing but the facts goes in.
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        if self.effect == Effect::Read {
            return Requirement::None;
        }
        if self.place.read_only {
            return Requirement::Refused(self.only_reading());
        }
        match (self.destroys(), self.is_list()) {
            _ if self.count == 0 => Requirement::None,
            (true, false) if self.place.live => Requirement::Type(self.id.clone()),
            (true, false) => Requirement::Confirm,
            (true, true) if self.place.live => Requirement::Plan,
            (true, true) => Requirement::Type(self.count.to_string()),
            (false, false) => Requirement::None,
            (false, true) if self.is_few_mails() => Requirement::None,
            (false, true) => Requirement::Confirm,
        }
    }

    /// Whether one object is destroyed or replaced. Its full id, written out, can count as the yes.
    #[must_use]
    pub const fn destroys_one(&self) -> bool {
        self.destroys() && !self.is_list()
    }

    /// The question that a yes, or the text to type, answers.
    #[must_use]
    pub fn question(&self, requirement: &Requirement) -> String {
        let action = &self.action;
        let place = if self.place.live {
            " on a live instance"
        } else {
            ""
        };
        match requirement {
            Requirement::Type(_) => format!("This will permanently {action}{place}."),
            _ if self.destroys() => format!("Permanently {action}?"),
            _ => format!("{}{place}?", capitalized(action)),
        }
    }

    const fn destroys(&self) -> bool {
        matches!(
            self.effect,
            Effect::Destroy | Effect::Replace | Effect::Rotate
        )
    }

    const fn is_list(&self) -> bool {
        self.many || self.count > 1
    }

    fn is_few_mails(&self) -> bool {
        self.effect == Effect::Mail && !self.place.live && self.count <= FEW_MAILS
    }

    fn only_reading(&self) -> Box<Problem> {
        Problem::refused(format!("cannot {}: read-only mode is on", self.action))
            .hint("CLERK_API_READ_ONLY or read_only in the configuration turns it on: `clerk-api doctor` shows which")
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: Place = Place {
        live: false,
        read_only: false,
    };
    const LIVE: Place = Place { live: true, ..TEST };
    const READ_ONLY: Place = Place {
        read_only: true,
        ..TEST
    };

    fn one(effect: Effect) -> Facts {
        Facts {
            effect,
            count: 1,
            many: false,
            action: "delete user user_1".to_owned(),
            id: "user_1".to_owned(),
            place: TEST,
        }
    }

    fn many(effect: Effect, count: usize) -> Facts {
        Facts {
            count,
            many: true,
            action: "delete users".to_owned(),
            ..one(effect)
        }
    }

    fn word(facts: &Facts) -> String {
        match facts.requirement() {
            Requirement::None => "none".to_owned(),
            Requirement::Confirm => "confirm".to_owned(),
            Requirement::Type(text) => format!("type {text}"),
            Requirement::Plan => "plan".to_owned(),
            Requirement::Refused(_) => "refused".to_owned(),
        }
    }

    #[test]
    fn reliability_6_what_each_write_needs() {
        let rows = [
            ("read", one(Effect::Read)),
            ("update", one(Effect::Update)),
            ("mail", one(Effect::Mail)),
            ("destroy", one(Effect::Destroy)),
            ("replace", one(Effect::Replace)),
            ("update many", many(Effect::Update, 3)),
            ("mail 10", many(Effect::Mail, 10)),
            ("mail 11", many(Effect::Mail, 11)),
            ("destroy many", many(Effect::Destroy, 3)),
            ("destroy a list of one", many(Effect::Destroy, 1)),
            ("destroy none", many(Effect::Destroy, 0)),
        ];
        let mut table = String::new();
        for (name, facts) in rows {
            let live = Facts {
                place: LIVE,
                ..facts.clone()
            };
            let line = format!("{name}: test {}, live {}\n", word(&facts), word(&live));
            table.push_str(&line);
        }
        insta::assert_snapshot!(table, @r"
        read: test none, live none
        update: test none, live none
        mail: test none, live none
        destroy: test confirm, live type user_1
        replace: test confirm, live type user_1
        update many: test confirm, live confirm
        mail 10: test none, live confirm
        mail 11: test confirm, live confirm
        destroy many: test type 3, live plan
        destroy a list of one: test type 1, live plan
        destroy none: test none, live none
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
            let facts = Facts {
                place: READ_ONLY,
                ..one(effect)
            };
            assert_eq!(word(&facts), "refused", "{effect:?}");
        }
        let read = Facts {
            place: READ_ONLY,
            ..one(Effect::Read)
        };
        assert_eq!(word(&read), "none");
    }

    #[test]
    fn questions_say_what_is_done_and_where() {
        let live = Facts {
            place: LIVE,
            ..one(Effect::Destroy)
        };
        let questions = [
            live.question(&live.requirement()),
            one(Effect::Destroy).question(&Requirement::Confirm),
            Facts {
                action: "ban 3 users".to_owned(),
                place: LIVE,
                ..many(Effect::Update, 3)
            }
            .question(&Requirement::Confirm),
        ];
        insta::assert_snapshot!(questions.join("\n"), @r"
        This will permanently delete user user_1 on a live instance.
        Permanently delete user user_1?
        Ban 3 users on a live instance?
        ");
    }
}

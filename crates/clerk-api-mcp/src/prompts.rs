//! The workflows as prompts that a person picks in the client. Texts are constants; what the person gives is put in as it is.

use serde_json::{Map, Value, json};

/// A prompt: its name, what it is for, its arguments, and its text with `{argument}` in it.
struct Prompt(
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const PROMPTS: &[Prompt] = &[
    Prompt(
        "onboard",
        "Create an organization and bring in its people",
        &[
            ("name", "The name of the organization"),
            ("people", "Addresses, with admin or member"),
        ],
        "Onboard the organization {name} with these people: {people}. Call the tool onboard with plan true and show me the plan. After my yes call it once without plan. Tell me per person whether they are a member or invited, and what failed.",
    ),
    Prompt(
        "find_and_update",
        "Find one user or organization and change it",
        &[
            ("who", "A name, address or id"),
            ("change", "What to change"),
        ],
        "Find {who} with the tool find. If it is not exactly one, ask me which. Then make this change with one call of a change_ tool: {change}. Show me the object before and after.",
    ),
    Prompt(
        "audit",
        "Audit organizations, admins, members, invitations and users",
        &[("organization", "One organization; empty for all")],
        "Audit the instance (organization: {organization}) with one call of the tool audit. Summarize the findings by severity, the worst first, and say what each means and what mends it. Change nothing.",
    ),
];

/// All prompts, as the protocol lists them.
pub(crate) fn listed() -> Value {
    let prompts = PROMPTS.iter().map(|Prompt(name, about, arguments, _)| {
        let arguments = arguments
            .iter()
            .map(|(name, about)| json!({"name": name, "description": about, "required": false}));
        json!({"name": name, "description": about, "arguments": arguments.collect::<Vec<_>>()})
    });
    json!({"prompts": prompts.collect::<Vec<_>>()})
}

/// A prompt with its arguments; nothing if no prompt has this name.
pub(crate) fn get(name: &str, given: &Map<String, Value>) -> Option<Value> {
    let Prompt(_, about, arguments, text) = PROMPTS.iter().find(|prompt| prompt.0 == name)?;
    let mut filled = String::new();
    // One pass, so that an argument cannot hold another's place.
    for part in text.split_inclusive('}') {
        let place = part.rfind('{').filter(|_| part.ends_with('}'));
        let Some(place) = place else {
            filled.push_str(part);
            continue;
        };
        let name = &part[place + 1..part.len() - 1];
        let known = arguments.iter().any(|(argument, _)| *argument == name);
        let value = given
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or("(not given)");
        filled.push_str(&part[..place]);
        filled.push_str(if known { value } else { &part[place..] });
    }
    Some(
        json!({"description": about, "messages": [{"role": "user", "content": {"type": "text", "text": filled}}]}),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_stand_in_their_places_only() {
        let given = json!({"who": "{change}", "change": "ban"});
        let prompt = get("find_and_update", given.as_object().unwrap()).unwrap();
        let text = prompt["messages"][0]["content"]["text"].as_str().unwrap();
        assert!(text.starts_with("Find {change} with"), "{text}");
        assert!(text.contains("tool: ban."), "{text}");
        assert!(get("other", &Map::new()).is_none());
    }
}

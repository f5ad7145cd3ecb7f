//! The skill for agents that belongs to this very version: its files, to be written where agents look, or served.

/// The name of the skill, and of its folder.
pub const NAME: &str = "clerk-api";

/// The files and their texts, by their paths within the folder. The first one is the skill itself.
pub const FILES: [(&str, &str); 3] = [
    (
        "SKILL.md",
        include_str!("../../../skills/clerk-api/SKILL.md"),
    ),
    (
        "references/errors.md",
        include_str!("../../../skills/clerk-api/references/errors.md"),
    ),
    (
        "references/output.md",
        include_str!("../../../skills/clerk-api/references/output.md"),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_skill_is_whole_and_small() {
        let (name, text) = FILES[0];
        assert_eq!(name, "SKILL.md");
        // A token is about four bytes of English.
        assert!(
            text.len() / 4 < 2_000,
            "about {} tokens are too many",
            text.len() / 4
        );
        for link in text.split("](references/").skip(1) {
            let file = format!("references/{}", link.split(')').next().unwrap());
            assert!(FILES.iter().any(|(name, _)| *name == file), "{file}");
        }
        assert!(text.contains(&format!("\nname: {NAME}\n")));
    }
}

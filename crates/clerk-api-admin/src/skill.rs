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

/// The members of the skill's frontmatter, in their order. Each is a line of plain text.
pub fn frontmatter() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = FILES[0].1.lines().skip(1);
    lines
        .take_while(|line| *line != "---")
        .filter_map(|line| line.split_once(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frontmatter_is_lines_that_need_no_yaml() {
        let head = FILES[0].1.strip_prefix("---\n").unwrap();
        let (head, _) = head.split_once("\n---\n").unwrap();
        let lines: Vec<String> = frontmatter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        assert_eq!(lines.join("\n"), head);
        let names: Vec<&str> = frontmatter().map(|(name, _)| name).collect();
        assert!(names.starts_with(&["name", "description"]), "{names:?}");
        for (name, value) in frontmatter() {
            // What would be more than text in YAML: quotes, lists, references, comments, other members.
            let first = value.chars().next().unwrap();
            assert!(first.is_alphabetic(), "{name}: {value}");
            assert!(
                !value.contains(": ") && !value.contains(" #"),
                "{name}: {value}"
            );
            assert!(
                !["true", "false", "null", "yes", "no"].contains(&value),
                "{name}: {value}"
            );
        }
    }

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

//! The name that somebody probably meant.

/// The name among these that is nearest to a text, if one is near enough to be a slip.
pub(super) fn nearest<'n>(text: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = plain(text);
    let far = wanted.chars().count() / 3 + 1;
    let near = names.map(|name| (distance(&wanted, &plain(name)), name));
    let best = near.min_by_key(|(distance, _)| *distance)?;
    (best.0 <= far).then_some(best.1)
}

/// A name as people remember it: lower case, with `_` for whatever is no letter or digit.
pub(super) fn plain(name: &str) -> String {
    let chars = name.trim().chars().flat_map(char::to_lowercase);
    chars
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect()
}

/// How many letters have to be changed, put in or taken out.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().take(100).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let changed = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let names = ["email-address", "role", "Department"];
        let near = |text| nearest(text, names.into_iter());
        assert_eq!(near("departmnt"), Some("Department"));
        assert_eq!(near("email_adress"), Some("email-address"));
        assert_eq!(near("rolle"), Some("role"));
        assert_eq!(near("cohort"), None);
    }
}

//! Which requests a fault is for.

use http::Method;

/// A method and a path with holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// `None` is any.
    method: Option<String>,
    segments: Vec<String>,
    /// Whether more segments may follow.
    open: bool,
}

impl Pattern {
    /// Reads `METHOD /path`; the path is below `/v1`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a method and a path, such as POST /users/*/ban");
        let (method, path) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let path = path.trim();
        let path = path.strip_prefix("/v1").unwrap_or(path);
        let path = path.strip_prefix('/').ok_or_else(wrong)?;
        let known = ["*", "GET", "POST", "PUT", "PATCH", "DELETE"];
        let method = method.to_ascii_uppercase();
        if !known.contains(&method.as_str()) {
            return Err(wrong());
        }
        let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        let open = segments.last().is_some_and(|last| last == "**");
        if open {
            segments.pop();
        }
        if segments
            .iter()
            .any(|segment| segment == "**" || segment.is_empty())
        {
            return Err(wrong());
        }
        Ok(Self {
            method: (method != "*").then_some(method),
            segments,
            open,
        })
    }

    /// Returns whether a request matches; `path` has the `/v1`.
    pub(super) fn matches(&self, method: &Method, path: &str) -> bool {
        if self
            .method
            .as_ref()
            .is_some_and(|wanted| method.as_str() != wanted)
        {
            return false;
        }
        let mut given = path.strip_prefix("/v1/").unwrap_or(path).split('/');
        for wanted in &self.segments {
            match given.next() {
                Some(segment) if wanted == "*" || segment == wanted => {}
                _ => return false,
            }
        }
        self.open || given.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_what_is_there() {
        let cases = [
            ("POST /users", "POST", "/v1/users", true),
            ("post /v1/users", "POST", "/v1/users", true),
            ("POST /users", "GET", "/v1/users", false),
            ("POST /users", "POST", "/v1/users/user_1", false),
            ("* /users/*", "GET", "/v1/users/user_1", true),
            ("* /users/*", "GET", "/v1/users", false),
            ("* /users/*/ban", "POST", "/v1/users/user_1/ban", true),
            (
                "GET /users/**",
                "GET",
                "/v1/users/user_1/billing/credits",
                true,
            ),
            ("* /**", "GET", "/v1/users", true),
        ];
        for (pattern, method, path, expected) in cases {
            let pattern = Pattern::parse(pattern).expect(pattern);
            let method: Method = method.parse().expect("a method");
            assert_eq!(
                pattern.matches(&method, path),
                expected,
                "{pattern:?} {path}"
            );
        }
    }

    #[test]
    fn patterns_without_a_method_or_a_path_are_refused() {
        for bad in [
            "",
            "POST",
            "/users",
            "POST users",
            "BREW /users",
            "GET /a/**/b",
            "GET //",
        ] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
    }
}

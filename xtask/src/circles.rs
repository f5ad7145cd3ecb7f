//! Circles of modules within a crate, read from the paths in its source. A parent may know its children and they it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fs_err as fs;
use syn::visit::Visit;

/// Modules of one crate, each by its path such as `output::json`, and the modules that it names.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

/// The graph of a crate from its `src` folder.
pub(crate) fn graph(src: &Path) -> Result<Graph, String> {
    let mut files = BTreeMap::new();
    collect(src, "", &mut files)?;
    let names: BTreeSet<String> = files.keys().cloned().collect();
    let mut graph = Graph::new();
    for (module, file) in files {
        let mut paths = Paths {
            module: &module,
            names: &names,
            found: BTreeSet::new(),
        };
        paths.visit_file(&file);
        graph.insert(module.clone(), paths.found);
    }
    Ok(graph)
}

/// Reads the files below a folder. `lib.rs` and `main.rs` are the module with the empty name; tests beside the code are left out.
fn collect(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, syn::File>,
) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let name = match (stem, prefix) {
            ("lib" | "main", "") => String::new(),
            ("mod", prefix) => prefix.to_owned(),
            (stem, "") => stem.to_owned(),
            (stem, prefix) => format!("{prefix}::{stem}"),
        };
        if path.is_dir() {
            if !(prefix.is_empty() && stem == "bin") {
                collect(&path, &name, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") && stem != "tests" {
            let text = fs::read_to_string(&path).map_err(failed)?;
            let file =
                syn::parse_file(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            files.insert(name, file);
        }
    }
    Ok(())
}

/// Collects the modules that a file names.
struct Paths<'a> {
    module: &'a str,
    names: &'a BTreeSet<String>,
    found: BTreeSet<String>,
}

impl Paths<'_> {
    /// Notes the module that a path leads to: as many of its words as name one.
    fn note(&mut self, words: &[String]) {
        let mut base: Vec<&str> = self
            .module
            .split("::")
            .filter(|word| !word.is_empty())
            .collect();
        let mut rest = words.iter().map(String::as_str).peekable();
        match rest.peek() {
            Some(&"crate") => {
                base.clear();
                rest.next();
            }
            Some(&"self") => drop(rest.next()),
            Some(&"super") => {
                while rest.next_if_eq(&"super").is_some() {
                    base.pop();
                }
            }
            _ => return,
        }
        for word in rest {
            base.push(word);
            if !self.names.contains(&base.join("::")) {
                base.pop();
                break;
            }
        }
        let target = base.join("::");
        if !is_family(self.module, &target) {
            self.found.insert(target);
        }
    }

    fn tree(&mut self, before: &mut Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(before, &path.tree);
                before.pop();
            }
            syn::UseTree::Name(name) => {
                before.push(name.ident.to_string());
                self.note(before);
                before.pop();
            }
            syn::UseTree::Rename(name) => {
                before.push(name.ident.to_string());
                self.note(before);
                before.pop();
            }
            syn::UseTree::Glob(_) => self.note(before),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(before, tree);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&mut Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<String> = path
            .segments
            .iter()
            .map(|word| word.ident.to_string())
            .collect();
        self.note(&words);
        syn::visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        // Unit tests may use any module.
        if item.ident != "tests" {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

/// Whether one is the other, or lies above or below it.
fn is_family(one: &str, other: &str) -> bool {
    let below = |inner: &str, outer: &str| {
        outer.is_empty()
            || inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with("::"))
    };
    one == other || below(one, other) || below(other, one)
}

/// The circles of a graph: sets of modules each of which leads to every other.
pub(crate) fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = graph
        .keys()
        .map(|from| (from.as_str(), reachable(graph, from)))
        .collect();
    let mut circles: Vec<BTreeSet<String>> = Vec::new();
    for from in graph.keys() {
        if circles.iter().any(|circle| circle.contains(from)) {
            continue;
        }
        let mutual = |to: &&str| {
            reach
                .get(to)
                .is_some_and(|back| back.contains(from.as_str()))
        };
        let circle: BTreeSet<String> = reach[from.as_str()]
            .iter()
            .filter(|to| mutual(to))
            .map(|to| (*to).to_owned())
            .collect();
        if circle.len() > 1 {
            circles.push(circle);
        }
    }
    circles
}

fn reachable<'g>(graph: &'g Graph, from: &str) -> BTreeSet<&'g str> {
    let mut found = BTreeSet::new();
    let mut todo: Vec<&str> = graph[from].iter().map(String::as_str).collect();
    while let Some(next) = todo.pop() {
        if found.insert(next)
            && let Some(more) = graph.get(next)
        {
            todo.extend(more.iter().map(String::as_str));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph_of(edges: &[(&str, &[&str])]) -> Graph {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        edges
            .iter()
            .map(|(from, to)| ((*from).to_owned(), own(to)))
            .collect()
    }

    #[test]
    fn modules_that_lead_to_each_other_are_a_circle() {
        let graph = graph_of(&[("a", &["b"]), ("b", &["c"]), ("c", &["a"]), ("d", &["a"])]);
        let names =
            |circle: &BTreeSet<String>| circle.iter().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(
            circles(&graph).iter().map(names).collect::<Vec<_>>(),
            ["a b c"]
        );
        assert!(circles(&graph_of(&[("a", &["b"]), ("b", &[])])).is_empty());
    }

    #[test]
    fn a_path_leads_to_the_innermost_module_that_it_names() {
        let names = ["", "a", "a::x", "b"].map(str::to_owned).into();
        let found = |code: &str| {
            let mut paths = Paths {
                module: "a::x",
                names: &names,
                found: BTreeSet::new(),
            };
            paths.visit_file(&syn::parse_file(code).unwrap());
            paths.found.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(found("use crate::{b::Thing, a::Other};"), ["b"]);
        assert_eq!(
            found("fn f() { super::super::b::g(); std::fs::read(); }"),
            ["b"]
        );
        assert!(found("use super::y; use crate::a; mod tests { use crate::b; }").is_empty());
    }
}

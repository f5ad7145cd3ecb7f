//! A list on a terminal to choose one row of: typing makes it shorter.

use std::io::Write as _;

use clerk_api_admin::problem::{Interruption, Outcome, Problem, ProblemKind};
use clerk_api_admin::text::sanitize;
use console::{Key, Term};

use super::ui::Ui;

/// The rows that are shown at once, at most.
const HEIGHT: usize = 12;
/// The narrowest terminal on which rows can be told apart.
const NARROWEST: u16 = 60;
/// The longest text that is searched for: it fits into a line however wide its characters are.
const LONGEST: usize = 18;
/// In front of a row.
const MARGIN: u16 = 2;

/// A row to choose.
#[derive(Debug)]
pub(crate) struct Row {
    /// As it is shown, within the width that the terminal has for it.
    pub(crate) shown: String,
    /// What it is found by, in small letters.
    pub(crate) searched: String,
}

impl Ui {
    /// How wide the rows of a list may be; nothing where no list can be drawn.
    pub(crate) fn row_width(&self) -> Option<u16> {
        let (height, width) = Term::stderr().size_checked().filter(|_| self.draws)?;
        (height > 5 && width >= NARROWEST).then_some(width - MARGIN - 1)
    }

    /// Lets a person choose a row by its number, below this head.
    ///
    /// # Errors
    /// Nothing was chosen.
    pub(crate) fn pick(&self, head: &str, rows: &[Row]) -> Outcome<usize> {
        match self.until_end(head, rows) {
            Step::Choose(row) => Ok(row),
            Step::Interrupt => Err(Problem::new(
                ProblemKind::Interrupted(Interruption::Interrupt),
                "interrupted",
                "interrupted: nothing was sent",
            )),
            Step::Stay | Step::Leave => Err(nothing_chosen()),
        }
    }

    /// Shows the list until a key ends it.
    fn until_end(&self, head: &str, rows: &[Row]) -> Step {
        let _raw = Raw::begin();
        let term = Term::buffered_stderr();
        let height = term.size_checked().map_or(HEIGHT, |(height, _)| {
            usize::from(height).saturating_sub(4).clamp(1, HEIGHT)
        });
        let mut picker = Picker::new(rows);
        loop {
            let lines = picker.lines(head, height, self.color_err);
            let key = draw(&term, &lines).and_then(|()| term.read_key_raw());
            let cleared = term
                .clear_line()
                .and_then(|()| term.clear_last_lines(lines.len() - 1));
            let cleared = cleared.and_then(|()| term.flush());
            let step = key
                .and_then(|key| cleared.map(|()| picker.press(&key)))
                .unwrap_or(Step::Leave);
            if step != Step::Stay {
                return step;
            }
        }
    }
}

/// The end of a command whose question had no answer.
pub(crate) fn nothing_chosen() -> Box<Problem> {
    Problem::refused("nothing was chosen: nothing was sent")
}

/// All lines, and the cursor behind the last one.
fn draw(term: &Term, lines: &[String]) -> std::io::Result<()> {
    let mut term = term;
    write!(term, "{}", lines.join("\n"))?;
    term.flush()
}

/// What a key comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Stay,
    Choose(usize),
    Leave,
    Interrupt,
}

/// What was typed, and the rows that fit it.
struct Picker<'r> {
    rows: &'r [Row],
    typed: String,
    fitting: Vec<usize>,
    /// The row that Enter chooses, among those that fit.
    at: usize,
}

impl<'r> Picker<'r> {
    fn new(rows: &'r [Row]) -> Self {
        Self {
            rows,
            typed: String::new(),
            fitting: (0..rows.len()).collect(),
            at: 0,
        }
    }

    fn press(&mut self, key: &Key) -> Step {
        let last = self.fitting.len().saturating_sub(1);
        match key {
            Key::Enter => {
                return self
                    .fitting
                    .get(self.at)
                    .map_or(Step::Stay, |row| Step::Choose(*row));
            }
            // Ctrl-D, as at any prompt.
            Key::Escape | Key::Char('\u{4}') => return Step::Leave,
            Key::CtrlC => return Step::Interrupt,
            Key::ArrowUp | Key::BackTab => self.at = self.at.saturating_sub(1),
            Key::ArrowDown | Key::Tab => self.at = (self.at + 1).min(last),
            Key::PageUp => self.at = self.at.saturating_sub(HEIGHT),
            Key::PageDown => self.at = (self.at + HEIGHT).min(last),
            Key::Backspace => {
                self.typed.pop();
                self.search();
            }
            // Ctrl-U, as at a shell.
            Key::Char('\u{15}') => {
                self.typed.clear();
                self.search();
            }
            Key::Char(c) if is_visible(*c) && self.typed.chars().count() < LONGEST => {
                self.typed.push(*c);
                self.search();
            }
            _ => {}
        }
        Step::Stay
    }

    /// Finds the rows that have every word that was typed.
    fn search(&mut self) {
        let typed = self.typed.to_lowercase();
        let fits = |row: &Row| {
            typed
                .split_whitespace()
                .all(|word| row.searched.contains(word))
        };
        let rows = self.rows.iter().enumerate();
        self.fitting = rows
            .filter(|(_, row)| fits(row))
            .map(|(place, _)| place)
            .collect();
        self.at = 0;
    }

    /// Some rows around the current one, and below them what was typed.
    fn lines(&self, head: &str, height: usize, color: bool) -> Vec<String> {
        let from = (self.at + 1).saturating_sub(height);
        let shown = self.fitting.iter().enumerate().skip(from).take(height);
        let mut lines = vec![format!("  {head}")];
        lines.extend(shown.map(|(place, row)| {
            let row = &self.rows[*row].shown;
            match place == self.at {
                true if color => format!("\x1b[1m> {row}\x1b[0m"),
                true => format!("> {row}"),
                false => format!("  {row}"),
            }
        }));
        let (fitting, all) = (self.fitting.len(), self.rows.len());
        lines.push(format!("{fitting} of {all}, search: {}", self.typed));
        lines
    }
}

/// Whether a character is shown as it is.
fn is_visible(c: char) -> bool {
    let text = c.to_string();
    sanitize::text(&text) == text
}

/// The terminal while keys are read one by one: none of them appears by itself, and Ctrl-C is a key.
#[cfg(unix)]
struct Raw(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Raw {
    fn begin() -> Self {
        use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(std::io::stdin()).ok();
        if let Some(before) = &before {
            let mut raw = before.clone();
            raw.make_raw();
            raw.output_modes = before.output_modes;
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &raw);
        }
        Self(before)
    }
}

#[cfg(unix)]
impl Drop for Raw {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.0 {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Other systems give keys one by one as they are.
#[cfg(not(unix))]
struct Raw;

#[cfg(not(unix))]
impl Raw {
    const fn begin() -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let names = ["Ada Lovelace", "Adam Smith", "Zoë Ångström"];
        let row = |name: &str| Row {
            shown: name.to_owned(),
            searched: name.to_lowercase(),
        };
        names.into_iter().map(row).collect()
    }

    fn press(picker: &mut Picker<'_>, text: &str) -> Step {
        let keys = text.chars().map(Key::Char);
        keys.map(|key| picker.press(&key)).last().unwrap()
    }

    #[test]
    fn typing_leaves_the_rows_that_have_every_word() {
        let rows = rows();
        let mut picker = Picker::new(&rows);
        assert_eq!(press(&mut picker, "love ada"), Step::Stay);
        assert_eq!(picker.fitting, [0]);
        press(&mut picker, "\u{15}");
        picker.press(&Key::ArrowDown);
        press(&mut picker, "Å");
        insta::assert_snapshot!(picker.lines("NAME", 5, false).join("\n"), @r"
          NAME
        > Zoë Ångström
        1 of 3, search: Å
        ");
        assert_eq!(picker.press(&Key::Enter), Step::Choose(2));
        press(&mut picker, "x");
        assert_eq!(picker.press(&Key::Enter), Step::Stay);
    }

    #[test]
    fn the_current_row_is_always_shown() {
        let rows = rows();
        let mut picker = Picker::new(&rows);
        for _ in 0..5 {
            picker.press(&Key::ArrowDown);
        }
        let lines = picker.lines("NAME", 2, false);
        assert_eq!(lines[1..3], ["  Adam Smith", "> Zoë Ångström"]);
        assert_eq!(picker.press(&Key::Enter), Step::Choose(2));
        picker.press(&Key::PageUp);
        assert_eq!(picker.press(&Key::Enter), Step::Choose(0));
    }

    #[test]
    fn what_was_typed_moves_no_terminal() {
        let rows = rows();
        let mut picker = Picker::new(&rows);
        press(&mut picker, &format!("\x1b\u{202e}{}", "a".repeat(100)));
        let lines = picker.lines("NAME", 2, false);
        let shown = format!("0 of 3, search: {}", "a".repeat(LONGEST));
        assert_eq!(lines.last(), Some(&shown));
        assert_eq!(press(&mut picker, "\u{4}"), Step::Leave);
        assert_eq!(picker.press(&Key::CtrlC), Step::Interrupt);
    }
}

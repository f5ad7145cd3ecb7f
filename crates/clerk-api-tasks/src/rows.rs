//! The rows of a file, and what they become: arguments of calls (reliability.md 8.5).

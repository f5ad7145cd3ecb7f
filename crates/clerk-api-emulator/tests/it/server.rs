//! What holds for every request, and starting and stopping.

mod gate;
mod persistence;

//! What holds for every request, and starting and stopping.

mod crash;
mod gate;
mod persistence;
mod shared;

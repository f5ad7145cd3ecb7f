//! What holds for every request, and starting and stopping.

mod archive;
mod control;
mod crash;
mod deliveries;
mod door;
mod events;
mod gate;
mod mails;
mod page;
mod persistence;
mod requests;
mod shared;
mod states;
mod trouble;
mod webhooks;

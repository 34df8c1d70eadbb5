//! Every rule of 发展党员, each with what it refuses and what it lets pass.

mod admitting;
mod applying;
mod converting;
mod examining;
mod order;

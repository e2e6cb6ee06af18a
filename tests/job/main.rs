//! Jobs from outside: a loopback site, the program, its books and its exit code.

mod demo;
mod fetch;
mod run;
mod support;

//! The suite of the `Store` port.

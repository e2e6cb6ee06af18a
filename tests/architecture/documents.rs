//! What the documents promise, against the program.

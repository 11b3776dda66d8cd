//! Every built-in kind: one folder each, by group.

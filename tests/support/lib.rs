//! The harness of the end-to-end tests: clusters in namespaces of their own, builders, cleaning up.

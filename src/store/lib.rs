//! Ordered history of keys. Knows bytes and revisions; never objects or HTTP.

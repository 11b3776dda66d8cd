//! What all kinds share: the schema engine, metadata, quantities, selectors, patches, status and
//! field errors. Knows the shape of objects, never a kind by name, a store or a connection.

pub mod age;
pub mod apply;
pub mod base64;
pub mod column;
pub mod configuration;
pub mod cron;
pub mod duration;
pub mod field;
pub mod gofmt;
pub mod json;
pub mod jsonpath;
pub mod kind;
pub mod meta;
pub mod names;
pub mod patch;
pub mod protobuf;
pub mod quantity;
pub mod regexp;
pub mod schema;
pub mod selector;
pub mod status;
pub mod structural;
mod subresource;
pub mod version;
pub mod well_known;
pub mod yaml;

#[cfg(test)]
mod fuzz_tests;

//! Changes to documents as documents: JSON patch, merge patch, strategic merge patch.

mod json;
mod merge;
mod strategic;

pub use json::{PatchError, apply_json_patch};
pub use merge::apply_merge_patch;
pub use strategic::{StrategicError, apply_strategic_patch};

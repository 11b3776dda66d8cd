//! Extended attributes of files, which carry overlay marks and file capabilities.

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use nix::libc;

/// Sets one extended attribute of the file itself, never of what a link points to.
pub fn set(path: &Path, name: &str, value: &[u8]) -> io::Result<()> {
    let path_text = CString::new(path.as_os_str().as_bytes())?;
    let name_text = CString::new(name)?;
    let (path, name) = (path_text.as_ptr(), name_text.as_ptr());
    let bytes = value.as_ptr().cast();
    // SAFETY: both strings end with NUL and live to the end of this function; `bytes` points to
    // `value.len()` readable bytes.
    let answer = unsafe { libc::lsetxattr(path, name, bytes, value.len(), 0) };
    if answer < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

//! `config`: what kubeconfig files say, and changes to them.
//!
//! A change goes to the file that has the entry; a new entry to the first file that exists.

mod change;
mod path;
mod switch;
mod view;

use std::path::{Path, PathBuf};

pub(crate) use change::{
    delete_cluster, delete_context, delete_user, rename_context, set_cluster, set_context,
    set_credentials, use_context,
};
use client::kubeconfig::{Kubeconfig, Paths};
use machinery::yaml;
pub(crate) use path::{set, unset};
pub(crate) use switch::{ctx, ns};
pub(crate) use view::{current_context, get_clusters, get_contexts, get_users, view};

use crate::{
    args::Parsed,
    context::Context,
    report::{CliError, io_words},
};

/// One file with what it says.
struct File {
    path: PathBuf,
    config: Kubeconfig,
}

impl File {
    fn read(path: &Path) -> Result<Self, CliError> {
        let config = Paths::read_one(path).map_err(|error| CliError::plain(error.to_string()))?;
        Ok(Self { path: path.to_owned(), config })
    }

    fn write(&self) -> Result<(), CliError> {
        let failed = |error: std::io::Error| {
            CliError::plain(format!("open {}: {}", self.path.display(), io_words(&error)))
        };
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let beside = self.path.with_extension(format!("{}.tmp", std::process::id()));
        let text = yaml::to_string(&self.config.document());
        write_private(&beside, &text).map_err(failed)?;
        std::fs::rename(&beside, &self.path).map_err(failed)
    }
}

/// Credentials are for their owner alone.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// All files of the kubeconfig.
fn files(cx: &Context) -> Result<Vec<File>, CliError> {
    cx.paths().files.iter().map(|path| File::read(path)).collect()
}

/// The file that fits, or the one for new entries.
fn file_with(cx: &Context, fits: impl Fn(&Kubeconfig) -> bool) -> Result<File, CliError> {
    let mut all = files(cx)?;
    if let Some(at) = all.iter().position(|file| fits(&file.config)) {
        return Ok(all.swap_remove(at));
    }
    let target = cx.paths().default_target().cloned().ok_or_else(|| {
        CliError::plain("no kubeconfig file: neither --kubeconfig, KUBECONFIG nor HOME is set")
    })?;
    File::read(&target)
}

/// The name of the file that messages show.
fn shown_target(cx: &Context) -> String {
    cx.paths().default_target().map(|path| path.display().to_string()).unwrap_or_default()
}

/// Refuses the wrong number of arguments, with the page on stdout.
fn expect_args(cx: &Context, parsed: &Parsed, count: usize) -> Result<(), CliError> {
    if parsed.args.len() == count {
        return Ok(());
    }
    crate::help::page(cx, &parsed.path, false)?;
    cx.flush();
    Err(CliError::plain(format!("Unexpected args: [{}]", parsed.args.join(" "))))
}

//! `cp --without-tar`: files to and from a container that has no tar, one by one, with `cat`, `tee`,
//! `mkdir` and, for folders to copy from, `find`. Ours, not kubectl's.
//!
//! Only content is carried: owners, times and modes are the container's.

use std::path::{Component, Path, PathBuf};

use client::streams::{ERROR, STDERR, STDIN, STDOUT};

use super::{Inside, words};
use crate::{report::CliError, stream};

impl Inside<'_> {
    /// Runs a program to its end, with `input` on its stdin if there is any; answers with its stdout.
    async fn run(&self, command: &[&str], input: Option<&[u8]>) -> Result<Vec<u8>, CliError> {
        let command = words(command);
        let channels = self.open(&command, input.is_some()).await?;
        let (mut sender, mut receiver) = (channels.sender, channels.receiver);
        let (mut out, mut complaint) = (Vec::new(), Vec::new());
        let sending = async {
            let Some(input) = input else { return Ok(()) };
            for piece in input.chunks(32 * 1024) {
                sender.send(STDIN, piece).await?;
            }
            sender.finish(STDIN).await
        };
        let receiving = async {
            while let Some((channel, data)) = receiver.next().await? {
                match channel {
                    STDOUT => out.extend_from_slice(&data),
                    STDERR => complaint.extend_from_slice(&data),
                    ERROR => return stream::outcome(&data),
                    _ => {}
                }
            }
            Ok(())
        };
        // Both at once: a program that answers while it reads would otherwise wait for us for ever.
        let (sent, ended) = tokio::join!(sending, receiving);
        ended.inspect_err(|_| self.cx.say_err_raw(&String::from_utf8_lossy(&complaint)))?;
        sent?;
        Ok(out)
    }

    pub(super) async fn upload_plainly(&self, from: &str, to: &str) -> Result<(), CliError> {
        let source = Path::new(from);
        let base = source.file_name().map(|name| name.to_string_lossy().into_owned());
        let target = match to.strip_suffix('/') {
            Some(folder) => format!("{folder}/{}", base.unwrap_or_default()),
            None => to.to_owned(),
        };
        if !source.is_dir() {
            return self.put(source, &target).await;
        }
        let mut open = vec![(source.to_owned(), target)];
        while let Some((folder, target)) = open.pop() {
            self.run(&["mkdir", "-p", &target], None).await?;
            let mut entries: Vec<_> = std::fs::read_dir(&folder)?.collect::<Result<_, _>>()?;
            entries.sort_by_key(std::fs::DirEntry::file_name);
            for entry in entries {
                let place = format!("{target}/{}", entry.file_name().to_string_lossy());
                if entry.file_type()?.is_dir() {
                    open.push((entry.path(), place));
                } else if entry.file_type()?.is_file() {
                    self.put(&entry.path(), &place).await?;
                } else {
                    let shown = entry.path();
                    self.cx.say_err(&format!("warning: skipping {}: no file", shown.display()));
                }
            }
        }
        Ok(())
    }

    async fn put(&self, file: &Path, place: &str) -> Result<(), CliError> {
        let content = std::fs::read(file)?;
        self.run(&["tee", "--", place], Some(&content)).await?;
        Ok(())
    }

    pub(super) async fn download_plainly(&self, from: &str, to: &str) -> Result<(), CliError> {
        let from = if from == "/" { from } else { from.trim_end_matches('/') };
        let mut target = PathBuf::from(to);
        if target.is_dir() {
            target.push(Path::new(from).file_name().unwrap_or_default());
        }
        // `find` says of a file its own name, and of a folder all that is in it.
        let list = self.run(&["find", from, "-type", "f"], None).await;
        let files = match list {
            Ok(list) => String::from_utf8_lossy(&list).into_owned(),
            Err(error) => {
                self.cx.say_err(&format!("warning: no list of {from} ({error}): taken for a file"));
                from.to_owned()
            }
        };
        for file in files.lines().filter(|line| !line.is_empty()) {
            let Some(place) = below(&target, from, file) else {
                let text = format!("warning: file {file} is outside target destination, skipping");
                self.cx.say_err(&text);
                continue;
            };
            let content = self.run(&["cat", file], None).await?;
            if let Some(folder) = place.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&place, content)?;
        }
        Ok(())
    }
}

/// Where a file goes; `None` where its name leads out of the target.
fn below(target: &Path, from: &str, file: &str) -> Option<PathBuf> {
    let rest = Path::new(file).strip_prefix(from).ok()?;
    let plain = rest.components().all(|part| matches!(part, Component::Normal(_)));
    if !plain {
        return None;
    }
    Some(if rest.as_os_str().is_empty() { target.to_owned() } else { target.join(rest) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stay_below_their_target() {
        let place =
            |from, file| below(Path::new("/t"), from, file).map(|p| p.display().to_string());
        assert_eq!(place("/etc/x", "/etc/x").as_deref(), Some("/t"));
        assert_eq!(place("/etc", "/etc/a/b").as_deref(), Some("/t/a/b"));
        assert_eq!(place("/etc", "/etc/../root/x"), None);
        assert_eq!(place("/etc", "/other/x"), None);
    }
}

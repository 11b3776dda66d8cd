//! Rule sets of nftables, given to `nft` as text: one call is one transaction, all or nothing.

use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// Why nft did not take a rule set.
#[derive(Debug, thiserror::Error)]
pub enum NftError {
    /// nft cannot be run.
    #[error("cannot run nft: {0}")]
    Run(#[source] std::io::Error),
    /// nft refused; nothing was changed.
    #[error("nft refused the rules: {0}")]
    Refused(String),
}

/// Applies a text of nft commands as one atomic transaction.
pub async fn apply(rules: &str) -> Result<(), NftError> {
    run(&["-f", "-"], rules).await.map(drop)
}

/// The rules of a table as nft prints them; `None` if there is no such table.
pub async fn list_table(family: &str, table: &str) -> Result<Option<String>, NftError> {
    match run(&["list", "table", family, table], "").await {
        Ok(text) => Ok(Some(text)),
        Err(NftError::Refused(why)) if why.contains("No such file or directory") => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a table, if there is one.
pub async fn remove_table(family: &str, table: &str) -> Result<(), NftError> {
    // Adding what is there already does nothing, so that deleting never fails.
    apply(&format!("add table {family} {table}\ndelete table {family} {table}\n")).await
}

async fn run(args: &[&str], input: &str) -> Result<String, NftError> {
    let mut nft = Command::new("nft")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(NftError::Run)?;
    if let Some(mut pipe) = nft.stdin.take() {
        pipe.write_all(input.as_bytes()).await.map_err(NftError::Run)?;
    }
    let output = nft.wait_with_output().await.map_err(NftError::Run)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(NftError::Refused(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

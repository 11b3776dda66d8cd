//! The work of `kanoe with`: a fresh cluster for one command, in a home and network namespace of its
//! own, deleted when the command ends.

use std::{
    env,
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt as _, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Boot, ClusterError, Home, Settings};

/// Set for the copy of this program that runs inside the namespaces.
const INSIDE: &str = "KANOE_WITH_HOME";

/// Runs `command` against a fresh cluster and returns its exit code.
///
/// Blocks: until the command has ended and the cluster is deleted.
pub async fn with_cluster(
    program: &Path,
    settings: Settings,
    command: &[String],
) -> Result<u8, ClusterError> {
    match env::var_os(INSIDE) {
        Some(folder) => inside(program, settings, command, Path::new(&folder)).await,
        None => outside(program),
    }
}

/// Starts this very command line again inside fresh namespaces, and takes the folder away after it.
fn outside(program: &Path) -> Result<u8, ClusterError> {
    let folder = env::temp_dir().join(format!("kanoe-with-{:08x}", rand::random::<u32>()));
    DirBuilder::new().mode(0o700).create(&folder).map_err(ClusterError::file(&folder))?;
    let script = "ip link set lo up; exec \"$0\" \"$@\"";
    let status = Command::new("unshare")
        .args(["-n", "-m", "--propagation", "private", "--", "sh", "-c", script])
        .arg(program)
        .args(env::args_os().skip(1))
        .env(INSIDE, &folder)
        .status();
    let removed = fs::remove_dir_all(&folder).map_err(ClusterError::file(&folder));
    let status = status.map_err(ClusterError::file("unshare"))?;
    removed?;
    Ok(exit_code(status))
}

async fn inside(
    program: &Path,
    settings: Settings,
    command: &[String],
    folder: &Path,
) -> Result<u8, ClusterError> {
    let home = Home::new(folder.join("home"));
    let boot = Boot { program: program.to_owned(), settings: Some(settings) };
    crate::start_resident(&home, &boot).await?;
    let outcome = run(&home, program, command, folder).await;
    crate::delete(&home).await?;
    outcome
}

async fn run(
    home: &Home,
    program: &Path,
    command: &[String],
    folder: &Path,
) -> Result<u8, ClusterError> {
    let bin = folder.join("bin");
    fs::create_dir(&bin).map_err(ClusterError::file(&bin))?;
    let link = bin.join("kubectl");
    symlink(program, &link).map_err(ClusterError::file(&link))?;
    let mut paths = vec![bin];
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let path = env::join_paths(paths).map_err(|error| ClusterError::Client(error.to_string()))?;
    let Some((first, rest)) = command.split_first() else { return Ok(0) };
    let status = tokio::process::Command::new(first)
        .args(rest)
        .env("PATH", path)
        .env("KUBECONFIG", home.kubeconfig())
        .env("KANOE_HOME", home.root())
        .env_remove(INSIDE)
        .stdin(Stdio::inherit())
        .status()
        .await
        .map_err(ClusterError::file(PathBuf::from(first)))?;
    Ok(exit_code(status))
}

/// A command ended by a signal has the code that shells give it.
fn exit_code(status: std::process::ExitStatus) -> u8 {
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    let code = status.code().or_else(|| signal.map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

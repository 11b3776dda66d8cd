//! The door between the command line and the cluster: reaching it, booting it, our own commands.

use std::{
    env, fs,
    future::Future,
    io::{self, Write as _},
    path::PathBuf,
    pin::Pin,
    sync::Arc,
};

use cli::{
    ImageBars,
    launch::{LaunchError, Launcher, Reach},
    own::{ClusterCommand, ImageCommand, OwnCommand, RunArgs},
};
use client::Transport;
use cluster::{Boot, Cluster, ClusterError, Home, Settings};
use tokio::sync::Mutex;

use crate::settings::settings_of;

type Outcome<'a, T> = Pin<Box<dyn Future<Output = Result<T, LaunchError>> + Send + 'a>>;

/// This program's own cluster.
#[derive(Debug, Default)]
pub(crate) struct Kanoe {
    in_process: Mutex<Option<Cluster>>,
}

impl Launcher for Kanoe {
    fn reach(&self, reach: Reach) -> Outcome<'_, Transport> {
        Box::pin(async move {
            let home = home()?;
            if let Some(transport) = cluster::connect(&home).await {
                return Ok(transport);
            }
            if reach.running_only {
                return Err("no cluster runs".into());
            }
            let asked = env::var_os("KANOE_CLUSTER").is_some_and(|mode| mode == "in-process");
            if reach.in_process || asked {
                let started =
                    Box::pin(Cluster::start(&home, &cluster::last_settings(&home))).await?;
                let transport = started.transport();
                *self.in_process.lock().await = Some(started);
                return Ok(transport);
            }
            boot(&home, None).await
        })
    }

    fn finish(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            if let Some(cluster) = self.in_process.lock().await.take() {
                cluster.stop().await;
            }
        })
    }

    fn execute(&self, command: OwnCommand) -> Outcome<'_, u8> {
        Box::pin(async move {
            match command {
                OwnCommand::Cluster(command) => cluster_command(command).await,
                OwnCommand::Image(command) => image_command(command).await,
                OwnCommand::Node(_) => Err("node commands are not supported yet".into()),
                OwnCommand::Doctor => doctor(),
                OwnCommand::With(args) => {
                    let program = env::current_exe()?;
                    let settings = settings_of(&args.settings)?;
                    Ok(cluster::with_cluster(&program, settings, &args.command).await?)
                }
            }
        })
    }
}

fn home() -> Result<Home, LaunchError> {
    let given = env::var_os("KANOE_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let root = sys::process::effective_user() == 0;
    let folder = cluster::default_home(given, root).ok_or("no home folder: set KANOE_HOME")?;
    Ok(Home::new(folder))
}

async fn boot(home: &Home, settings: Option<Settings>) -> Result<Transport, LaunchError> {
    let program = env::current_exe()?;
    cluster::start_resident(home, &Boot { program, settings }).await?;
    let transport = cluster::connect(home).await;
    transport.ok_or_else(|| ClusterError::Client("its socket is not there".into()).into())
}

async fn cluster_command(command: ClusterCommand) -> Result<u8, LaunchError> {
    let home = home()?;
    let mut out = io::stdout();
    match command {
        ClusterCommand::Run(args) => return run(home, *args).await,
        ClusterCommand::Start(args) => {
            if home.resident().is_some() {
                writeln!(out, "cluster is running already")?;
                return Ok(0);
            }
            boot(&home, Some(settings_of(&args.settings)?)).await?;
            writeln!(out, "cluster started")?;
        }
        ClusterCommand::Stop => {
            let ran = cluster::stop(&home).await?;
            writeln!(out, "{}", if ran { "cluster stopped" } else { "cluster is not running" })?;
        }
        ClusterCommand::Delete => {
            cluster::delete(&home).await?;
            writeln!(out, "cluster deleted")?;
        }
        ClusterCommand::Status => {
            let summary = cluster::status(&home);
            let word = match (summary.pid, summary.exists) {
                (Some(pid), _) => format!("running (pid {pid})"),
                (None, true) => "stopped".into(),
                (None, false) => "absent".into(),
            };
            writeln!(out, "cluster: {word}\nhome: {}", summary.home.display())?;
            return Ok(u8::from(summary.pid.is_none()));
        }
        ClusterCommand::Kubeconfig => {
            if cluster::connect(&home).await.is_none() {
                boot(&home, None).await?;
            }
            out.write_all(&fs::read(home.kubeconfig())?)?;
        }
        ClusterCommand::Logs { follow } => {
            if follow {
                return Err("logs --follow is not supported yet".into());
            }
            let mut log = fs::File::open(home.log()).map_err(|_| "the cluster has no log yet")?;
            io::copy(&mut log, &mut out)?;
        }
    }
    Ok(0)
}

async fn image_command(command: ImageCommand) -> Result<u8, LaunchError> {
    let home = home()?;
    let mut out = io::stdout();
    match command {
        ImageCommand::Load { files } => {
            let bars = ImageBars::new();
            let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
            let bar = bars.as_ref().map(|bars| bars.doing(&format!("loading {}", names.join(" "))));
            let loaded = cluster::load_images(&home, files).await;
            drop(bar);
            if let Some(bars) = &bars {
                bars.clear();
            }
            for name in loaded? {
                writeln!(out, "loaded {name}")?;
            }
        }
        ImageCommand::Ls => {
            writeln!(out, "{:<48} {:<14} SIZE", "IMAGE", "ID")?;
            for [name, id, size] in cluster::list_images(&home)? {
                writeln!(out, "{name:<48} {id:<14} {size}")?;
            }
        }
        ImageCommand::Pull { images } => {
            let bars = ImageBars::new();
            let progress = bars.clone().map(|bars| -> cluster::Progress {
                Arc::new(move |layer, here, all| bars.heard(layer, here, all))
            });
            let pulled = cluster::pull_images(&home, &images, progress).await;
            if let Some(bars) = &bars {
                bars.clear();
            }
            for id in pulled? {
                writeln!(out, "{id}")?;
            }
        }
        ImageCommand::Rm { images } => cluster::remove_images(&home, images).await?,
    }
    Ok(0)
}

fn doctor() -> Result<u8, LaunchError> {
    let mut out = io::stdout();
    let mut code = 0;
    for finding in cluster::examine() {
        let mark = if finding.mend.is_some() { "!" } else { "ok" };
        writeln!(out, "{mark:<3} {:<12} {}", finding.subject, finding.found)?;
        if let Some(mend) = finding.mend {
            writeln!(out, "    to mend it: {mend}")?;
            code = 1;
        }
    }
    Ok(code)
}

/// Runs the cluster here; it has threads of its own, whatever the command line runs on.
async fn run(home: Home, args: RunArgs) -> Result<u8, LaunchError> {
    let settings = if args.resident {
        sys::process::new_session()?;
        cluster::last_settings(&home)
    } else {
        settings_of(&args.settings)?
    };
    log_to_stderr(args.settings.v);
    let work = tokio::task::spawn_blocking(move || -> Result<(), LaunchError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .worker_threads(2)
            .thread_name("kanoe")
            .build()?;
        runtime.block_on(cluster::run_foreground(&home, &settings, io::stdout()))?;
        Ok(())
    });
    work.await??;
    Ok(0)
}

fn log_to_stderr(verbosity: Option<u8>) {
    let level = match verbosity.unwrap_or(0) {
        0 => "info",
        1..=4 => "debug",
        _ => "trace",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("KANOE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(false)
        .init();
}

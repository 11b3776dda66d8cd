//! What a cluster leaves outside its home, found by its id and by its home's paths.

use lifecycle::StopToken;

use crate::{ClusterError, Home, components::cgroup_root, ranges};

/// Removes processes, mounts, links, nft tables and cgroups of the cluster.
pub(crate) async fn run(home: &Home) -> Result<(), ClusterError> {
    let failed = |error: &dyn std::fmt::Display| ClusterError::Client(error.to_string());
    let id = home.id()?;
    let program = std::env::current_exe().map_err(ClusterError::file("/proc/self/exe"))?;
    let sandboxes = home.root().join("sandboxes");
    if sandboxes.exists() {
        let runtime = runtime::Runtime::open(&sandboxes, &program, StopToken::new())
            .map_err(|error| failed(&error))?;
        for sandbox in runtime.adopt().await.map_err(|error| failed(&error))? {
            sandbox.remove().await.map_err(|error| failed(&error))?;
        }
    }
    if sys::process::effective_user() == 0 {
        let settings = ranges::complete(home, &crate::last_settings(home))?;
        let cidr = |(address, prefix): (std::net::IpAddr, u8)| {
            format!("{address}/{prefix}").parse().map_err(|error| failed(&error))
        };
        let pods = settings.pod_range()?;
        let config = network::Config {
            cluster_id: id.clone(),
            state: home.network(),
            pod_cidr: cidr((pods.0, pods.1.max(24)))?,
            cluster_cidr: cidr(pods)?,
            service_cidr: Some(cidr(settings.service_range()?)?),
        };
        network::nft::remove_table("ip", &proxy::table_name(&id))
            .await
            .map_err(|error| failed(&error))?;
        network::remove_all(&config).await.map_err(|error| failed(&error))?;
        let groups = sys::cgroup::Layout::detect().map_err(ClusterError::file("/sys/fs/cgroup"))?;
        groups.remove(&cgroup_root(&id)).map_err(ClusterError::file("/sys/fs/cgroup"))?;
    }
    sys::mount::detach_below(home.root()).map_err(ClusterError::file(home.root()))?;
    Ok(())
}

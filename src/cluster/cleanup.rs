//! What a cluster leaves outside its home, found by its id and by its home's paths.

use crate::{ClusterError, Home, components::cgroup_root};

/// Removes processes, mounts, links, nft tables and cgroups of the cluster.
pub(crate) async fn run(home: &Home) -> Result<(), ClusterError> {
    let failed = |error: &dyn std::fmt::Display| ClusterError::Client(error.to_string());
    if sys::process::effective_user() == 0 {
        let id = home.id()?;
        network::nft::remove_table("ip", &proxy::table_name(&id))
            .await
            .map_err(|error| failed(&error))?;
        kubelet::erase(home.root(), &id, &cgroup_root(&id))
            .await
            .map_err(|error| failed(&error))?;
        sys::mount::detach_below(home.root()).map_err(ClusterError::file(home.root()))?;
    }
    Ok(())
}

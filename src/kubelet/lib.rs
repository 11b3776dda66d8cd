//! Pod workers, probes, status, volumes, and the node's own server.

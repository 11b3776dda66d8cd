//! Cluster DNS after the Kubernetes DNS specification.

//! Kubeconfig, transports, discovery, shared watch caches and work queue: how everybody speaks to an API server.

//! OCI images, bundles, runc, shim and streams. Knows no Kubernetes.

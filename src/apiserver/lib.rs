//! The Kubernetes API over HTTP: authentication, admission, generic registry, discovery, OpenAPI.

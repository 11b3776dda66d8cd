//! Namespaces, veth, bridge, vxlan and nftables as data. Knows no Kubernetes.

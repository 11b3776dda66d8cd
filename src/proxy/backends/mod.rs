//! How plans become the kernel's rules. nftables is the default and so far the only one.

pub(crate) mod nftables;

//! The only unsafe: mount, unshare, netlink, cgroup, pty, signal.

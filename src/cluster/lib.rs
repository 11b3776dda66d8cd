//! All components in one process: configuration, certificates, home directory, start and stop order.

//! Named tasks, stop token, clock and back-off: how every part starts and ends.

//! The driver and one folder a controller.

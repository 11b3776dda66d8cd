//! Queue, cycle and plugins: which node a pod runs on.

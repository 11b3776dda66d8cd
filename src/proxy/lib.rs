//! Services to rule plans, and the backends that carry them out.

//! What all kinds share: schema engine, metadata, quantity, selectors, patches, status and field errors.

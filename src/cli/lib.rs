//! kubectl: verbs, describe pages, printers, and what it says of errors.

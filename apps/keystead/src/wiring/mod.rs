//! w
mod tls;

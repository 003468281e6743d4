//! The Store contract and the disks under it.

pub mod disk;

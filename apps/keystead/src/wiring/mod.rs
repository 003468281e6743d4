//! What a server is made of: one file for each value that has to be made.

mod attestation;
mod audit;
mod clients;
mod disks;
mod engine;
mod external;
mod front;
mod providers;
mod root;
mod store;
mod tls;

pub use attestation::attestation;
pub use audit::audit;
pub use clients::ClientFiles;
pub use disks::{Disks, is_data_folder};
pub use engine::{Rules, engine};
pub use external::{Proxies, external};
pub use front::{for_clients, for_metrics, front, metrics_page};
pub use providers::{Providers, providers};
pub use root::{passing_root, root_from_file, root_into_new_file};
pub use store::{passing_store, store};
pub use tls::Identity;
use tls::terms;

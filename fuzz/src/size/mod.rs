//! What reads other people's images: manifests, indexes, configurations, and the tars of layers.

pub mod image;
pub mod item_sizes;
pub mod network;

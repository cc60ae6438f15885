pub mod demo;
pub mod graph_source;
pub mod load;
pub mod logged;
pub mod read_again;

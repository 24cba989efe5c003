//! PostgreSQL for tests, from Debian's packages `postgresql` and `pgbouncer`: servers in a folder of their own, reached
//! by a socket in it, that end with the process that started them, however that ends.
//!
//! Must not know whose tables lie in it.

mod bouncer;
mod keeper;
mod postgres;

pub use bouncer::Bouncer;
pub use keeper::{Keeper, Problem};
pub use postgres::Postgres;

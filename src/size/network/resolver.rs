//! Looks each server's addresses up once. ureq asks for them with every question, also on a kept connection, and many
//! lookups at once are what home routers and containers drop: each lost one costs five seconds.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

#[derive(Debug, Default)]
pub(super) struct ResolveOnce {
    addresses: Mutex<BTreeMap<String, ResolvedSocketAddrs>>,
    resolver: DefaultResolver,
}

impl Resolver for ResolveOnce {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let key = format!("{:?} {:?}", uri.scheme(), uri.authority());
        // Whoever comes second waits for the first lookup instead of making another. Failures are not kept.
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = addresses.get(&key) {
            return Ok(known.clone());
        }
        let found = self.resolver.resolve(uri, config, timeout)?;
        addresses.insert(key, found.clone());
        Ok(found)
    }
}

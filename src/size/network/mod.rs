//! HTTP and HTTPS requests: the only place that opens connections, and only when a user asked for it. Answers are
//! bounded in length and time. Certificates are the platform's. Plain HTTP is only for this machine unless the caller
//! allows it. Redirections are limited and never carry a login to another server.

pub mod address;
#[cfg(test)]
pub(crate) mod fixture;
mod resolver;

use std::io::Read as _;
use std::time::Duration;

use thiserror::Error;
use ureq::Agent;
use ureq::http::HeaderMap;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;

use crate::jobs::Watch;
use crate::size::network::address::{Address, NotAnAddress};
use crate::size::network::resolver::ResolveOnce;

const REDIRECTIONS: usize = 5;
/// Time to connect.
const CONNECT: Duration = Duration::from_secs(10);
/// Idle connections kept per server, as many as requests are made at once.
const KEPT_CONNECTIONS: usize = 12;
/// Time for a whole answer.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Error)]
pub enum NetworkError {
    #[error(transparent)]
    Address(#[from] NotAnAddress),
    #[error("{0} would be asked without encryption; use https, or say --plain-http if it has none")]
    Plain(Address),
    #[error("{address}: {reason}")]
    NoAnswer { address: Address, reason: String },
    #[error("{address}: the answer has more than {limit} bytes, so it is refused")]
    TooLarge { address: Address, limit: u64 },
    #[error("{0} is redirected more than {REDIRECTIONS} times")]
    Redirections(Address),
    #[error("asking {0} was stopped")]
    Stopped(Address),
}

#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub address: &'a Address,
    /// Media types.
    pub accept: &'a str,
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
    /// The header `Range`, such as `bytes=-65536`.
    pub range: Option<&'a str>,
    /// A longer answer is refused.
    pub most_bytes: u64,
}

/// With any status.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// After redirections.
    pub address: Address,
    pub body: Vec<u8>,
    headers: HeaderMap,
}

impl Reply {
    /// If present and readable.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

pub struct Network {
    agent: Agent,
    /// For this machine, without a proxy.
    local: Agent,
    allows_plain: bool,
}

impl Network {
    /// `allows_plain` permits plain HTTP to other machines.
    #[must_use]
    pub fn new(allows_plain: bool) -> Self {
        Self::with_patience(allows_plain, PATIENCE)
    }

    fn with_patience(allows_plain: bool, patience: Duration) -> Self {
        let config = || {
            Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .timeout_connect(Some(CONNECT.min(patience)))
                .timeout_global(Some(patience))
                .max_idle_connections(2 * KEPT_CONNECTIONS)
                .max_idle_connections_per_host(KEPT_CONNECTIONS)
                .user_agent(concat!("layerwright/", env!("CARGO_PKG_VERSION")))
                .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
        };
        let agent = |config| Agent::with_parts(config, DefaultConnector::default(), ResolveOnce::default());
        Self { agent: agent(config().build()), local: agent(config().proxy(None).build()), allows_plain }
    }

    /// Waits for the whole answer; checks for cancellation between its parts.
    ///
    /// # Errors
    /// When there is no connection, no answer in time, too long an answer, or it would need plain HTTP. Any status is a
    /// success.
    pub fn get(&self, question: &Question<'_>, watch: &dyn Watch) -> Result<Reply, NetworkError> {
        let mut address = question.address.clone();
        for _ in 0..=REDIRECTIONS {
            let is_same_server = address.is_same_server(question.address);
            let reply = self.once(&address, question, is_same_server, watch)?;
            match (reply.status, reply.header("location")) {
                (301 | 302 | 303 | 307 | 308, Some(location)) => address = address.join(location)?,
                _ => return Ok(reply),
            }
        }
        Err(NetworkError::Redirections(question.address.clone()))
    }

    fn once(
        &self,
        address: &Address,
        question: &Question<'_>,
        with_login: bool,
        watch: &dyn Watch,
    ) -> Result<Reply, NetworkError> {
        if !address.is_encrypted() && !address.is_this_machine() && !self.allows_plain {
            return Err(NetworkError::Plain(address.clone()));
        }
        if watch.is_cancelled() {
            return Err(NetworkError::Stopped(address.clone()));
        }
        let agent = if address.is_this_machine() { &self.local } else { &self.agent };
        let mut request = agent.get(address.to_string()).header("Accept", question.accept);
        if let Some(login) = question.authorization.filter(|_| with_login) {
            request = request.header("Authorization", login);
        }
        if let Some(range) = question.range {
            request = request.header("Range", range);
        }
        let no_answer = |reason: String| NetworkError::NoAnswer { address: address.clone(), reason };
        let response = request.call().map_err(|error| no_answer(error.to_string()))?;
        let (parts, body) = response.into_parts();
        let mut reader = body.into_reader();
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            if watch.is_cancelled() {
                return Err(NetworkError::Stopped(address.clone()));
            }
            let read = reader.read(&mut buffer).map_err(|error| no_answer(error.to_string()))?;
            if read == 0 {
                break;
            }
            if bytes.len() as u64 + read as u64 > question.most_bytes {
                return Err(NetworkError::TooLarge { address: address.clone(), limit: question.most_bytes });
            }
            bytes.extend(buffer.get(..read).unwrap_or_default());
        }
        Ok(Reply { status: parts.status.as_u16(), address: address.clone(), body: bytes, headers: parts.headers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::Unwatched;
    use crate::size::network::fixture::{Server, status};
    use std::sync::atomic::AtomicBool;

    fn ask(network: &Network, address: &str, most_bytes: u64) -> Result<Reply, NetworkError> {
        let address = Address::parse(address).unwrap();
        let question =
            Question { address: &address, accept: "*/*", authorization: Some("Basic eA=="), range: None, most_bytes };
        network.get(&question, &Unwatched)
    }

    #[test]
    fn an_answer_is_handed_on_whatever_its_status() {
        let server = Server::start(|request| match request.path.as_str() {
            "/there" => (200, vec![], request.header("authorization").unwrap_or_default().as_bytes().to_vec()),
            _ => status(404),
        });
        let network = Network::new(false);
        assert_eq!(ask(&network, &server.url("/there"), 100).unwrap().body, b"Basic eA==");
        assert_eq!(ask(&network, &server.url("/not"), 100).unwrap().status, 404);
    }

    #[test]
    fn a_login_does_not_follow_to_another_server_and_circles_end() {
        let other = Server::start(|request| {
            (200, vec![], request.header("authorization").unwrap_or("none").as_bytes().to_vec())
        });
        let away = other.url("/");
        let server = Server::start(move |request| match request.path.as_str() {
            "/away" => (307, vec![("Location", away.clone())], vec![]),
            "/here" => (302, vec![("Location", "there?x=1".to_owned())], vec![]),
            "/there?x=1" => (200, vec![], request.header("authorization").unwrap_or("none").as_bytes().to_vec()),
            _ => (301, vec![("Location", "/round".to_owned())], vec![]),
        });
        let network = Network::new(false);
        assert_eq!(ask(&network, &server.url("/away"), 100).unwrap().body, b"none");
        assert_eq!(ask(&network, &server.url("/here"), 100).unwrap().body, b"Basic eA==");
        assert!(matches!(ask(&network, &server.url("/round"), 100), Err(NetworkError::Redirections(_))));
    }

    #[test]
    fn long_answers_and_endless_ones_are_refused() {
        let server = Server::start(|request| match request.path.as_str() {
            "/long" => (200, vec![], vec![b'x'; 5_000]),
            _ => (fixture::ENDLESS, vec![], vec![b'x'; 1 << 16]),
        });
        let network = Network::new(false);
        assert!(matches!(ask(&network, &server.url("/long"), 4_999), Err(NetworkError::TooLarge { limit: 4_999, .. })));
        assert_eq!(ask(&network, &server.url("/long"), 5_000).unwrap().body.len(), 5_000);
        assert!(matches!(ask(&network, &server.url("/endless"), 1 << 20), Err(NetworkError::TooLarge { .. })));
    }

    #[test]
    fn silence_is_not_waited_for_and_a_stop_is_obeyed() {
        let server = Server::start(|_| (fixture::SILENT, vec![], vec![]));
        let network = Network::with_patience(false, Duration::from_millis(200));
        assert!(matches!(ask(&network, &server.url("/"), 10), Err(NetworkError::NoAnswer { .. })));
        let address = Address::parse(&server.url("/")).unwrap();
        let question = Question { address: &address, accept: "*/*", authorization: None, range: None, most_bytes: 10 };
        assert!(matches!(network.get(&question, &AtomicBool::new(true)), Err(NetworkError::Stopped(_))));
    }

    #[test]
    fn other_machines_are_not_asked_without_encryption() {
        let network = Network::new(false);
        let error = ask(&network, "http://registry.invalid/v2/", 10).unwrap_err();
        assert!(error.to_string().contains("--plain-http"), "{error}");
        assert!(matches!(
            ask(&Network::new(true), "http://registry.invalid/v2/", 10),
            Err(NetworkError::NoAnswer { .. })
        ));
    }
}

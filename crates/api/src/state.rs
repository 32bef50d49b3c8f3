//! What every handler shares.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use rand_core::CryptoRng;
use recourse_domain::ids::Salt;
use recourse_domain::time::Timestamp;
use recourse_seal::sign::SigningKey;
use recourse_store::Store;
use tokio::sync::Semaphore;

use crate::asset::Assets;
use crate::limit::{Limits, Policy};
use crate::network::{Network, Networks};
use crate::traffic::Traffic;

/// Files of plain forms are nowhere but in memory; what does not fit waits outside.
const PLAIN_MEBIBYTES: usize = 256;

/// Tells the time: the system's in the server, a fake one in tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the routers are made of.
pub struct Setup {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Clock,
    /// Randomness for upload ids, challenges and session tokens.
    pub random: Box<dyn CryptoRng + Send>,
    /// Signs acknowledgements. A channel whose manifest does not name it takes no reports.
    pub acknowledgement_key: SigningKey,
    /// Origin of the console, `https://host[:port]`: part of what a reviewer signs to sign in.
    pub console_origin: String,
    /// Origins that may embed every channel, beside those of the channel itself.
    pub embed_origins: Vec<String>,
    /// How often is too often, and which proxies are believed.
    pub policy: Policy,
    /// Files of the intake site.
    pub intake_assets: Assets,
    /// Files of the console site.
    pub console_assets: Assets,
}

/// A handle on what every handler shares. Clones are the same state.
#[derive(Clone)]
pub struct State(Arc<Shared>);

/// What a [`State`] is a handle on. Nothing of it is for callers.
pub struct Shared {
    pub(crate) store: Arc<dyn Store>,
    clock: Clock,
    random: Mutex<Box<dyn CryptoRng + Send>>,
    pub(crate) acknowledgement_key: SigningKey,
    pub(crate) console_origin: String,
    pub(crate) embed_origins: Vec<String>,
    pub(crate) intake_assets: Assets,
    pub(crate) console_assets: Assets,
    pub(crate) traffic: Traffic,
    pub(crate) networks: Networks,
    pub(crate) limits: Limits,
    /// Mebibytes of files that plain forms may hold in memory together.
    pub(crate) plain_memory: Arc<Semaphore>,
    /// Signs tickets. Made anew at each start: a client whose ticket is not known any more asks for another.
    pub(crate) ticket_key: [u8; 32],
}

impl State {
    /// Puts the state together.
    pub fn new(setup: Setup) -> Self {
        let mut random = setup.random;
        let mut ticket_key = [0; 32];
        random.fill_bytes(&mut ticket_key);
        Self(Arc::new(Shared {
            store: setup.store,
            clock: setup.clock,
            random: Mutex::new(random),
            acknowledgement_key: setup.acknowledgement_key,
            console_origin: setup.console_origin,
            embed_origins: setup.embed_origins,
            intake_assets: setup.intake_assets,
            console_assets: setup.console_assets,
            traffic: Traffic::default(),
            networks: Networks::new(setup.policy.trusted_proxies.clone()),
            limits: Limits::new(setup.policy),
            plain_memory: Arc::new(Semaphore::new(PLAIN_MEBIBYTES)),
            ticket_key,
        }))
    }

    /// The buckets, for handlers that are not of this crate.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// What the intake was asked since the last time this was called, as counts: single requests of reporters are not logged.
    pub fn traffic(&self) -> &Traffic {
        &self.0.traffic
    }
}

impl std::ops::Deref for State {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Shared {
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Who asks; from here on the request does not hold the address any more, and handlers find the network beside it.
    pub(crate) fn take_network(&self, request: &mut Request) -> Network {
        let network = self.networks.take(request, self.now(), || self.random());
        request.extensions_mut().insert(network);
        network
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        self.random.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }

    /// For the header of an event that is not the reporter's.
    pub(crate) fn salt(&self) -> Salt {
        Salt::new(self.random())
    }
}

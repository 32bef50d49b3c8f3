//! What every handler shares.

use std::sync::{Arc, Mutex, PoisonError};

use rand_core::CryptoRng;
use recourse_domain::ids::Salt;
use recourse_domain::time::Timestamp;
use recourse_seal::sign::SigningKey;
use recourse_store::Store;

use crate::asset::Assets;
use crate::traffic::Traffic;

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
}

impl State {
    /// Puts the state together.
    pub fn new(setup: Setup) -> Self {
        Self(Arc::new(Shared {
            store: setup.store,
            clock: setup.clock,
            random: Mutex::new(setup.random),
            acknowledgement_key: setup.acknowledgement_key,
            console_origin: setup.console_origin,
            embed_origins: setup.embed_origins,
            intake_assets: setup.intake_assets,
            console_assets: setup.console_assets,
            traffic: Traffic::default(),
        }))
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

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// For the header of an event that is not the reporter's.
    pub(crate) fn salt(&self) -> Salt {
        Salt::new(self.random())
    }
}

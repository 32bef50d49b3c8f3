//! Who asks, as far as limits must know: a keyed hash of the network that the connection came from, and nothing of the address itself.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use recourse_domain::time::Timestamp;
use recourse_seal::hash::hmac_sha256;

/// A network – 256 IPv4 addresses or a /48 of IPv6 –, told from others only today and only in this process; or nobody knows which.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(Option<[u8; 16]>);

impl Network {
    /// One that nobody can tell: no connection, a proxy that was not named, or an address that is not public and so says nothing about
    /// who is there. All of these are one.
    pub const UNKNOWN: Self = Self(None);

    #[cfg(test)]
    pub(crate) const fn of(hash: [u8; 16]) -> Self {
        Self(Some(hash))
    }

    /// Whether it is [`Self::UNKNOWN`].
    pub const fn is_unknown(self) -> bool {
        self.0.is_none()
    }
}

/// A proxy, or a network of them, whose word on who asks is believed: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedProxy {
    network: IpAddr,
    bits: u32,
}

/// It is no address and no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no address and no network such as 10.0.0.0/8")]
pub struct TrustedProxyError;

impl FromStr for TrustedProxy {
    type Err = TrustedProxyError;

    fn from_str(text: &str) -> Result<Self, TrustedProxyError> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| TrustedProxyError)?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(all), str::parse).map_err(|_| TrustedProxyError)?;
        if bits > all { Err(TrustedProxyError) } else { Ok(Self { network: prefix(address, bits), bits }) }
    }
}

impl TrustedProxy {
    fn holds(&self, address: IpAddr) -> bool {
        prefix(address, self.bits) == self.network
    }
}

/// Turns addresses into networks, with a key that is made anew every day and never leaves the memory.
#[derive(Default)]
pub(crate) struct Networks {
    proxies: Vec<TrustedProxy>,
    key: Mutex<Option<(u64, [u8; 32])>>,
}

impl Networks {
    pub(crate) fn new(proxies: Vec<TrustedProxy>) -> Self {
        Self { proxies, key: Mutex::new(None) }
    }

    /// Takes the address out of the request, so that nothing behind this can see it. Must run before headers are dropped.
    pub(crate) fn take(&self, request: &mut Request, now: Timestamp, fresh_key: impl FnOnce() -> [u8; 32]) -> Network {
        let peer = request.extensions_mut().remove::<ConnectInfo<SocketAddr>>();
        let Some(ConnectInfo(peer)) = peer else { return Network::UNKNOWN };
        let address = self.behind(peer.ip().to_canonical(), request.headers());
        let Some(address) = address.filter(|address| is_public(*address)) else { return Network::UNKNOWN };
        let network = prefix(address, if address.is_ipv4() { 24 } else { 48 });
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let today = now.0 / Timestamp::DAY;
        let (_, key) = match *key {
            Some(known) if known.0 == today => known,
            _ => *key.insert((today, fresh_key())),
        };
        let hash = match network {
            IpAddr::V4(network) => hmac_sha256(&key, &network.octets()),
            IpAddr::V6(network) => hmac_sha256(&key, &network.octets()),
        };
        Network(hash.first_chunk().copied())
    }

    /// The address that asks: the connection's, or the last one in `X-Forwarded-For` that is not a trusted proxy's, where a trusted
    /// proxy passed it on. What stands before that was written by whoever asks.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        if !self.trusts(peer) {
            return Some(peer);
        }
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or_default()).collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
        for hop in hops {
            let address = address(hop.trim())?;
            if !self.trusts(address) {
                return Some(address);
            }
        }
        None
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|proxy| proxy.holds(address))
    }
}

/// An address as proxies write it, some with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address: Result<IpAddr, _> = bare.parse();
    address.ok().or_else(|| text.parse::<SocketAddr>().ok().map(|both| both.ip())).map(|address| address.to_canonical())
}

/// The first bits of an address, the rest zero.
fn prefix(address: IpAddr, bits: u32) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0);
            IpAddr::V4((address.to_bits() & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - bits.min(128)).unwrap_or(0);
            IpAddr::V6((address.to_bits() & mask).into())
        }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            !(address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified())
        }
        IpAddr::V6(address) => !(is_local(address) || address.is_loopback() || address.is_unspecified()),
    }
}

const fn is_local(address: Ipv6Addr) -> bool {
    address.is_unique_local() || address.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    const NOON: Timestamp = Timestamp(1_795_000_000);

    fn request(peer: &str, forwarded: &[&str]) -> Request {
        let mut request = Request::new(Body::empty());
        for line in forwarded {
            request.headers_mut().append("x-forwarded-for", line.parse().unwrap());
        }
        let peer: IpAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer, 4_711)));
        request
    }

    fn networks(proxies: &[&str]) -> Networks {
        Networks::new(proxies.iter().map(|text| text.parse().unwrap()).collect())
    }

    fn of(networks: &Networks, peer: &str, forwarded: &[&str]) -> Network {
        networks.take(&mut request(peer, forwarded), NOON, || [7; 32])
    }

    #[test]
    fn neighbours_are_one_network_and_others_are_not() {
        let networks = networks(&[]);
        let of = |peer| of(&networks, peer, &[]);
        assert!(of("203.0.113.7") == of("203.0.113.250") && of("::ffff:203.0.113.9") == of("203.0.113.7"));
        assert!(of("203.0.113.7") != of("203.0.112.7"));
        assert!(of("2001:db8:1:2::1") == of("2001:db8:1:ffff::2") && of("2001:db8:1::1") != of("2001:db8:2::1"));
        for nobody in ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.0.1", "::1", "fd00::1", "fe80::1", "0.0.0.0"] {
            assert!(of(nobody).is_unknown(), "{nobody}");
        }
    }

    #[test]
    fn a_proxy_is_believed_only_where_it_is_named() {
        let nobody = networks(&[]);
        assert!(of(&nobody, "198.51.100.1", &["203.0.113.7"]) == of(&nobody, "198.51.100.1", &[]));
        let named = networks(&["10.0.0.0/8", "198.51.100.1"]);
        let reporter = of(&named, "203.0.113.7", &[]);
        assert!(of(&named, "203.0.113.7", &["192.0.2.1"]) == reporter, "who comes directly cannot say to be another");
        for forwarded in [
            &["203.0.113.7"] as &[&str],
            &["192.0.2.1, 203.0.113.7"],
            &["192.0.2.1", "203.0.113.7, 198.51.100.1"],
            &["203.0.113.7:5555"],
            &["[::ffff:203.0.113.7]"],
        ] {
            assert!(of(&named, "10.9.9.9", forwarded) == reporter, "{forwarded:?}");
        }
        for nothing in [&[] as &[&str], &["unknown"], &["203.0.113.7, _hidden"], &["10.1.1.1"]] {
            assert!(of(&named, "10.9.9.9", nothing).is_unknown(), "{nothing:?}");
        }
    }

    #[test]
    fn tomorrow_nobody_is_known_any_more_and_the_request_forgets_at_once() {
        let networks = networks(&[]);
        let mut asked = request("203.0.113.7", &[]);
        let today = networks.take(&mut asked, NOON, || [1; 32]);
        assert!(asked.extensions().get::<ConnectInfo<SocketAddr>>().is_none());
        let take = |at, key| networks.take(&mut request("203.0.113.7", &[]), at, || key);
        assert!(take(NOON, [2; 32]) == today, "the key is kept for a day");
        let tomorrow = Timestamp(NOON.0 + Timestamp::DAY);
        assert!(take(tomorrow, [3; 32]) != today);
        assert!(take(NOON, [4; 32]) != today, "the key is gone");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "proxy", "10.0.0.0/33", "::/129", "10.0.0.0/x", "10.0.0.0/-1"] {
            assert_eq!(text.parse::<TrustedProxy>(), Err(TrustedProxyError), "{text}");
        }
        assert!("::/0".parse::<TrustedProxy>().unwrap().holds("2001:db8::1".parse().unwrap()));
        assert!("0.0.0.0/0".parse::<TrustedProxy>().unwrap().holds("203.0.113.7".parse().unwrap()));
    }
}

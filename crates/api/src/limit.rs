//! How often is too often. What is a report gets dearer under load and is never refused; what is none is told to come back later.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use recourse_domain::ids::ChannelId;
use recourse_domain::time::Timestamp;
use recourse_wire::limits::WORK_MAX;

use crate::network::{Network, TrustedProxy};

/// A token bucket: so many at once, and then one more every so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// At once; at least 1.
    pub burst: u32,
    /// Seconds until one more may come; at least 1.
    pub seconds: u32,
}

/// What is limited, and how.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The largest number of a ticket while nothing is going on: an expected work of half of it.
    pub least_work: u32,
    /// The same under the heaviest load; what is above [`WORK_MAX`] counts as that.
    pub most_work: u32,
    /// Reports of a channel, counted when they are recorded.
    pub channel: Bucket,
    /// Tickets of a network, counted when they are handed out: who collects tickets in advance pays for that.
    pub network: Bucket,
    /// Receipts that open nothing, by network.
    pub guesses: Bucket,
    /// Sign-in challenges of the console, by network.
    pub challenges: Bucket,
    /// Reports through the form without script, which cannot work for a ticket, by network.
    pub plain_form: Bucket,
    /// Openings of a case by the pages without script, and what is written there, by network.
    pub plain_follow_up: Bucket,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<TrustedProxy>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            least_work: 20_000,
            most_work: WORK_MAX,
            channel: Bucket { burst: 60, seconds: 1 },
            network: Bucket { burst: 6, seconds: 60 },
            guesses: Bucket { burst: 20, seconds: 30 },
            challenges: Bucket { burst: 20, seconds: 15 },
            plain_form: Bucket { burst: 10, seconds: 120 },
            plain_follow_up: Bucket { burst: 40, seconds: 15 },
            trusted_proxies: Vec::new(),
        }
    }
}

/// Later, and when. Never said to a report that came with its work done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many of {name}")]
pub struct TooMany {
    /// Of what, for `RateLimit`.
    pub name: &'static str,
    /// The bucket.
    pub bucket: Bucket,
    /// Seconds until there is room for one.
    pub wait: u32,
}

/// Buckets kept of each kind. A few megabytes are the most that all of them can take, whoever asks.
const KEPT: usize = 16_384;

/// The network that nobody can tell may be many: it gets this many times as much.
const UNKNOWN: u32 = 10;

/// Half a burst more than allowed doubles the work; after so many doublings nothing more is counted, so that load is forgotten in time.
const DOUBLINGS: u32 = 8;

/// The state of all buckets.
pub struct Limits {
    policy: Policy,
    channels: Mutex<Buckets<ChannelId>>,
    networks: Mutex<Buckets<Network>>,
    guesses: Mutex<Buckets<Network>>,
    challenges: Mutex<Buckets<Network>>,
    plain_form: Mutex<Buckets<Network>>,
    plain_follow_up: Mutex<Buckets<Network>>,
}

impl Limits {
    /// All buckets full.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            channels: Mutex::default(),
            networks: Mutex::default(),
            guesses: Mutex::default(),
            challenges: Mutex::default(),
            plain_form: Mutex::default(),
            plain_follow_up: Mutex::default(),
        }
    }

    /// The largest number of the next ticket, which counts against the network. Bytes and attachments count, but a single report at a
    /// quiet time is never dear.
    pub fn work(&self, channel: &ChannelId, network: Network, bytes: u64, count: u32, now: Timestamp) -> u32 {
        let bucket = scaled(self.policy.network, network);
        let of_network = lock(&self.networks).draw(network, bucket, cost(bytes, count, bucket), now);
        let of_channel = lock(&self.channels).used(channel, self.policy.channel, now);
        let doublings = doublings(of_network, bucket).max(doublings(of_channel, self.policy.channel));
        let most = self.policy.most_work.min(WORK_MAX);
        self.policy.least_work.saturating_mul(1 << doublings).min(most)
    }

    /// A report was recorded.
    pub fn recorded(&self, channel: &ChannelId, bytes: u64, count: u32, now: Timestamp) {
        lock(&self.channels).draw(channel.clone(), self.policy.channel, cost(bytes, count, self.policy.channel), now);
    }

    /// A receipt opened nothing. One that opens something is never refused, however often wrong ones came from the same network.
    ///
    /// # Errors
    /// [`TooMany`]; then this one did not count.
    pub fn guess(&self, network: Network, now: Timestamp) -> Result<(), TooMany> {
        lock(&self.guesses).admit("receipts", network, scaled(self.policy.guesses, network), now)
    }

    /// A sign-in challenge is asked for.
    ///
    /// # Errors
    /// [`TooMany`]; then this one did not count.
    pub fn challenge(&self, network: Network, now: Timestamp) -> Result<(), TooMany> {
        lock(&self.challenges).admit("challenges", network, scaled(self.policy.challenges, network), now)
    }

    /// The form without script is sent. It cannot do any work, so it has a quota of its own, and reports with their work done are not
    /// affected by it; who is told to wait is shown what they wrote.
    ///
    /// # Errors
    /// [`TooMany`]; then this one did not count.
    pub fn plain_form(&self, network: Network, now: Timestamp) -> Result<(), TooMany> {
        lock(&self.plain_form).admit("plain-form", network, scaled(self.policy.plain_form, network), now)
    }

    /// A case is opened, or something is written to it, without script: the server does what a device does else. Asked only once the code is
    /// known to open something, so that nobody waits here for others who guess.
    ///
    /// # Errors
    /// [`TooMany`]; then this one did not count.
    pub fn plain_follow_up(&self, network: Network, now: Timestamp) -> Result<(), TooMany> {
        lock(&self.plain_follow_up).admit("plain-follow-up", network, scaled(self.policy.plain_follow_up, network), now)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn scaled(bucket: Bucket, network: Network) -> Bucket {
    if network.is_unknown() {
        Bucket { burst: bucket.burst.saturating_mul(UNKNOWN), seconds: (bucket.seconds / UNKNOWN).max(1) }
    } else {
        bucket
    }
}

/// What a report counts: a large one like several, but never more than is there at a quiet time.
fn cost(bytes: u64, count: u32, bucket: Bucket) -> u32 {
    let large = u32::try_from(bytes / (16 << 20)).unwrap_or(u32::MAX);
    1_u32.saturating_add(count / 4).saturating_add(large).min(bucket.burst.max(1))
}

fn doublings(used: u64, bucket: Bucket) -> u32 {
    let over = used.saturating_sub(u64::from(bucket.burst));
    let doublings = (2 * over).div_ceil(u64::from(bucket.burst.max(1)));
    u32::try_from(doublings).unwrap_or(DOUBLINGS).min(DOUBLINGS)
}

/// Buckets by key, each kept as the moment at which it is full again (the generic cell rate algorithm); one that is full is not kept.
struct Buckets<K> {
    full_at: HashMap<K, u64>,
    /// Shared by all that came when there was no room: a flood from ever new networks gets one bucket and pushes nobody out.
    others: u64,
    swept_at: u64,
}

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self { full_at: HashMap::new(), others: 0, swept_at: 0 }
    }
}

impl<K: Hash + Eq> Buckets<K> {
    /// Tokens out of the bucket.
    fn used(&self, key: &K, bucket: Bucket, now: Timestamp) -> u64 {
        let full_at = self.full_at.get(key).copied().unwrap_or_default();
        full_at.saturating_sub(now.0).div_ceil(u64::from(bucket.seconds.max(1)))
    }

    /// Takes tokens, more than there are if need be; gives how many are out then.
    fn draw(&mut self, key: K, bucket: Bucket, cost: u32, now: Timestamp) -> u64 {
        let seconds = u64::from(bucket.seconds.max(1));
        let burst = u64::from(bucket.burst);
        let longest = now.0 + (burst + burst.div_ceil(2) * u64::from(DOUBLINGS)) * seconds;
        let full_at = self.place(key, now);
        *full_at = ((*full_at).max(now.0) + u64::from(cost) * seconds).min(longest);
        (*full_at - now.0).div_ceil(seconds)
    }

    /// Takes one token, or none and says when there will be one.
    fn admit(&mut self, name: &'static str, key: K, bucket: Bucket, now: Timestamp) -> Result<(), TooMany> {
        let seconds = u64::from(bucket.seconds.max(1));
        let full_at = self.place(key, now);
        let next = (*full_at).max(now.0) + seconds;
        let latest = now.0 + u64::from(bucket.burst.max(1)) * seconds;
        if next > latest {
            return Err(TooMany { name, bucket, wait: u32::try_from(next - latest).unwrap_or(u32::MAX) });
        }
        *full_at = next;
        Ok(())
    }

    fn place(&mut self, key: K, now: Timestamp) -> &mut u64 {
        let is_full = self.full_at.len() >= KEPT;
        if is_full && self.swept_at != now.0 && !self.full_at.contains_key(&key) {
            self.swept_at = now.0;
            self.full_at.retain(|_, full_at| *full_at > now.0);
        }
        if self.full_at.len() >= KEPT && !self.full_at.contains_key(&key) {
            return &mut self.others;
        }
        self.full_at.entry(key).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000);

    fn network(number: u32) -> Network {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        Network::of(bytes)
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp(NOW.0 + seconds)
    }

    #[test]
    fn a_report_at_a_quiet_time_costs_the_least_however_large() {
        for (bytes, count) in [(1, 0), (40_000, 1), (80 << 20, 20)] {
            let limits = Limits::new(Policy::default());
            let work = limits.work(&"demo".parse().unwrap(), network(1), bytes, count, NOW);
            assert_eq!(work, Policy::default().least_work, "{bytes} {count}");
        }
    }

    #[test]
    fn work_rises_for_a_busy_network_alone_and_falls_again() {
        let limits = Limits::new(Policy::default());
        let channel = "demo".parse().unwrap();
        let work = |network, now| limits.work(&channel, network, 1, 0, now);
        let of_flood: Vec<u32> = (0..200).map(|_| work(network(1), NOW)).collect();
        assert!(of_flood[..6].iter().all(|work| *work == 20_000), "{of_flood:?}");
        assert!(of_flood.is_sorted() && of_flood[6] == 40_000 && of_flood[199] == WORK_MAX, "{of_flood:?}");
        assert_eq!(work(network(2), NOW), 20_000, "others are not affected");
        // Forgotten in half an hour, however large the flood was.
        assert_eq!(work(network(1), at(24 * 60)), 40_000);
        assert_eq!(work(network(1), at(60 * 60)), 20_000);
    }

    #[test]
    fn work_rises_for_all_where_a_channel_is_flooded_with_reports() {
        let limits = Limits::new(Policy::default());
        let (flooded, quiet) = ("demo".parse().unwrap(), "other".parse().unwrap());
        for _ in 0..90 {
            limits.recorded(&flooded, 1, 0, NOW);
        }
        assert_eq!(limits.work(&flooded, network(1), 1, 0, NOW), 40_000);
        assert_eq!(limits.work(&quiet, network(2), 1, 0, NOW), 20_000);
        for _ in 0..10_000 {
            limits.recorded(&flooded, 1 << 40, 1_000, NOW);
        }
        assert_eq!(limits.work(&flooded, network(3), 1, 0, NOW), WORK_MAX, "and no more");
        assert_eq!(limits.work(&flooded, network(4), 1, 0, at(600)), 20_000);
    }

    #[test]
    fn whoever_cannot_be_told_is_many() {
        let limits = Limits::new(Policy::default());
        let channel = "demo".parse().unwrap();
        let works: Vec<u32> = (0..61).map(|_| limits.work(&channel, Network::UNKNOWN, 1, 0, NOW)).collect();
        assert_eq!((works[59], works[60]), (20_000, 40_000));
    }

    #[test]
    fn who_comes_too_often_is_told_when_to_come_back() {
        let limits = Limits::new(Policy::default());
        let bucket = Policy::default().guesses;
        for _ in 0..20 {
            assert_eq!(limits.guess(network(1), NOW), Ok(()));
        }
        let told = |wait| Err(TooMany { name: "receipts", bucket, wait });
        assert_eq!(limits.guess(network(1), NOW), told(30));
        assert_eq!(limits.guess(network(1), at(29)), told(1));
        assert_eq!(limits.guess(network(1), at(30)), Ok(()), "asking too early costs nothing");
        assert_eq!(limits.guess(network(1), at(30)), told(30));
        assert_eq!(limits.guess(network(2), NOW), Ok(()));
        // Each has a bucket of its own.
        assert_eq!(limits.challenge(network(1), NOW), Ok(()));
        for _ in 0..10 {
            assert_eq!(limits.plain_form(network(1), NOW), Ok(()));
        }
        assert_eq!(
            limits.plain_form(network(1), NOW).map_err(|later| (later.name, later.wait)),
            Err(("plain-form", 120))
        );
    }

    #[test]
    fn the_buckets_are_bounded_and_a_flood_of_networks_pushes_nobody_out() {
        let mut buckets: Buckets<Network> = Buckets::default();
        let bucket = Bucket { burst: 6, seconds: 60 };
        for _ in 0..30 {
            buckets.draw(network(0), bucket, 1, NOW);
        }
        for number in 1..3 * KEPT as u32 {
            buckets.draw(network(number), bucket, 1, NOW);
        }
        assert_eq!(buckets.full_at.len(), KEPT);
        assert_eq!(buckets.used(&network(0), bucket, NOW), 30, "what it did is not forgotten");
        assert!(
            buckets.draw(network(u32::MAX), bucket, 1, NOW) > 6,
            "there was no room: it shares one bucket with the others"
        );
        // Who came once is forgotten as soon as their bucket is full again, and there is room.
        assert_eq!(buckets.draw(network(u32::MAX), bucket, 1, at(61)), 1);
        assert!(buckets.full_at.len() < 10, "{}", buckets.full_at.len());
    }

    /// Whatever comes in whatever order: there is always a ticket, and never one above the cap.
    #[test]
    fn no_load_refuses_a_report_or_exceeds_the_cap() {
        let policy = Policy { most_work: u32::MAX, ..Policy::default() };
        let limits = Limits::new(policy);
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |below: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed % below
        };
        let channels: [ChannelId; 3] = ["a", "b", "c"].map(|name| name.parse().unwrap());
        let mut now = NOW.0;
        let (mut least, mut most) = (u32::MAX, 0);
        for _ in 0..50_000 {
            // The clock may jump, and backwards too.
            now = if next(1_000) == 0 { now - next(10_000) } else { now + next(3) };
            let channel = &channels[next(3) as usize];
            let network = if next(9) == 0 { Network::UNKNOWN } else { network(next(40) as u32) };
            let (bytes, count) = (u64::MAX >> next(64), u32::MAX >> next(32));
            let work = limits.work(channel, network, bytes, count, Timestamp(now));
            assert!((20_000..=WORK_MAX).contains(&work));
            (least, most) = (least.min(work), most.max(work));
            if next(2) == 0 {
                limits.recorded(channel, bytes, count, Timestamp(now));
            }
        }
        assert_eq!((least, most), (20_000, WORK_MAX), "both ends were met");
    }
}

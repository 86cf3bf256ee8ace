//! The TLS proxies that requests come through, and who asks when they do. Whoever stands
//! behind a proxy is known by what it says of them, and only what our own say is believed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The addresses of our proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Net>);

/// An address, or all that begin like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Net {
    base: IpAddr,
    bits: u32,
}

impl Net {
    fn parse(text: &str) -> Option<Self> {
        let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
        let base: IpAddr = base.parse().ok()?;
        let all = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(all), |bits| bits.parse().ok())?;
        (bits <= all).then_some(Self { base, bits })
    }

    fn holds(self, address: IpAddr) -> bool {
        // The bits that differ, at the upper end of a number as wide as the address.
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(other)) => (base.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits,
            (IpAddr::V6(base), IpAddr::V6(other)) => (base.to_bits() ^ other.to_bits()).leading_zeros() >= self.bits,
            _ => false,
        }
    }
}

impl Proxies {
    /// Reads addresses and networks, with commas or blanks between: `127.0.0.1, 10.0.0.0/8`.
    ///
    /// # Errors
    /// What is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split([',', ' ', '\t'])
            .filter(|part| !part.is_empty())
            .map(|part| {
                let problem =
                    || format!("“{part}” is no address and no network; write them as 127.0.0.1 or 10.0.0.0/8");
                Net::parse(part).ok_or_else(problem)
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.holds(address))
    }

    /// Who asks: the last of those named by `X-Forwarded-For` that is no proxy of ours. Each
    /// proxy adds whom it heard from at the end, so what stands before that is the asker's own
    /// word. From anybody but a proxy the header means nothing; where it holds nonsense, the
    /// last proxy before it counts.
    pub fn client<'a>(&self, peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>) -> IpAddr {
        let mut last = peer.to_canonical();
        for named in forwarded.rev().flat_map(|line| line.rsplit(',')) {
            if !self.has(last) {
                return last;
            }
            let Some(address) = address(named.trim()) else { return last };
            last = address;
        }
        last
    }
}

/// An address as proxies write them: bare, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.parse().ok();
    let address = bare.or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))?;
    Some(address.to_canonical())
}

/// What stands for an address when its tries are counted: of IPv6 the first half, because
/// the second is the asker's to choose.
pub fn counted_as(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{}/64", Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        Proxies::parse(proxies).unwrap().client(peer.parse().unwrap(), forwarded.iter().copied()).to_string()
    }

    #[test]
    fn only_a_proxy_of_ours_says_who_asks() {
        assert_eq!(client("", "127.0.0.1", &["203.0.113.7"]), "127.0.0.1");
        assert_eq!(client("127.0.0.1", "203.0.113.9", &["203.0.113.7"]), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "127.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("127.0.0.1", "127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(client("127.0.0.1", "::ffff:127.0.0.1", &["203.0.113.7:4711"]), "203.0.113.7");
    }

    #[test]
    fn what_the_asker_wrote_into_the_header_is_not_believed() {
        assert_eq!(client("127.0.0.1", "127.0.0.1", &["198.51.100.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("127.0.0.1", "127.0.0.1", &["198.51.100.1", "203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("127.0.0.1 10.0.0.0/8", "127.0.0.1", &["9.9.9.9, 203.0.113.7, 10.1.2.3"]), "203.0.113.7");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn nonsense_in_the_header_is_no_address() {
        for nonsense in ["", "unknown", "203.0.113.7x", "<script>", "203.0.113.7, ,", "203.0.113.7, 999.1.1.1"] {
            assert_eq!(client("127.0.0.1", "127.0.0.1", &[nonsense]), "127.0.0.1", "{nonsense}");
        }
    }

    #[test]
    fn what_is_no_address_and_no_network_is_no_setting() {
        assert_eq!(Proxies::parse(" 127.0.0.1,::1  10.0.0.0/8").map(|all| all.0.len()), Ok(3));
        for wrong in ["localhost", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.0/", "10.0.0.0/-1"] {
            assert!(Proxies::parse(wrong).is_err_and(|says| says.contains(wrong)), "{wrong}");
        }
    }

    #[test]
    fn a_network_holds_what_begins_like_it() {
        let holds = |net: &str, address: &str| Net::parse(net).unwrap().holds(address.parse().unwrap());
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("0.0.0.0/0", "203.0.113.7") && !holds("0.0.0.0/0", "::1"));
    }

    #[test]
    fn the_half_of_an_address_that_its_owner_chooses_does_not_count() {
        let counted = |address: &str| counted_as(address.parse().unwrap());
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), counted("2001:db8:1:2::9"));
        assert_ne!(counted("2001:db8:1:2::9"), counted("2001:db8:1:3::9"));
        assert_eq!(counted("::ffff:203.0.113.7"), "203.0.113.7");
    }
}

//! Which addresses a webhook may have: https anywhere, http only within the own network, and never those by which machines of a cloud
//! are told secrets. Looked at when it is set and again at every connection, since a name may lead elsewhere later.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address lies in the own machine or a private network.
pub(super) fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Whether nothing may ever be sent there: link-local, unspecified, multicast, broadcast.
pub(super) fn is_forbidden(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            address.is_link_local()
                || address.is_multicast()
                || address == Ipv4Addr::BROADCAST
                || address.is_unspecified()
        }
        IpAddr::V6(address) => {
            address.is_unicast_link_local() || address.is_multicast() || address == Ipv6Addr::UNSPECIFIED
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_network_is_told_from_the_rest() {
        for (text, private, forbidden) in [
            ("127.0.0.1", true, false),
            ("10.1.2.3", true, false),
            ("172.16.0.1", true, false),
            ("172.32.0.1", false, false),
            ("192.168.9.9", true, false),
            ("::1", true, false),
            ("fd12::1", true, false),
            ("::ffff:10.0.0.1", true, false),
            ("8.8.8.8", false, false),
            ("169.254.169.254", false, true),
            ("0.0.0.0", false, true),
            ("fe80::1", false, true),
            ("224.0.0.1", false, true),
        ] {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!((is_private(address), is_forbidden(address)), (private, forbidden), "{text}");
        }
    }
}

"""Finds the network addresses of a host, and refuses those that are not on the public internet."""

import ipaddress
import queue
import socket
import threading

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6052: an IPv4 address in the last 32 bits; a private one would be reached through the translator.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class UnknownHostError(OSError):
    """A host name has no address, or the name servers do not answer in time."""


class PrivateAddressError(OSError):
    """A host has addresses of private, loopback, link-local or otherwise non-global networks only."""


def is_public(address: Address) -> bool:
    """Returns whether an address is on the public internet, also through the IPv4 address that an IPv6 one carries."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = _carried(address)
        if carried:
            return all(is_public(each) for each in carried)
    return address.is_global and not address.is_multicast


def _carried(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def addresses_of(host: str, *, allow_private: bool, seconds: float) -> list[str]:
    """Returns the addresses of a host that may be connected to, in the order of the resolver.

    Args:
        host: A name or an address.
        allow_private: Whether non-global addresses are allowed.
        seconds: How long the name servers may take.

    Raises:
        UnknownHostError: There is none.
        PrivateAddressError: None of them is allowed.
    """
    found = _literal(host) or _resolved(host, seconds)
    allowed = [text for text in found if allow_private or is_public(_without_scope(text))]
    if not allowed:
        name = host if host == found[0] else f"{host} ({found[0]})"
        raise PrivateAddressError(f"{name} is not on the public internet")
    return allowed


def _without_scope(text: str) -> Address:
    return ipaddress.ip_address(text.partition("%")[0])


def _literal(host: str) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host.strip("[]")))]
    except ValueError:
        return []


def _resolved(host: str, seconds: float) -> list[str]:
    """Asks in a thread, since the system's resolver knows no time limit."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_ask, args=(host, answers), daemon=True, name=f"resolve {host}").start()
    try:
        answer = answers.get(timeout=max(seconds, 0.0))
    except queue.Empty as error:
        raise UnknownHostError(f"the address of {host} was not found in time") from error
    if isinstance(answer, Exception):
        raise UnknownHostError(f"the host {host} is not known") from answer
    return answer


def _ask(host: str, answers: "queue.SimpleQueue[list[str] | Exception]") -> None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that IDNA cannot hold
        answers.put(error)
        return
    answers.put(list(dict.fromkeys(str(address[0]) for *_, address in found)))

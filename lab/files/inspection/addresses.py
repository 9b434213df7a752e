"""The scheme and the path of an address, as typed: links need not be well-formed. Pure."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")  # one letter is a disk
_HOST = re.compile(r"(?:localhost|[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+):\d{1,5}(?:[/?#]|$)")
_LEFT_OUT = str.maketrans("", "", "\t\r\n")  # by whatever follows an address


def scheme_of(address: str) -> str:
    """Return the scheme in lower case, "" for a path, or for a host and its port."""
    address = _cleaned(address)
    match = _SCHEME.match(address)
    return match[1].lower() if match and not _HOST.match(address) else ""


def path_of(address: str) -> str:
    """Return what follows scheme and host, without query and fragment."""
    address = _cleaned(address)
    rest = address[len(scheme) + 1 :] if (scheme := scheme_of(address)) else address
    rest = rest.partition("#")[0].partition("?")[0]
    return f"/{rest[2:].partition('/')[2]}" if scheme and rest.startswith("//") else rest


def _cleaned(address: str) -> str:
    return address.translate(_LEFT_OUT).strip("".join(map(chr, range(33))))

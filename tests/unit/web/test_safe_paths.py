"""Where a page may lead after a sign-in: odd addresses lead to the start page."""

from __future__ import annotations

import pytest

from lab.web.request.safe_paths import LONGEST, safe_path

GOOD = [
    "/",
    "/proposals?page=2&q=支付",
    "/calls/abc/overview#rows",
    "/search?q=a%20b%0d%0a",
    "/a//b",
    "/x?next=//evil.example",
    "/" + "x" * (LONGEST - 1),
]
ODD = [
    *("", "calls", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example"),
    *("\\/evil.example", "/a\\b", "http://evil.example", "http:///evil.example", "https:evil"),
    *("javascript:alert(1)", "//[::1", "[::1", "http://[::1", "/a\r\nSet-Cookie: a=b", "/\t/evil"),
    *("/\x00", "/a\x7f", "/a\x85b", "/\u2028", "/a\u202eb", "/\ud800", "/a\udfffb", "/\ufeffx"),
    *(" /a", "\u3000/a", "\uff0f/evil.example", "\uff0fevil", "/" + "x" * LONGEST, "?next=/"),
]


@pytest.mark.parametrize("address", GOOD)
def test_a_path_of_the_portal_is_followed(address: str) -> None:
    assert safe_path(address) == address


@pytest.mark.parametrize("address", ODD, ids=ascii)
def test_an_odd_address_leads_to_the_start_page(address: str) -> None:
    assert safe_path(address) == "/"

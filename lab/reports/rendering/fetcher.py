"""The only access of a page under layout to the outside: data: addresses and known fonts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher, URLFetcherResponse


class AddressRejected(Exception):
    """A page requested an address that it must not read."""


class RestrictedFetcher(URLFetcher):  # type: ignore[misc]
    """Allow data: addresses and the exact files in `files` (absolute paths); nothing else.

    A rejected address is recorded in `rejected`, because in some places the library continues
    without the content; the caller must check it before delivering a page.
    """

    def __init__(self, files: Iterable[Path] = ()) -> None:
        super().__init__(
            allowed_protocols=("data", "file"), allow_redirects=False, fail_on_errors=True
        )
        self._files = frozenset(str(path) for path in files)
        self.rejected: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the content of `url`. Raises ValueError for an address that is not allowed."""
        scheme = url.partition(":")[0].lower()
        if scheme == "data":
            return super().fetch(url, headers)
        if scheme == "file" and (path := self._allowed_path(url)):
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/otf"})
        self.rejected.append(url)
        raise ValueError(f"refused address: {url[:200]}")

    def _allowed_path(self, url: str) -> Path | None:
        """Return the allowed file of a file: address.

        The text must match exactly, so .. cannot escape.
        """
        parts = urlsplit(url)
        if parts.netloc or parts.query or parts.fragment:
            return None
        path = url2pathname(parts.path)
        return Path(path) if path in self._files else None

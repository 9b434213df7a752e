"""The only door through which a page being laid out can read anything: data: and known fonts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher, URLFetcherResponse


class AddressRejected(Exception):
    """A page asked for an address that it may not read."""


class RestrictedFetcher(URLFetcher):  # type: ignore[misc]
    """Reads data: addresses and the exact files in `files` (absolute paths); nothing else.

    A refused address is kept in `rejected`, because the library goes on without the content in
    some places; the caller must look there before it hands a page out.
    """

    def __init__(self, files: Iterable[Path] = ()) -> None:
        super().__init__(
            allowed_protocols=("data", "file"), allow_redirects=False, fail_on_errors=True
        )
        self._files = frozenset(str(path) for path in files)
        self.rejected: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The content behind `url`. Raises ValueError for an address that is not allowed."""
        scheme = url.partition(":")[0].lower()
        if scheme == "data":
            return super().fetch(url, headers)
        if scheme == "file" and (path := self._known(url)):
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/otf"})
        self.rejected.append(url)
        raise ValueError(f"refused address: {url[:200]}")

    def _known(self, url: str) -> Path | None:
        """The allowed file of a file: address; the text must match, so .. cannot climb."""
        parts = urlsplit(url)
        if parts.netloc or parts.query or parts.fragment:
            return None
        path = url2pathname(parts.path)
        return Path(path) if path in self._files else None

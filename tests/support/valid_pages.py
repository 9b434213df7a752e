"""Which pages are valid HTML, kept from one run of the tests to the next: parsing is slow."""

from __future__ import annotations

import hashlib
from pathlib import Path

import html5lib

DIGEST_BYTES = 32
MAX_BYTES = 1 << 20  # a few times as many pages as there are; beyond that the file begins anew


class ValidPages:
    """Digests of the skeletons of pages that were parsed without an error.

    Whether a skeleton is valid follows from the parser and from the module that makes skeletons:
    where one of them is another, nothing is known.
    """

    def __init__(self) -> None:
        self._known: set[bytes] = set()
        self._new: list[bytes] = []

    def __contains__(self, digest: bytes) -> bool:
        return digest in self._known

    def add(self, digest: bytes) -> None:
        self._known.add(digest)
        self._new.append(digest)

    def load(self, folder: Path, checker: Path) -> Path:
        """Learn what earlier runs have kept in the folder; `checker` makes the skeletons."""
        version = hashlib.sha256(html5lib.__version__.encode() + checker.read_bytes())
        file = folder / version.hexdigest()[:16]
        kept = file.read_bytes() if file.exists() else b""
        if len(kept) > MAX_BYTES or len(kept) % DIGEST_BYTES:
            file.unlink(missing_ok=True)
            return file
        starts = range(0, len(kept), DIGEST_BYTES)
        self._known.update(kept[start : start + DIGEST_BYTES] for start in starts)
        return file

    def save(self, file: Path) -> None:
        """Add what this run has learnt, in one write: other processes add theirs."""
        with file.open("ab", buffering=0) as kept:
            kept.write(b"".join(self._new))
        self._new.clear()

"""A migration that has landed is never edited: instances that ran it would differ from new ones."""

from __future__ import annotations

import hashlib

from lab.filesystem import ROOT

VERSIONS = ROOT / "migrations" / "versions"
LANDED = ROOT / "migrations" / "landed.sha256"  # as sha256sum writes it, in the folder of versions


def test_no_landed_migration_was_edited_or_removed() -> None:
    pinned = [line.split("  ") for line in LANDED.read_text(encoding="ascii").splitlines()]
    found = {path.name: path.read_bytes() for path in VERSIONS.glob("*.py")}
    altered = [
        name
        for digest, name in pinned
        if hashlib.sha256(found.get(name, b"")).hexdigest() != digest
    ]
    assert not altered, "landed migrations are left as they are; a new one follows them"


def test_every_migration_is_pinned() -> None:
    pinned = {line.split("  ")[1] for line in LANDED.read_text(encoding="ascii").splitlines()}
    loose = sorted({path.name for path in VERSIONS.glob("*.py")} - pinned)
    assert not loose, "add the new one: sha256sum FILE >> ../landed.sha256, in migrations/versions"

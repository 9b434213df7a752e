"""What was submitted stays what it was: fingerprints, documents and comparisons of old versions.

The files in tests/frozen/proposals are never made anew: a new field leaves all of them as they are.
"""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from lab.canonical import fingerprint
from tests.support.documents.frozen_versions import (
    FOLDER,
    VERSIONS,
    changes,
    documents,
    exported,
    printed_digest,
    stored,
    without_separators,
)


@pytest.mark.parametrize("name", VERSIONS)
def test_a_submitted_version_keeps_its_fingerprint(name: str) -> None:
    version = stored(name)
    assert fingerprint(version["content"]) == version["fingerprint"]


@pytest.mark.parametrize("name", VERSIONS)
def test_documents_of_a_version_say_the_same_when_made_again(name: str) -> None:
    """In the form of today: figures have got thousands separators since."""
    version = stored(name)
    made = {kind: without_separators(plain) for kind, plain in documents(version).items()}
    assert made == version["documents"]
    assert documents(version)["proposal"]["schema"] == "proposal-4"


@pytest.mark.parametrize("name", VERSIONS)
def test_documents_of_a_version_print_as_they_did(name: str) -> None:
    version = stored(name)
    printed = {kind: printed_digest(plain) for kind, plain in version["documents"].items()}
    assert printed == version["printed"]


@pytest.mark.parametrize("name", VERSIONS)
def test_documents_of_the_form_before_print_as_they_did(name: str) -> None:
    held = json.loads((FOLDER / "whole.json").read_text("utf-8"))[name]
    documents = stored(name)["documents"]
    for kind, schema in (("proposal", "proposal-3"), ("review", "review-2")):
        assert printed_digest({**documents[kind], "schema": schema}) == held[kind]


@pytest.mark.parametrize("name", VERSIONS)
def test_the_export_says_of_a_version_what_it_said(name: str) -> None:
    version, held = stored(name), stored(name)["exported"]
    assert exported(version)["rows"] == held["rows"]
    assert held["values"].items() <= exported(version)["values"].items()


def test_two_versions_differ_in_what_they_differed_in() -> None:
    held = json.loads((FOLDER / "changes.json").read_text("utf-8"))
    pairs = pairwise([stored(name) for name in reversed(VERSIONS)])
    assert [changes(*pair) for pair in pairs] == held

"""What is kept of valid pages between runs of the tests."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.support.valid_pages import ValidPages

ONE, OTHER = (hashlib.sha256(page).digest() for page in (b"one", b"other"))


def kept(folder: Path, checker: Path, *digests: bytes) -> Path:
    pages = ValidPages()
    file = pages.load(folder, checker)
    for digest in digests:
        pages.add(digest)
    pages.save(file)
    return file


def known(folder: Path, checker: Path) -> ValidPages:
    pages = ValidPages()
    pages.load(folder, checker)
    return pages


def test_a_valid_page_is_known_to_the_next_run(tmp_path: Path) -> None:
    kept(tmp_path, Path(__file__), ONE)
    assert ONE in known(tmp_path, Path(__file__))
    assert OTHER not in known(tmp_path, Path(__file__))


def test_two_processes_add_what_each_has_learnt(tmp_path: Path) -> None:
    kept(tmp_path, Path(__file__), ONE)
    kept(tmp_path, Path(__file__), OTHER)
    assert {ONE, OTHER} == {d for d in (ONE, OTHER) if d in known(tmp_path, Path(__file__))}


def test_another_checker_knows_nothing(tmp_path: Path) -> None:
    kept(tmp_path, Path(__file__), ONE)
    other = tmp_path / "checker.py"
    other.write_text("another")
    assert ONE not in known(tmp_path, other)


def test_a_file_that_is_cut_short_counts_for_nothing(tmp_path: Path) -> None:
    file = kept(tmp_path, Path(__file__), ONE, OTHER)
    file.write_bytes(file.read_bytes()[:-1])
    assert ONE not in known(tmp_path, Path(__file__))
    assert not file.exists()

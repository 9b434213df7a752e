"""Names and bytes on the disk, and locks between processes."""

import os
from pathlib import Path

import pytest

from lab.config.checks import secret
from lab.filesystem import alone, locked, write_once
from lab.nodes.identity import this_node


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What has been synced so far."""
    paths: list[Path] = []

    def note(handle: int) -> None:
        paths.append(Path(os.readlink(f"/proc/self/fd/{handle}")))

    monkeypatch.setattr(os, "fsync", note)
    return paths


def test_a_demonstrations_key_outlives_a_power_cut(tmp_path: Path, synced: list[Path]) -> None:
    made = secret("LAB_AUDIT_KEY", "", tmp_path, allow_generated=True)
    assert secret("LAB_AUDIT_KEY", "", tmp_path, allow_generated=True) == made
    assert synced[-1] == tmp_path and len(synced) == 2


def test_the_number_of_an_instance_outlives_a_power_cut(tmp_path: Path, synced: list[Path]) -> None:
    assert this_node(tmp_path) == this_node(tmp_path)
    assert synced[-1] == tmp_path and len(synced) == 2


def test_the_first_of_several_writers_counts(tmp_path: Path) -> None:
    for text in ("first", "second"):
        write_once(tmp_path / "number.txt", text)
    assert (tmp_path / "number.txt").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["number.txt"]
    assert (tmp_path / "number.txt").stat().st_mode & 0o777 == 0o600


def test_one_at_a_time_is_alone(tmp_path: Path) -> None:
    with alone(tmp_path / ".lock") as first, alone(tmp_path / ".lock") as second:
        assert (first, second) == (True, False)
    with locked(tmp_path / ".lock"), alone(tmp_path / ".lock") as free:
        assert not free


def test_a_failure_inside_is_not_taken_for_a_lock(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError), alone(tmp_path / ".lock"):
        raise BlockingIOError
    with alone(tmp_path / ".lock") as free:
        assert free

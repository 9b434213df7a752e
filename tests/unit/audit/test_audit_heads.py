"""The heads noted outside the database: each way to damage the file is found, a crash is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from lab.audit.check import PrintedHead, format_head, parse_head
from lab.audit.rules.heads import Head, HeadsFile, read_file, truncated_at
from lab.audit.rules.heads_check import HeadsReport, read_heads

KEY, OTHER = "heads-key-for-tests-0123456789abcdef", "another-key-for-tests-0123456789abcd"


def code(seq: int, turn: str = "") -> str:
    return sha256(f"{seq}{turn}".encode()).hexdigest() if seq else "0" * 64


def head(seq: int, turn: str = "") -> Head:
    return seq, code(seq, turn)


class Notes:
    """A file of heads and the portal that writes it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "audit-heads.log"
        self.seq = 0

    def commit(self, count: int = 1, key: str = KEY) -> None:
        for _ in range(count):
            HeadsFile(self.path, key).announce(head(self.seq), head(self.seq + 1))
            HeadsFile(self.path, key).confirm(self.seq + 1)
            self.seq += 1

    def announce_only(self) -> None:
        HeadsFile(self.path, KEY).announce(head(self.seq), head(self.seq + 1, "lost"))

    def read(self, key: str = KEY) -> HeadsReport:
        return read_heads(read_file(self.path), key)

    def lines(self) -> list[bytes]:
        return self.path.read_bytes().splitlines(keepends=True)


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    made = Notes(tmp_path)
    made.commit(6)
    return made


def test_heads_written_in_order_are_whole(notes: Notes) -> None:
    read = notes.read()
    assert read.recorded.finding is None
    assert list(read.recorded.pairs()) == [(seq, code(seq)[:32]) for seq in range(1, 7)]
    assert (read.recorded.confirmed_seq, read.recorded.latest) == (6, 6)


def test_a_made_up_line_does_not_bridge_a_cut(notes: Notes) -> None:
    said = notes.lines()
    forged = b"b 3 " + b"0" * 32 + b" " + said[6].split()[-1] + b"\n"
    notes.path.write_bytes(b"".join([*said[:4], forged, *said[8:]]))
    assert notes.read().recorded.finding is not None


def test_a_confirmation_counts_in_any_position(notes: Notes) -> None:
    said = notes.lines()
    heads, confirmations = said[0::2], said[1::2]
    notes.path.write_bytes(b"".join([*heads, *confirmations, b"d 6x\n", b"d 06\n"]))
    read = notes.read()
    assert (read.recorded.finding, read.recorded.confirmed_seq, read.recorded.latest) == (
        None,
        6,
        6,
    )
    assert list(read.recorded.pairs()) == [(seq, code(seq)[:32]) for seq in range(1, 7)]


def test_a_head_is_on_the_disk_before_the_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = os.fsync

    def note(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    new = HeadsFile(tmp_path / "audit-heads.log", KEY)
    new.announce(head(0), head(1))
    assert synced == [str(tmp_path / "audit-heads.log"), str(tmp_path)], "the file and its name"
    new.confirm(1)
    new.announce(head(1), head(2))
    assert synced[2:] == [str(tmp_path / "audit-heads.log")]


def test_a_crash_before_the_commit_is_no_finding(notes: Notes) -> None:
    notes.announce_only()
    assert (notes.read().recorded.confirmed_seq, notes.read().recorded.latest) == (6, 7)
    notes.commit(2)
    noted = notes.read().recorded
    assert noted.finding is None
    assert list(noted.pairs())[-2:] == [(7, code(7)[:32]), (8, code(8)[:32])]


def test_a_line_torn_by_a_power_cut_is_no_finding(notes: Notes) -> None:
    with notes.path.open("ab") as file:
        file.write(b"i 7 0123")
    notes.commit(2)
    assert notes.read().recorded.finding is None and notes.read().recorded.latest == 8


def test_a_row_taken_from_the_end_and_written_anew_is_found(notes: Notes) -> None:
    notes.seq = 4
    notes.commit(3)
    finding = notes.read().recorded.finding
    assert finding is not None and finding.seq == 5


@pytest.mark.parametrize("kept", [0, 1, 5, 10])
def test_a_file_cut_while_the_portal_runs_stays_found(notes: Notes, kept: int) -> None:
    notes.path.write_bytes(b"".join(notes.lines()[:kept]))
    notes.commit(2)
    finding = notes.read().recorded.finding
    assert finding is not None and "缺失" in finding.message


def swap(lines: list[bytes]) -> list[bytes]:
    return [*lines[:4], *lines[6:8], *lines[4:6], *lines[8:]]


EDITS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "middle": lambda lines: [*lines[:4], *lines[6:]],
    "first": lambda lines: lines[2:],
    "last": lambda lines: [*lines[:8], *lines[10:]],
    "number": lambda lines: [*lines[:4], lines[4].replace(b"i 3", b"i 4"), *lines[5:]],
    "code": lambda lines: [
        *lines[:4],
        lines[4].replace(b"i 3 ", b"i 3 0")[:-2] + b"\n",
        *lines[5:],
    ],
    "order": swap,
    "twice": lambda lines: [*lines[:6], *lines[4:]],
    "unkeyed": lambda lines: [*lines, f"7 {code(7)}\n".encode()],
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_file_is_found(notes: Notes, edit: Callable[[list[bytes]], list[bytes]]) -> None:
    notes.path.write_bytes(b"".join(edit(notes.lines())))
    assert notes.read().recorded.finding is not None


def test_heads_of_another_key_are_found(notes: Notes) -> None:
    assert notes.read(OTHER).recorded.finding is not None


def test_the_file_is_cut_to_fit_an_older_copy(notes: Notes) -> None:
    data = read_file(notes.path)
    for seq in range(7):
        noted = read_heads(truncated_at(data, seq), KEY).recorded
        assert noted.finding is None and noted.latest == seq
    assert truncated_at(data, 6) == truncated_at(data, 99) == data


def test_unkeyed_heads_written_out_of_order_are_cut_by_number(tmp_path: Path) -> None:
    data = b"".join(f"{seq} {code(seq)}\n".encode() for seq in (1, 3, 2, 5, 4))
    assert read_heads(truncated_at(data, 2), KEY).recorded.latest == 2
    assert read_heads(truncated_at(data, 4), KEY).recorded.latest == 4


@pytest.mark.parametrize(
    "typed",
    ["57:5d1f09ab12cd34ef", " 57：5D1F 09AB 12CD 34EF。", "57:5d1f09ab12cd34ef…"],
)
def test_a_printed_head_is_taken_as_people_copy_it(typed: str) -> None:
    assert format_head(57, "5d1f09ab12cd34ef" + "0" * 48) == "57:5d1f09ab12cd34ef"
    assert parse_head(typed) == PrintedHead(57, "5d1f09ab12cd34ef")


def test_a_head_of_an_earlier_report_has_no_number() -> None:
    assert parse_head("5d1f09ab12cd") == PrintedHead(0, "5d1f09ab12cd")
    with pytest.raises(ValueError, match="head"):
        parse_head("第五条")


# -- a new chain that was announced with a key that is not used --------------------------------


def announce_chain(notes: Notes, key: str) -> None:
    """What stands in the file when `begin-chain` is cut off before its row is committed."""
    begun = head(notes.seq + 1, "begun")
    HeadsFile(notes.path, key).announce(head(notes.seq), begun, seal=("b", begun))


def test_a_refused_new_chain_leaves_the_file_intact(notes: Notes) -> None:
    announce_chain(notes, OTHER)
    assert notes.read().recorded.finding is None, "the right key is back, nothing was written yet"
    notes.commit(2)
    read = notes.read()
    assert (read.recorded.finding, read.seals, read.recorded.latest) == (None, {}, 8)


def test_a_line_of_a_foreign_key_covers_nothing_above_it(notes: Notes) -> None:
    whole = notes.lines()
    for cut in (whole[:8], [line.replace(b"i 5 ", b"i 5 00", 1)[:-3] + b"\n" for line in whole]):
        notes.path.write_bytes(b"".join(cut))
        announce_chain(notes, OTHER)
        notes.commit()
        assert notes.read().recorded.finding is not None
        notes.seq -= 1
    notes.path.unlink()
    notes.seq = 0
    notes.commit(4, key=OTHER)  # made up by somebody without the key
    announce_chain(notes, OTHER)
    assert notes.read().recorded.finding is not None

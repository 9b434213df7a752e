"""Which nodes may run beside each other, and since when one counts as gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lab.nodes import presence_marks
from lab.nodes.identity import this_node
from lab.nodes.rules import WEB, Conflict, Node, SeenProcess, find_conflict

OWN = Node("1111", "lab1", "boot-a")
NOW = datetime(2022, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("other", "seconds", "shared", "traced", "reason"),
    [
        (OWN, 5, False, False, None),
        (Node("1111", "lab1", "boot-b"), 5, False, False, None),  # the same machine, restarted
        (Node("1111", "web-x", "boot-a"), 5, False, False, None),  # a container of the machine
        (Node("2222", "lab1", "boot-a"), 5, False, False, Conflict.OTHER_FOLDER),
        (Node("2222", "lab2", "boot-b"), 119, False, True, Conflict.OTHER_FOLDER),
        (Node("2222", "lab2", "boot-b"), 119, True, True, Conflict.OTHER_FOLDER),
        (Node("2222", "lab2", "boot-b"), -5, False, True, Conflict.OTHER_FOLDER),  # clocks differ
        (Node("2222", "lab2", "boot-b"), 120, False, False, None),  # moved or restored
        (Node("2222", "lab2", "boot-b"), -86400, False, False, None),  # the clock was set back
        (Node("1111", "lab2", "boot-b"), 5, False, True, Conflict.OTHER_MACHINE),
        (Node("1111", "lab2", ""), 5, False, True, Conflict.OTHER_MACHINE),
        (Node("1111", "lab2", "boot-b"), 120, False, False, None),
        (Node("1111", "lab2", "boot-b"), 5, True, True, None),
        (Node("1111", "lab2", "boot-b"), 5, True, False, Conflict.COPY),
    ],
)
def test_a_node_starts_unless_another_works_on_other_files(
    other: Node, seconds: float, shared: bool, traced: bool, reason: Conflict | None
) -> None:
    found = find_conflict(OWN, shared, [SeenProcess(other, WEB, seconds)], lambda _: traced)
    assert found == ((reason, other.host) if reason else None)


@pytest.mark.parametrize("reason", Conflict)
def test_the_message_names_the_other_machine(reason: Conflict) -> None:
    said = reason.message("lab2")
    assert "（lab2）" in said
    assert "两分钟" in said
    assert "{" not in said


def test_one_folder_has_one_number_and_keeps_it(tmp_path: Path) -> None:
    number = this_node(tmp_path).number
    assert len(number) == 32
    assert this_node(tmp_path).number == number
    (tmp_path / "other").mkdir()
    assert this_node(tmp_path / "other").number != number


def test_a_copied_folder_is_recognised(tmp_path: Path) -> None:
    assert not presence_marks.matches_mark(tmp_path, OWN, NOW)
    presence_marks.write_mark(tmp_path, OWN, NOW)
    assert presence_marks.matches_mark(tmp_path, OWN, NOW + timedelta(seconds=90))
    assert not presence_marks.matches_mark(tmp_path, OWN, NOW + timedelta(minutes=3))
    assert not presence_marks.matches_mark(tmp_path, Node("1111", "lab2"), NOW)
    next((tmp_path / presence_marks.FOLDER).iterdir()).write_text("?")
    assert not presence_marks.matches_mark(tmp_path, OWN, NOW)

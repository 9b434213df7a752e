"""When the daily backup is due, which are kept, and what a manifest notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lab.backup.rules import manifest, schedule
from lab.backup.rules.manifest import BackupError, File, Manifest, Table

# 2022-07-01 02:00 in Beijing
TWO = datetime(2022, 6, 30, 18, 0, tzinfo=UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("now", "newest", "failed_at", "due"),
    [
        (TWO, None, None, True),
        (TWO - hours(3), None, None, True),  # the first one waits for no night
        (TWO, TWO - hours(24), None, True),
        (TWO - hours(1), TWO - hours(24), None, False),
        (TWO + hours(5), TWO, None, False),
        (TWO + hours(23.9), TWO, None, False),
        (TWO + hours(24), TWO, None, True),
        (TWO + hours(9), TWO - hours(20), None, True),  # the machine was off at two
        (TWO, TWO - hours(24), TWO - hours(0.5), False),  # failed half an hour ago
        (TWO, TWO - hours(24), TWO - hours(1), True),
        (TWO, TWO - hours(24), TWO + hours(2), True),  # noted by a clock that was set back since
        (TWO, TWO + hours(24 * 365), None, True),
    ],
)
def test_a_backup_is_made_once_a_day_after_two(
    now: datetime, newest: datetime | None, failed_at: datetime | None, due: bool
) -> None:
    assert schedule.is_due(now, newest, failed_at) is due


def test_names_give_their_moment_and_nothing_else_does() -> None:
    assert schedule.name_of(schedule.DAILY, TWO) == "daily-20220701-020000"
    assert schedule.moment_of("backup-20220701-020000") == TWO
    for name in ("daily-20220701-020000.part", "daily-20229901-020000", "lost+found", ".lock", ""):
        assert schedule.moment_of(name) is None


def test_seven_daily_backups_are_kept_and_all_made_by_hand() -> None:
    daily = [schedule.name_of(schedule.DAILY, TWO + timedelta(days=day)) for day in range(9)]
    by_hand = [schedule.name_of(schedule.BY_HAND, TWO - timedelta(days=day)) for day in range(9)]
    strangers = ["daily-notes", "daily-20220701-020000.part", "photos"]
    assert schedule.surplus([*daily[::-1], *by_hand, *strangers]) == daily[:2]
    assert schedule.surplus(daily[:7]) == []


MADE = Manifest(
    made_at="2022-06-30T18:00:00+00:00",
    database="sqlite",
    revision="0012",
    head_seq=3,
    head_mac="a" * 64,
    key_mark=manifest.key_mark("key", "a" * 64),
    files={"lab.db": File(3, "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae")},
    tables={"person": Table(2, "b" * 64)},
    missing=("instance/files/gone",),
)


def test_a_manifest_reads_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / manifest.NAME).write_bytes(manifest.to_json(MADE))
    assert manifest.read(tmp_path) == MADE


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "损坏"),
        (b"[]", "损坏"),
        (b'{"format": 1}', "损坏"),
        (b'{"format": 2}', "更新版本"),
        (manifest.to_json(MADE).replace(b'"size"', b'"length"'), "损坏"),
    ],
)
def test_a_damaged_manifest_is_refused_with_a_message(
    tmp_path: Path, data: bytes, word: str
) -> None:
    (tmp_path / manifest.NAME).write_bytes(data)
    with pytest.raises(BackupError, match=word):
        manifest.read(tmp_path)


def test_missing_altered_and_foreign_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "lab.db").write_bytes(b"foo")
    assert list(manifest.file_problems(tmp_path, MADE)) == []
    (tmp_path / "lab.db").write_bytes(b"fop")
    assert list(manifest.file_problems(tmp_path, MADE)) == ["lab.db（内容与清单不符）"]
    (tmp_path / "lab.db").unlink()
    assert list(manifest.file_problems(tmp_path, MADE)) == ["lab.db（缺失）"]
    outside = replace(MADE, files={"../lab.db": File(3, "")})
    assert list(manifest.file_problems(tmp_path, outside)) == ["../lab.db（路径不在备份内）"]


def test_the_mark_tells_another_key_or_chain() -> None:
    marks = {manifest.key_mark(key, mac) for key in ("key", "yek") for mac in ("a", "b")}
    assert len(marks) == 4

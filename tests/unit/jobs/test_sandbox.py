"""Hostile material ends the process that looks at it, and nothing else."""

from __future__ import annotations

import itertools
import resource
import signal
import time
from pathlib import Path

import pytest

from lab.files.inspection import kinds
from lab.files.workbooks import reading as workbooks
from lab.jobs import sandbox
from lab.jobs.sandbox import ChildStopped, run_confined
from tests.support.builders import files as builders_files

EXAMINER = "lab.files.inspection.examiner"


@pytest.fixture
def material(tmp_path: Path) -> Path:
    path = tmp_path / "material"
    path.write_bytes(builders_files.pdf())
    return path


def ask(path: Path, form: str = "pdf", **limits: int) -> dict[str, object]:
    order = {"act": kinds.EXAMINE, "form": form}
    bounds = {"seconds": 10, "memory_mb": 300, **limits}
    return run_confined(EXAMINER, order, path, **bounds)[0]


def test_a_sound_file_is_examined_within_half_a_second(material: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ask(material) == {"problem": None, "active": []}
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_the_pictures_come_back_with_their_sizes(material: Path) -> None:
    order = {"act": kinds.PREVIEW, "form": "pdf"}
    answer, body = run_confined(EXAMINER, order, material, seconds=10, memory_mb=300)
    (page,) = answer["pages"]
    assert len(body) == page["size"] and body.startswith(b"\x89PNG")


def test_an_image_beyond_memory_is_a_reason_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(builders_files.image(size=(6000, 6000)))
    with pytest.raises(ChildStopped) as caught:
        ask(path, "png", memory_mb=20)
    assert caught.value.reason in ("memory", "crash")
    assert ask(path, "png") == {"problem": None, "active": []}


def test_a_process_that_does_not_end_is_ended(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(sandbox, "CONFINED_SCRIPT", endless)
    started = time.monotonic()
    with pytest.raises(ChildStopped) as caught:
        ask(material, seconds=0)
    assert caught.value.reason == "time"
    assert time.monotonic() - started < 8


def test_a_crash_is_a_reason(material: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.sys, "executable", "/bin/false")
    with pytest.raises(ChildStopped) as caught:
        ask(material)
    assert caught.value.reason == "crash"


ENDS = [
    (-signal.SIGSEGV, b"", "crash"),
    (1, b"ValueError: Invalid CFF 'major' version: expected 1, found 0", "crash"),
    (-signal.SIGKILL, b"", "crash"),
    (0, b"", "crash"),
    (1, b"Traceback (most recent call last):\nMemoryError", "memory"),
    (-signal.SIGABRT, b"terminate called after throwing an instance of 'std::bad_alloc'", "memory"),
    (-signal.SIGTRAP, b"# Fatal JavaScript out of memory: Reached heap limit", "memory"),
    (-signal.SIGABRT, b"memory allocation of 1073741824 bytes failed", "memory"),
    (-signal.SIGXCPU, b"", "time"),
]


@pytest.mark.parametrize(("code", "errors", "why"), [*ENDS, (-signal.SIGTRAP, b"", "memory")])
def test_only_a_lack_of_memory_is_called_so(code: int, errors: bytes, why: str) -> None:
    with pytest.raises(ChildStopped) as caught:
        sandbox.parse_answer(code, b"", errors)
    assert caught.value.reason == why


def test_a_process_that_the_kernel_ended_for_memory_is_known(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = tmp_path / "ended.py"
    ended.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr(sandbox, "CONFINED_SCRIPT", ended)
    with pytest.raises(ChildStopped) as caught:
        ask(material)
    assert caught.value.reason == "crash"
    counts = itertools.count()
    monkeypatch.setattr(sandbox, "_ended_for_memory", lambda: next(counts))
    with pytest.raises(ChildStopped) as caught:
        ask(material)
    assert caught.value.reason == "memory"


@pytest.mark.parametrize(("code", "errors", "why"), ENDS)
def test_a_workbook_is_called_too_large_only_when_it_is(code: int, errors: bytes, why: str) -> None:
    large = "展开后过大" in workbooks.failure_message(code, errors)
    assert large == (why in ("memory", "time"))

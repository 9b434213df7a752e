"""A report that runs away ends alone: the worker gets a sentence and goes on."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lab.reports.content.leading import to_plain
from lab.reports.core import sandbox
from lab.reports.core.sandbox import RenderFailed, render_in_child
from lab.reports.rendering import renderer
from tests.support.documents.report_cases import demo_report, facts_report
from tests.support.documents.report_pages import made, text_of


@pytest.fixture(scope="module", autouse=True)
def _no_process_left() -> Iterator[None]:
    """What waits for the next report is left to the next test: each start costs two seconds."""
    yield
    sandbox.stop_renderers()
    assert sandbox._standby_renderers == []


@dataclass(frozen=True)
class Rendered:
    """The demonstration made twice, and the CPU seconds that the second took."""

    first: bytes
    second: bytes
    seconds: float


@pytest.fixture(scope="module")
def rendered() -> Rendered:
    plain = to_plain(demo_report())
    first = render_in_child(plain)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    second = render_in_child(plain)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Rendered(first, second, spent)


def _endless() -> dict[str, Any]:
    """A paragraph of 600,000 characters: more than a minute of layout."""
    return to_plain(replace(facts_report(), addressee="长" * 600_000))


def test_the_child_makes_the_same_file_as_the_library(rendered: Rendered) -> None:
    assert rendered.first == rendered.second
    assert text_of(rendered.first) == text_of(made(demo_report()))


def test_a_report_costs_at_most_six_seconds_of_cpu(rendered: Rendered) -> None:
    # Processor time, not the clock: other tests may be running beside this one.
    assert 0.2 < rendered.seconds <= 6


def test_a_report_that_hangs_is_stopped_in_time() -> None:
    sandbox.preload()
    start = time.perf_counter()
    with pytest.raises(RenderFailed, match="超过规定时间") as caught:
        render_in_child(_endless(), seconds=2)
    assert caught.value.reason == "time"
    assert time.perf_counter() - start < 6
    assert render_in_child(to_plain(facts_report())).startswith(b"%PDF")


def test_a_report_that_takes_too_much_memory_is_stopped() -> None:
    with pytest.raises(RenderFailed, match="内存上限"):
        render_in_child(to_plain(demo_report()), memory_mb=40)


def test_a_renderer_crash_becomes_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_standby_renderers", [])
    monkeypatch.setattr(sandbox.sys, "executable", "/bin/false")
    with pytest.raises(RenderFailed, match="异常退出") as caught:
        render_in_child(to_plain(facts_report()))
    assert "内存" not in str(caught.value)
    sandbox.stop_renderers()


def test_a_broken_snapshot_becomes_a_message() -> None:
    plain = to_plain(facts_report())
    del plain["title"]
    with pytest.raises(RenderFailed, match="无法排版") as caught:
        render_in_child(plain)
    assert caught.value.detail.startswith("ValueError lab/reports/content/decode.py:")


def test_an_enormous_snapshot_is_refused_up_front(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_standby_renderers", [])
    with pytest.raises(RenderFailed, match="过长"):
        render_in_child({"title": "长" * 3_000_000})
    assert sandbox._standby_renderers == []


def test_the_child_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("LAB_AUDIT_KEY", "a" * 40)
    monkeypatch.setattr(sandbox, "_standby_renderers", [])
    sandbox.preload()
    child = sandbox._standby_renderers[0]
    process = Path(f"/proc/{child._process.pid}")
    while b"lab.reports.rendering.renderer" not in (process / "cmdline").read_bytes():
        time.sleep(0.01)  # before its start the child still is a copy of this process
    environment = (process / "environ").read_bytes()
    sandbox.stop_renderers()
    assert b"PATH=" in environment
    assert b"LAB_" not in environment


def test_no_temporary_folder_is_left() -> None:
    sandbox.preload()
    folder = Path(sandbox._standby_renderers[0]._temporary)
    assert folder.is_dir()
    render_in_child(to_plain(facts_report()))
    assert not folder.exists()


def test_a_waiting_process_ends_with_its_parent() -> None:
    sandbox.preload()
    child = sandbox._standby_renderers.pop()
    assert child._process.stdin is not None
    child._process.stdin.close()
    assert child._process.wait(timeout=180) == 0
    assert not Path(child._temporary).exists()
    child.end()


def test_a_forked_worker_does_not_touch_its_parents_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox.preload()
    child = sandbox._standby_renderers[0]
    monkeypatch.setattr(sandbox, "_Renderer", lambda _folders: "one of its own")
    pid = os.fork()
    if pid == 0:
        taken = sandbox._take_renderer(child.folders)
        sandbox.stop_renderers()
        os._exit(0 if str(taken) == "one of its own" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert child.is_waiting
    assert Path(child._temporary).is_dir()


def test_a_file_made_near_the_memory_limit_is_discarded() -> None:
    with pytest.raises(MemoryError):
        renderer._reject_near_limit(81, 100)
    renderer._reject_near_limit(80, 100)

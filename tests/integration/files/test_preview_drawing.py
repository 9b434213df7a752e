"""Pictures of pages: one that stops the process takes no other with it; long ones in pieces."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lab.extensions import db
from lab.files.models import FilePreview, StoredFile
from lab.files.previews import drawing, queries
from lab.files.storing import storage
from lab.jobs import service as jobs
from lab.jobs.sandbox import ChildStopped, run_confined
from tests.integration.proposals.attachments.test_attachments import attach
from tests.support.builders import odd_files as odd
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import empty_draft
from tests.support.cast import Cast


def stored(cast: Cast, name: str, data: bytes) -> str:
    key = attach(empty_draft(cast, open_call(cast)), name, data).file.key
    db.session.remove()
    return key


def status(key: str) -> queries.PreviewStatus:
    file = db.session.scalars(select(StoredFile).where(StoredFile.key == key)).one()
    return queries.status_of(file)


def stops_at(*numbers: int) -> Any:
    """A process that ends where it draws one of these pages, or all of them at once."""

    def run(module: str, order: Mapping[str, Any], path: Path, **limits: int) -> Any:
        if not order["pages"] or set(order["pages"]) & set(numbers):
            raise ChildStopped("crash")
        return run_confined(module, order, path, **limits)

    return run


def test_a_page_that_crashes_takes_no_other_with_it(
    both_ctx: Flask, both_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = stored(both_cast, "三页.pdf", odd.written(3))
    monkeypatch.setattr(drawing, "run_confined", stops_at(1))
    jobs.run_due()
    shown = status(key)
    assert (shown.state, shown.total, shown.missing) == ("ready", 3, (1,))
    assert [(page.number, len(page.pictures)) for page in shown.shown] == [(1, 0), (2, 1), (3, 1)]


def test_where_every_page_crashes_the_reason_is_kept(
    ctx: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = stored(cast, "三页.pdf", odd.written(3))
    monkeypatch.setattr(drawing, "run_confined", stops_at(*range(1, 21)))
    jobs.run_due()
    assert (status(key).state, status(key).failure) == ("failed", drawing.UNREADABLE)


def test_a_long_page_has_its_pieces_in_order(both_ctx: Flask, both_cast: Cast) -> None:
    key = stored(both_cast, "长图.png", odd.of_mode("1", "PNG", (1080, 6000)))
    jobs.run_due()
    (page,) = status(key).shown
    assert [picture.piece for picture in page.pictures] == [1, 2, 3, 4]
    file = db.session.scalars(select(StoredFile)).one()
    last = queries.find_page(file, 1, 4)
    assert last is not None and queries.find_page(file, 1, 5) is None
    storage.open_verified(storage.folder(storage.PREVIEWS) / last.storage_name, last.sha256).close()


def test_a_file_without_any_sound_page_says_so(ctx: Flask, cast: Cast) -> None:
    outside = odd.with_box("/CropBox", (900, 900, 999, 999), odd=(1, 2, 3))
    key = stored(cast, "三页.pdf", outside)
    jobs.run_due()
    assert (status(key).state, status(key).failure) == ("failed", drawing.UNREADABLE)
    assert db.session.scalars(select(FilePreview)).one().pages == []

"""Previews of earlier versions: sound ones stay, those that could not be read are drawn again."""

from __future__ import annotations

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from lab.extensions import db
from lab.files.documents import service as rendering
from lab.files.models import FilePreview, FilePreviewPage, StoredFile
from lab.files.previews import service as previews
from lab.jobs import service as jobs
from lab.proposals.attachments import service as attachments_service
from tests.integration.proposals.attachments.test_attachments import attach
from tests.support.builders import files as builders_files
from tests.support.builders import odd_files as odd
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import empty_draft
from tests.support.cast import Cast

NARROW = "UPDATE file_preview_page SET width = 86, height = 1600 WHERE width < height"


def names(status: str = "ready") -> set[str]:
    """The files whose previews are in this state."""
    query = select(StoredFile.name).join(FilePreview, FilePreview.file_id == StoredFile.id)
    found = set(db.session.scalars(query.where(FilePreview.status == status)))
    db.session.remove()
    return found


def test_previews_that_could_not_be_read_are_made_again(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = empty_draft(both_cast, open_call(both_cast))
    attach(proposal, "长图.png", odd.of_mode("1", "PNG", (1080, 4000)))
    attach(proposal, "窄图.png", odd.of_mode("1", "PNG", (300, 400)))
    attach(proposal, "宽图.png", builders_files.image())
    failed = attach(proposal, "三页.pdf", builders_files.pdf(pages=3)).file.key
    db.session.remove()
    rendering.note_failure(previews.PICTURES, {"file": failed}, "内容无法转成图片。")
    jobs.run_due()
    assert names() == {"长图.png", "窄图.png", "宽图.png"}
    downgrade(revision="0031")
    columns = {column["name"] for column in inspect(db.engine).get_columns("file_preview_page")}
    assert "piece" not in columns
    with db.engine.begin() as raw:
        kept = raw.execute(text("SELECT count(*) FROM file_preview_page")).scalar()
        raw.execute(text(NARROW))
    assert kept == 2, "a picture in pieces is unknown to the code before"
    upgrade()
    assert names() == {"宽图.png"} and names("failed") == set()
    attachments_service.order_missing_previews()
    db.session.remove()
    jobs.run_due()
    assert names() == {"长图.png", "窄图.png", "宽图.png", "三页.pdf"}
    long = db.session.scalars(
        select(FilePreviewPage.piece).where(FilePreviewPage.piece > 1).order_by(FilePreviewPage.id)
    )
    assert list(long) == [2, 3]
    db.session.remove()

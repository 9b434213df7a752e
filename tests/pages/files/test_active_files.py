"""Files in which something acts: refused by name, or shown as pictures and given to nobody; and how
much a proposal may hold, old files included."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lab import clock
from lab.audit.models import AuditEvent
from lab.db import writing
from lab.extensions import db
from lab.files.models import FilePreview, StoredFile
from lab.files.storing import service as stored_files
from lab.files.storing import storage
from lab.jobs.service import run_due
from lab.proposals.attachments import service as attachments_service
from lab.proposals.core import files as core_files
from lab.proposals.models.proposal import Proposal, ProposalFile
from lab.proposals.submission import service as proposals
from tests.integration.proposals.attachments.test_attachments import attach
from tests.pages.proposals.attachments.test_attachments import key_of, send
from tests.support.builders import active_files as build
from tests.support.builders import calls as build_calls
from tests.support.builders import files as builders_files
from tests.support.builders import reviews as rounds
from tests.support.builders.proposals import confirm, filled_draft, unconfirmed_draft
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

SCRIPTED = build.pdf_with(build.PDF["a script on opening"][1])
WHY = "此文件含有脚本（JavaScript）。为保护查看人的电脑，只显示由系统生成的图片，原文件不提供下载。"


@pytest.fixture
def draft(app: Flask, cast: Cast) -> str:
    """The key of a draft that could be submitted."""
    with app.app_context():
        return filled_draft(cast, build_calls.open_call(cast)).key


REFUSED = [
    ("报告.pdf", build.pdf_with(build.PDF["a program to start"][1]), "含有启动程序的动作"),
    ("报告.pdf", build.pdf_with(build.PDF["a program inside"][1]), "含有内嵌的程序"),
    ("说明.docx", build.OFFICE["a picture of a site"][2], "含有网上或其他文件中的图片"),
    ("表.xlsx", build.OFFICE["a data connection"][2], "含有外部数据连接或联网函数"),
    (
        "长.pdf",
        build.pdf_with(build.PDF["a script on opening"][1], pages=21),
        "含有脚本（JavaScript），只能以图片显示，图片最多20页",
    ),
]


@pytest.mark.parametrize(("name", "data", "said"), REFUSED)
def test_what_is_refused_is_named(
    app: Flask, client: PageClient, cast: Cast, draft: str, name: str, data: bytes, said: str
) -> None:
    status, told = send(client.as_(cast.applicant), draft, name, data)
    assert status == 422 and f"文件“{name}”{said}" in told["text"]
    with app.app_context():
        assert list(storage.folder().iterdir()) == []


def test_a_scripted_file_is_shown_and_given_to_nobody(
    app: Flask, client: PageClient, cast: Cast, draft: str
) -> None:
    applicant = client.as_(cast.applicant)
    status, told = send(applicant, draft, "报告.pdf", SCRIPTED)
    assert (status, told["text"]) == (200, f"已保存。{WHY}") and "只以图片显示" in told["list"]
    with app.app_context():
        run_due()
    address = f"/proposals/{draft}/files/{key_of(app, '报告.pdf')}"
    for who in (cast.applicant, cast.leader, cast.member):
        reader = client.as_(who)
        assert reader.get(address, status=303).headers["Location"] == f"{address}/preview"
        page = reader.get(f"{address}/preview")
        assert WHY in text_of(page) and "下载原件" not in page.text
        with reader.get(f"{address}/preview/1") as picture:
            assert picture.data.startswith(b"\x89PNG")


def test_a_reviewer_sees_the_pictures_only(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        call = build_calls.open_call(cast)
        proposal = unconfirmed_draft(cast, call)
        key = attach(proposal, "报告.pdf", SCRIPTED).file.key
        confirm(proposal)
        sheet = rounds.opened_sheet(cast, proposal).key
        db.session.rollback()
    reader = client.as_(cast.reviewer)
    address = f"/reviews/{sheet}/files/{key}"
    assert reader.get(address, status=303).headers["Location"] == f"{address}/preview"
    assert WHY in text_of(reader.get(f"{address}/preview"))


def test_a_notice_takes_no_file_that_could_only_be_shown(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        call = build_calls.open_call(cast).key
    upload = {"files": (io.BytesIO(SCRIPTED), "通知.pdf")}
    answer = client.as_(cast.office).post(f"/calls/{call}/files", upload, status=422)
    assert "含有脚本（JavaScript），不能在此上传" in text_of(answer)


def test_files_from_before_the_table_are_withheld_once_looked_at(
    both_app: Flask, both_cast: Cast
) -> None:
    with both_app.app_context():
        proposal = unconfirmed_draft(both_cast, build_calls.open_call(both_cast))
        for name, data in (("甲.pdf", SCRIPTED), ("乙.pdf", builders_files.pdf())):
            attach(proposal, name, data)
        key = proposal.key
        with writing() as session:
            session.execute(db.text("UPDATE stored_file SET active = NULL"))
        stored_files.examine_unchecked()
        db.session.rollback()
        found = dict(db.session.execute(select(StoredFile.name, StoredFile.active)).all())
        lines = db.session.scalars(
            select(AuditEvent.detail).where(AuditEvent.action == "file.examine")
        ).all()
    assert found == {"甲.pdf": "javascript", "乙.pdf": ""}
    assert len(lines) == 1 and "javascript" in lines[0] and '"count": 2' in lines[0]
    address = f"/proposals/{key}/files/{key_of(both_app, '甲.pdf')}"
    PageClient(both_app).as_(both_cast.applicant).get(address, status=303)


# -- how much ----------------------------------------------------------------------------------


def enlarge(size: int, **which: Any) -> None:
    """Let a stored file be as large as this."""
    with writing() as session:
        names = " AND ".join(f"{name} = :{name}" for name in which)
        statement = f"UPDATE stored_file SET size = :size WHERE {names}"
        session.execute(db.text(statement), {"size": size, **which})


def test_a_proposal_holds_150_mb_with_what_was_replaced(
    app: Flask, client: PageClient, cast: Cast, draft: str
) -> None:
    applicant, megabyte = client.as_(cast.applicant), 1024 * 1024
    with app.app_context():
        proposal = db.session.scalars(select(Proposal)).one()
        old = attach(proposal, "旧.pdf", builders_files.pdf("旧")).file.key
        new = attach(proposal, "新.pdf", builders_files.pdf("新"), replaces=old).file.key
        enlarge(149 * megabyte, key=old)
        enlarge(1 * megabyte - 1, key=new)
    status, told = send(applicant, draft, "再.pdf", builders_files.pdf("再"))
    assert status == 422
    assert told["text"].startswith(
        "本申报书的附件已用150 MB，其中被替换或移除的旧附件149 MB，合计最多150 MB，“再.pdf”有"
    )
    assert "没有提交过的旧附件在7天后清除" in told["text"]
    with app.app_context(), clock.freeze(clock.now() + timedelta(days=8)):
        attachments_service.purge_replaced()
        db.session.rollback()
        row = db.session.scalars(select(Proposal)).one()
        assert core_files.active_files(row)[0].file.key == new
        attach(row, "再.pdf", builders_files.pdf("再"))


def test_replaced_files_go_after_a_week_unless_submitted(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        proposal = unconfirmed_draft(both_cast, build_calls.open_call(both_cast))
        first = attach(proposal, "一.pdf", builders_files.pdf("1")).file.key
        second = attach(proposal, "二.pdf", builders_files.pdf("2"), replaces=first).file.key
        confirm(proposal)
        proposals.submit(proposal, both_cast.applicant, pledged=True)
        db.session.commit()
        key = proposal.key
        with writing() as session:  # taken off after the submission
            session.execute(
                db.text("UPDATE proposal_file SET removed_at = :at"), {"at": clock.now()}
            )
        db.session.remove()
        attachments_service.purge_replaced()
        assert purged() == {first: False, second: False}
        with clock.freeze(clock.now() + timedelta(days=7, minutes=1)):
            attachments_service.purge_replaced()
            attachments_service.purge_replaced()
            attachments_service.order_missing_previews()
        assert purged() == {first: True, second: False}
        lines = db.session.scalars(
            select(AuditEvent.detail).where(AuditEvent.action == "proposal.purge_files")
        ).all()
        assert len(lines) == 1 and first in lines[0]
        assert len(db.session.scalars(select(FilePreview)).all()) == 1
        db.session.rollback()
        assert stored_files.purge_expired(older_than=-60) == 1
        db.session.rollback()
    applicant = PageClient(both_app).as_(both_cast.applicant)
    address = f"/proposals/{key}/files"
    assert "已按规定清除" in text_of(applicant.get(f"{address}/{first}", status=410))
    assert "按规定清除" in text_of(applicant.get(f"{address}/{first}/preview"))
    applicant.get(f"{address}/{second}").close()


def purged() -> dict[str, bool]:
    rows = db.session.execute(
        select(StoredFile.key, StoredFile.purged_at).join(
            ProposalFile, ProposalFile.file_id == StoredFile.id
        )
    ).all()
    db.session.rollback()
    return {key: at is not None for key, at in rows}

"""Attachments on both databases: stored once, replaced with their history, shown as pictures."""

from __future__ import annotations

import hashlib
import io
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from lab import clock
from lab.audit.models import AuditEvent
from lab.db import EditConflict
from lab.extensions import db
from lab.files.models import FilePreview, FilePreviewPage, StoredFile
from lab.files.previews import queries as preview_queries
from lab.files.previews import service as previews
from lab.files.storing import service as stored_files
from lab.files.storing import storage
from lab.files.storing.storage import PREVIEWS
from lab.files.storing.uploads import ReceivedUpload, receive
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.policy import Actor, allowed
from lab.proposals import access
from lab.proposals.attachments import service as attachments_service
from lab.proposals.core.content import attachment_history as attachments_queries
from lab.proposals.core.content import content
from lab.proposals.models.proposal import Proposal, ProposalFile, ProposalVersion
from lab.proposals.submission import service as proposals
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.reviews.rounds import service as rounds_service
from lab.reviews.sheets.access import load_own_file
from tests.support.builders import files as builders_files
from tests.support.builders import reviews as rounds
from tests.support.builders.calls import close, open_call
from tests.support.builders.proposals import check, confirm, empty_draft, filled_draft
from tests.support.cast import Cast, person
from tests.support.client import PageClient


def taken(name: str, data: bytes) -> ReceivedUpload:
    """An upload that passed its checks."""
    return receive(FileStorage(io.BytesIO(data), name))


def attach(proposal: Proposal, name: str, data: bytes, **which: str) -> ProposalFile:
    row = attachments_service.attach(proposal, taken(name, data), proposal.owner_id, **which)
    db.session.commit()
    return row


def draft(cast: Cast) -> Proposal:
    return empty_draft(cast, open_call(cast))


def on_disk(where: str = storage.FILES) -> int:
    return len(list(storage.folder(where).iterdir()))


def lines(action: str) -> int:
    return db.session.scalar(
        select(func.count()).select_from(AuditEvent).where(AuditEvent.action == action)
    )


def actor(person_id: int) -> Actor:
    who = person(person_id)
    return Actor(who.id, who.roles, who.unit_id)


# -- once --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("files_confined")
def test_an_upload_sent_again_is_stored_once(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = draft(both_cast)
    first = attach(proposal, "意向书.pdf", builders_files.pdf(), upload_key="k" * 24)
    again = attach(proposal, "意向书.pdf", builders_files.pdf(), upload_key="k" * 24)
    assert first.id == again.id
    assert (on_disk(), lines("proposal.attach")) == (1, 1)
    kept = storage.folder() / first.file.storage_name
    assert kept.read_bytes() == builders_files.pdf() and os.stat(kept).st_mode & 0o077 == 0


def test_fifty_simultaneous_sends_of_one_upload_store_it_once(
    both_app: Flask, both_cast: Cast, both_client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "lab.files.storing.uploads.examine_file", lambda *_: (None, ())
    )  # fifty processes less
    with both_app.app_context():
        key = draft(both_cast).key
    browsers = [both_client.as_(both_cast.applicant) for _ in range(50)]
    token = browsers[0].token()
    cookie = browsers[0].http.get_cookie("lab")
    assert cookie is not None

    def send(place: int) -> int:
        browsers[place].http.set_cookie("lab", cookie.value)
        data = {"csrf_token": token, "upload_key": "a" * 24}
        data["file"] = (io.BytesIO(builders_files.image()), "照片.png")  # type: ignore[assignment]
        origin = {"Origin": "http://localhost", "Accept": "application/json"}
        path = f"/proposals/{key}/files"
        return browsers[place].http.post(path, data=data, headers=origin).status_code

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert answers == [200] * 50
    with both_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ProposalFile)) == 1
        assert (on_disk(), lines("proposal.attach")) == (1, 1)


# -- what is refused ---------------------------------------------------------------------------


def test_a_duplicate_file_is_refused_by_name(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = draft(both_cast)
    attach(proposal, "意向书.pdf", builders_files.pdf())
    with pytest.raises(Rejected, match=r"“副本\.pdf”与已上传的“意向书\.pdf”内容相同"):
        attach(proposal, "副本.pdf", builders_files.pdf())
    db.session.rollback()
    assert on_disk() == 1


def test_all_together_may_have_sixty_megabytes(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = draft(both_cast)
    large = attach(proposal, "扫描件.pdf", builders_files.pdf())
    large.file.size = 60 * 1024 * 1024 - 10
    db.session.flush()
    with pytest.raises(Rejected, match=r"合计最多60 MB，现有60 MB，“照片\.png”"):
        attachments_service.attach(
            proposal, taken("照片.png", builders_files.image()), both_cast.applicant
        )
    attach(proposal, "照片.png", builders_files.image(), replaces=large.file.key)
    assert [place.newest.name for place in attachments_queries.attachment_slots(proposal.id)] == [
        "照片.png"
    ]


def test_nothing_is_attached_to_a_submitted_proposal(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = filled_draft(both_cast, open_call(both_cast))
    proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.commit()
    with pytest.raises(Rejected, match="现在不能修改"):
        attach(proposal, "迟到.pdf", builders_files.pdf())
    db.session.rollback()
    assert on_disk() == 0


# -- beside the text ---------------------------------------------------------------------------


def test_attaching_does_not_block_an_open_step(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = filled_draft(both_cast, open_call(both_cast))
    opened = proposal.version
    attach(proposal, "意向书.pdf", builders_files.pdf())
    drafts.save_draft(
        drafts.SaveDraft(proposal, opened, {"unit_opinion": "同意，王某。"}, step="files")
    )
    drafts.save_draft(drafts.SaveDraft(proposal, opened, {"risks": "均有安排。"}, step="risks"))
    db.session.commit()
    assert (proposal.unit_opinion, len(proposal.files)) == ("同意，王某。", 1)
    with pytest.raises(EditConflict):  # but whoever submits must have seen it
        proposals.submit(proposal, both_cast.applicant, pledged=True, version=opened)


# -- replacing ---------------------------------------------------------------------------------


def test_a_replaced_file_stays_on_record(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = draft(both_cast)
    first = attach(proposal, "意向书.pdf", builders_files.pdf("1"))
    attach(proposal, "照片.png", builders_files.image())
    second = attach(proposal, "意向书（改）.pdf", builders_files.pdf("2"), replaces=first.file.key)
    assert [f.name for f in content.current_content(proposal).files] == [
        "意向书（改）.pdf",
        "照片.png",
    ]
    drafts.save_draft(
        drafts.SaveDraft(proposal, None, {}, remove=second.file.key, person_id=both_cast.leader)
    )
    db.session.commit()
    letter, photo = attachments_queries.attachment_slots(proposal.id)
    told = [(r.version, r.name, r.by, bool(r.removed_at), r.removed_by) for r in letter.files]
    assert told == [
        (1, "意向书.pdf", "申报甲", True, "申报甲"),
        (2, "意向书（改）.pdf", "申报甲", True, "组长甲"),
    ]
    assert letter.removed and letter.has_history and not photo.has_history
    assert on_disk() == 3 and lines("proposal.replace_file") == 1


def test_the_second_of_two_replacing_a_file_is_notified(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = draft(both_cast)
    old = attach(proposal, "意向书.pdf", builders_files.pdf("1"))
    attach(proposal, "甲的.pdf", builders_files.pdf("2"), replaces=old.file.key)
    with pytest.raises(Rejected, match="已被替换或移除"):
        attach(proposal, "乙的.pdf", builders_files.pdf("3"), replaces=old.file.key)


def test_reviewers_reach_only_their_versions_files(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    proposal = filled_draft(both_cast, call)
    never = attach(proposal, "写错.pdf", builders_files.pdf("0"))
    first = attach(proposal, "意向书.pdf", builders_files.pdf("1"), replaces=never.file.key)
    confirm(proposal)
    proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.commit()
    check(proposal, both_cast, "returned", due_on=clock.today() + timedelta(days=5))
    second = attach(proposal, "意向书（改）.pdf", builders_files.pdf("2"), replaces=first.file.key)
    confirm(proposal)
    proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.commit()
    check(proposal, both_cast, "passed")
    versions = db.session.scalars(select(ProposalVersion).order_by(ProposalVersion.number)).all()
    assert first.file.key in versions[0].content and second.file.key not in versions[0].content
    assert second.file.key in versions[1].content and first.file.key not in versions[1].content

    close(call)
    rounds.assign(call, both_cast, [proposal], [both_cast.reviewer])
    rounds_service.open_review(call)
    db.session.commit()
    rounds.pledge(call, both_cast.reviewer)
    sheet = rounds.sheet_of(proposal, both_cast.reviewer)
    reached = [
        load_own_file(actor(both_cast.reviewer), sheet.key, row.file.key) is not None
        for row in (never, first, second)
    ]
    assert reached == [False, False, True]


@pytest.mark.parametrize(("who", "sees"), [("leader", True), ("office", False), ("leading", False)])
def test_a_file_never_handed_in_is_read_by_its_people_only(
    both_ctx: Flask, both_cast: Cast, who: str, sees: bool
) -> None:
    proposal = filled_draft(both_cast, open_call(both_cast))
    never = attach(proposal, "写错.pdf", builders_files.pdf("0"))
    attach(proposal, "意向书.pdf", builders_files.pdf("1"), replaces=never.file.key)
    confirm(proposal)
    proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.execute(db.text("UPDATE proposal SET status = 'reviewed'"))
    db.session.commit()
    db.session.expire_all()
    person_ = actor(getattr(both_cast, who))
    found = access.load_file(person_, proposal.key, never.file.key)
    assert found is not None
    assert allowed("file.download", person_, found.resource) is sees


# -- pictures ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("files_confined")
def test_the_first_twenty_pages_are_shown(both_ctx: Flask, both_cast: Cast) -> None:
    row = attach(draft(both_cast), "意向书.pdf", builders_files.pdf(pages=22))
    asked = preview_queries.status_of(row.file)
    assert (asked.state, asked.pages) == ("queued", ())
    db.session.remove()
    assert jobs.run_due() == 1
    file = db.session.scalars(select(StoredFile)).one()
    shown = preview_queries.status_of(file)
    assert (shown.state, shown.total, len(shown.pages)) == ("ready", 22, 20)
    assert on_disk(PREVIEWS) == 20
    picture = preview_queries.find_page(file, 20)
    assert picture is not None and preview_queries.find_page(file, 21) is None
    assert max(picture.width, picture.height) <= 1600


def test_why_there_are_no_pictures_is_said_and_not_tried_again(
    both_ctx: Flask, both_cast: Cast
) -> None:
    row = attach(draft(both_cast), "意向书.pdf", builders_files.pdf())
    spoilt = b"%PDF-1.7 spoilt on the disk"
    stored_files.path_of(row.file).write_bytes(spoilt)
    told = {"hash": hashlib.sha256(spoilt).hexdigest()}
    db.session.execute(db.text("UPDATE stored_file SET sha256 = :hash"), told)
    db.session.commit()
    db.session.remove()
    jobs.run_due()
    shown = preview_queries.status_of(db.session.scalars(select(StoredFile)).one())
    assert (shown.state, shown.failure) == ("failed", "内容无法转成图片。")
    job = db.session.scalars(select(Job).where(Job.kind == previews.PICTURES.job)).one()
    assert (job.state, job.attempts) == ("failed", 1)


def test_files_from_before_get_their_pictures(both_ctx: Flask, both_cast: Cast) -> None:
    row = attach(draft(both_cast), "意向书.pdf", builders_files.pdf())
    db.session.execute(db.text("DELETE FROM file_preview"))
    db.session.commit()
    db.session.expire_all()
    assert preview_queries.status_of(row.file).state == ""
    attachments_service.order_missing_previews()
    attachments_service.order_missing_previews()
    db.session.expire_all()
    assert preview_queries.status_of(row.file).state == "queued"


def test_a_deleted_draft_takes_its_files_along(
    both_ctx: Flask, both_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = draft(both_cast)
    first = attach(proposal, "一.pdf", builders_files.pdf("1"))
    attach(proposal, "二.pdf", builders_files.pdf("2"), replaces=first.file.key)
    drafts.delete_draft(proposal)
    db.session.commit()
    for table in (StoredFile, FilePreview, FilePreviewPage, ProposalFile):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    db.session.remove()
    later = time.time() + 2 * stored_files.DAY_SECONDS
    monkeypatch.setattr("lab.files.storing.storage.time.time", lambda: later)
    assert stored_files.purge_expired() == 2 and on_disk() == 0

"""Attachments as the pages show them and answer: one by one, with reasons, never as originals."""

from __future__ import annotations

import errno
import io
import itertools
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from lab.extensions import db
from lab.files.documents import service as rendering
from lab.files.models import StoredFile
from lab.files.previews import service as previews
from lab.files.storing import uploads as storing_uploads
from lab.proposals.models.proposal import Proposal, ProposalFile
from tests.support.builders import files as builders_files
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

_keys = itertools.count()


@pytest.fixture
def draft(app: Flask, cast: Cast) -> str:
    """The key of a draft that could be submitted."""
    with app.app_context():
        return filled_draft(cast, open_call(cast)).key


def send(client: PageClient, draft: str, name: str, data: bytes, **more: str) -> Any:
    """What the page's script sends, and the answer with its status."""
    body: dict[str, Any] = {"csrf_token": client.token(), "upload_key": f"{next(_keys):024}"}
    body |= {**more, "file": (io.BytesIO(data), name)}
    headers = {"Origin": "http://localhost", "Accept": "application/json"}
    answer = client.http.post(f"/proposals/{draft}/files", data=body, headers=headers)
    return answer.status_code, answer.get_json()


def key_of(app: Flask, name: str) -> str:
    with app.app_context():
        return str(db.session.scalars(select(StoredFile.key).where(StoredFile.name == name)).one())


# -- upload ------------------------------------------------------------------------------------


def test_an_upload_returns_the_current_list(client: PageClient, cast: Cast, draft: str) -> None:
    applicant = client.as_(cast.applicant)
    status, told = send(applicant, draft, "意向书.pdf", builders_files.pdf())
    assert (status, told["state"], told["text"]) == (200, "saved", "已保存")
    assert "意向书.pdf" in told["list"] and "PDF文件" in told["list"]
    assert "<html" not in told["list"]
    page = text_of(applicant.get(f"/proposals/{draft}/edit/files"))
    assert "已上传的附件（1个" in page and "申报甲上传" in page


def test_the_newer_list_has_the_higher_version(client: PageClient, cast: Cast, draft: str) -> None:
    applicant = client.as_(cast.applicant)
    first = send(applicant, draft, "甲.pdf", builders_files.pdf("甲"), upload_key="a" * 24)[1]
    second = send(applicant, draft, "乙.pdf", builders_files.pdf("乙"))[1]
    assert first["version"] < second["version"] and "甲.pdf" in second["list"]
    again = send(applicant, draft, "甲.pdf", builders_files.pdf("甲"), upload_key="a" * 24)[1]
    assert again["version"] == second["version"] and "乙.pdf" in again["list"]


NAMES = [
    ("C:\\桌面\\意向书.pdf", 200, "意向书.pdf"),
    ("../../etc/意向书.pdf", 200, "意向书.pdf"),
    ("长" * 196 + ".pdf", 422, "的名称有200个字符，最多120个"),
    ("换\x01行.pdf", 422, "文件的名称“换�行.pdf”中标“�”的是看不见的控制字符"),
    ("翻\u202efdp.pdf", 422, "文件的名称“翻�fdp.pdf”中标“�”的是改变文字方向的字符"),
    ("程序.exe", 422, "文件“程序.exe”是程序，程序不能上传。"),
    (".pdf", 200, ".pdf"),
]


@pytest.mark.parametrize(("name", "status", "said"), NAMES)
def test_names_are_data_and_never_a_path(
    client: PageClient, cast: Cast, draft: str, app: Flask, name: str, status: int, said: str
) -> None:
    answer, told = send(client.as_(cast.applicant), draft, name, builders_files.pdf())
    assert answer == status and (said in told["list"] if status == 200 else said in told["text"])
    with app.app_context():
        kept = [path.name for path in Path(app.config["INSTANCE"], "files").glob("**/*")]
    assert len(kept) == (status == 200) and all(len(name) == 48 for name in kept)


def test_a_refused_file_is_named_with_its_fault(client: PageClient, cast: Cast, draft: str) -> None:
    macro = builders_files.packed({**builders_files.parts("docx"), "word/vbaProject.bin": "x"})
    status, told = send(client.as_(cast.applicant), draft, "方案.docx", macro)
    assert status == 422 and told["text"].startswith("文件“方案.docx”含有宏")


def test_an_empty_or_foreign_upload_is_not_stored(
    client: PageClient, cast: Cast, draft: str
) -> None:
    applicant = client.as_(cast.applicant)
    assert send(applicant, draft, "a.pdf", builders_files.pdf(), upload_key="")[0] == 422
    assert send(applicant, draft, "a.pdf", builders_files.pdf(), typed_by="somebody")[0] == 409
    status, told = send(client.as_(cast.stranger), draft, "a.pdf", builders_files.pdf())
    assert status == 404 and told["state"] == "error"
    headers = {"Origin": "http://localhost", "Accept": "application/json"}
    answer = client.http.post(f"/proposals/{draft}/files", data={}, headers=headers)
    assert (answer.status_code, answer.get_json()["state"]) == (401, "signed_out")


def test_a_full_disk_is_said_and_nothing_typed_is_lost(
    client: PageClient, cast: Cast, draft: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("lab.files.storing.storage.sync", full)
    applicant = client.as_(cast.applicant)
    status, told = send(applicant, draft, "意向书.pdf", builders_files.pdf())
    assert status == 422 and "存储空间不足，文件“意向书.pdf”没有保存" in told["text"]
    typed = {
        "files": (io.BytesIO(builders_files.pdf()), "意向书.pdf"),
        "unit_opinion": "同意，李某。",
    }
    page = applicant.submit(f"/proposals/{draft}/edit/files", typed, status=422)
    assert "存储空间不足" in text_of(page) and "同意，李某。" in page.text
    with app.app_context():
        assert db.session.scalars(select(Proposal)).one().unit_opinion == "同意，李某。"


@pytest.mark.parametrize("way", ["attach", "edit"])
def test_who_was_taken_off_meanwhile_attaches_nothing(
    client: PageClient,
    cast: Cast,
    draft: str,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    """Looking through a large file takes a while, in which the leader is replaced."""
    leader = client.as_(cast.leader)

    def receive(*uploads: Any, **more: Any) -> Any:
        taken = storing_uploads.receive_all(*uploads, **more)
        db.session.execute(db.text("UPDATE proposal SET leader_id = owner_id"))
        db.session.commit()
        return taken

    for module in ("attachments.views", "writing.views"):
        monkeypatch.setattr(f"lab.proposals.{module}.receive_all", receive)
    if way == "attach":
        status, _ = send(leader, draft, "意向书.pdf", builders_files.pdf())
    else:
        typed = {"files": (io.BytesIO(builders_files.pdf()), "意向书.pdf")}
        status = leader.submit(f"/proposals/{draft}/edit/files", typed, status=409).status_code
    assert status in (409, 422)
    with app.app_context():
        assert db.session.scalars(select(ProposalFile)).all() == []


# -- without scripts ---------------------------------------------------------------------------


def test_a_file_is_replaced_and_keeps_its_history(
    client: PageClient, cast: Cast, draft: str, app: Flask
) -> None:
    applicant = client.as_(cast.applicant)
    send(applicant, draft, "意向书.pdf", builders_files.pdf("1"))
    address = f"/proposals/{draft}/files/{key_of(app, '意向书.pdf')}/replace"
    wrong = {"files": (io.BytesIO(b"no"), "假.pdf")}
    assert "“假.pdf”的内容与类型不符" in text_of(applicant.submit(address, wrong, status=422))
    applicant.submit(address, {"files": (io.BytesIO(builders_files.pdf("2")), "意向书（改）.pdf")})
    for path in (f"/proposals/{draft}", f"/proposals/{draft}/edit/files"):
        page = text_of(applicant.get(path))
        assert "意向书（改）.pdf" in page and "历史" in page
        assert page.index("版本1") < page.index("版本2")
    again = {"files": (io.BytesIO(builders_files.pdf("3")), "又改.pdf")}
    assert "已被替换或移除" in text_of(applicant.submit(address, again, status=422))


# -- looking at it -----------------------------------------------------------------------------


def test_pages_are_pictures_and_originals_downloads(
    client: PageClient, cast: Cast, draft: str, app: Flask
) -> None:
    applicant = client.as_(cast.applicant)
    send(applicant, draft, "意向书.pdf", builders_files.pdf(pages=21))
    key = key_of(app, "意向书.pdf")
    address = f"/proposals/{draft}/files/{key}"
    assert "正在生成预览" in text_of(applicant.get(f"{address}/preview"))
    assert applicant.get(f"{address}/preview/state").get_json()["state"] == "queued"
    with app.app_context():
        rendering.render(previews.PICTURES, {"file": key})
    page = applicant.get(f"{address}/preview")
    assert "共21页，这里显示前20页" in text_of(page)
    assert page.text.count('loading="lazy"') == 20 and 'alt="第3页，共21页"' in page.text
    assert applicant.get(f"{address}/preview/state").get_json()["state"] == "done"
    with applicant.get(f"{address}/preview/1") as picture:
        assert picture.data.startswith(b"\x89PNG")
        assert picture.headers["Content-Type"] == "image/png"
        assert picture.headers["X-Content-Type-Options"] == "nosniff"
        assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert picture.headers["Cache-Control"] == "no-store"
    with applicant.get(address) as original:
        assert original.headers["Content-Disposition"].startswith("attachment")
    applicant.get(f"{address}/preview/21", status=404)
    for path in ("", "/preview", "/preview/1", "/preview/state"):
        client.as_(cast.stranger).get(f"{address}{path}", status=404)


def test_a_document_has_its_details_and_its_whole_fingerprint(
    client: PageClient, cast: Cast, draft: str, app: Flask
) -> None:
    applicant = client.as_(cast.applicant)
    send(applicant, draft, "测算.xlsx", builders_files.office("xlsx"))
    page = text_of(applicant.get(f"/proposals/{draft}/files/{key_of(app, '测算.xlsx')}/preview"))
    assert "电子表格" in page and "请下载原件查看" in page
    with app.app_context():
        assert db.session.scalars(select(StoredFile)).one().sha256 in page


def test_why_there_is_no_preview_is_said(
    client: PageClient, cast: Cast, draft: str, app: Flask
) -> None:
    applicant = client.as_(cast.applicant)
    send(applicant, draft, "照片.png", builders_files.image())
    key = key_of(app, "照片.png")
    with app.app_context():
        rendering.note_failure(
            previews.PICTURES, {"file": key}, "页面过于复杂，生成图片超过规定时间。"
        )
    address = f"/proposals/{draft}/files/{key}/preview"
    assert "无法预览：页面过于复杂" in text_of(applicant.get(address))
    assert applicant.get(f"{address}/state").get_json()["state"] == "failed"


def test_many_attachments_cost_no_more_queries_than_one(
    client: PageClient, cast: Cast, draft: str, app: Flask
) -> None:
    applicant, counts = client.as_(cast.applicant), []
    paths = (f"/proposals/{draft}", f"/proposals/{draft}/edit/files")
    for number in range(3):
        send(applicant, draft, f"{number}.png", builders_files.image(size=(30 + number, 20)))
        if number != 1:
            counts.append([queries(app, applicant, path) for path in paths])
    with app.app_context():
        replaced = db.session.scalars(select(ProposalFile)).first()
        assert replaced is not None
        old = replaced.file.key
    send(applicant, draft, "新.png", builders_files.image(size=(50, 20)), replaces=old)
    counts.append([queries(app, applicant, path) for path in paths])
    assert counts[0] == counts[1] == counts[2], counts
    newest = key_of(app, "新.png")
    with app.app_context():
        rendering.render(previews.PICTURES, {"file": newest})
    assert queries(app, applicant, f"/proposals/{draft}/files/{newest}/preview") <= 12


def queries(app: Flask, client: PageClient, path: str) -> int:
    """How many statements a page sends to the database, without those that open a transaction."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        client.get(path)
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)

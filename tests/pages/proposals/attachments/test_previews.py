"""Pictures of attachments: told to the uploader without a reload, shown page by page."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from lab.extensions import db
from lab.jobs.service import run_due
from tests.integration.proposals.attachments.test_attachments import attach
from tests.pages.proposals.attachments.test_attachments import key_of, send
from tests.support.builders import calls as build_calls
from tests.support.builders import files as builders_files
from tests.support.builders import odd_files as odd
from tests.support.builders import reviews as rounds
from tests.support.builders.proposals import confirm, filled_draft, unconfirmed_draft
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

ODD = odd.with_box("/CropBox", (900, 900, 999, 999))
LONG = odd.of_mode("1", "PNG", (1080, 4000))
WITHOUT_2 = "第2页无法生成预览，评委看不到这一页的图片，只能下载原件，请另存或打印为PDF后替换"


@pytest.fixture
def draft(app: Flask, cast: Cast) -> str:
    """The key of a draft that could be submitted."""
    with app.app_context():
        return filled_draft(cast, build_calls.open_call(cast)).key


def test_the_uploader_is_told_of_pages_without_pictures(
    app: Flask, client: PageClient, cast: Cast, draft: str
) -> None:
    applicant, step = client.as_(cast.applicant), f"/proposals/{draft}/edit/files"
    for name, data in (("三页.pdf", ODD), ("图.png", builders_files.image())):
        status, told = send(applicant, draft, name, data)
        assert status == 200 and "正在生成预览" in told["list"]
    send(applicant, draft, "方案.docx", builders_files.office())
    address = f"/proposals/{draft}/files/previews"
    pdf, png, docx = (key_of(app, name) for name in ("三页.pdf", "图.png", "方案.docx"))
    waits = applicant.get(address).get_json()["files"]
    assert waits[pdf] == waits[png] == {"state": "waiting", "text": "正在生成预览"}
    assert waits[docx] == {"state": "plain", "text": "此类文件没有预览，评委下载原件查看"}
    assert f'data-attach-previews="{address}"' in applicant.get(step).text
    with app.app_context():
        run_due()
    files = applicant.get(address).get_json()["files"]
    assert files[pdf] == {"state": "warning", "text": WITHOUT_2}
    assert files[png] == {"state": "plain", "text": "预览已生成"}
    page = applicant.get(step)
    assert WITHOUT_2 in text_of(page) and 'data-preview="waiting"' not in page.text
    client.as_(cast.stranger).get(address, status=404)


def test_the_place_of_an_odd_page_says_so(
    app: Flask, client: PageClient, cast: Cast, draft: str
) -> None:
    applicant = client.as_(cast.applicant)
    send(applicant, draft, "三页.pdf", ODD)
    with app.app_context():
        run_due()
    address = f"/proposals/{draft}/files/{key_of(app, '三页.pdf')}/preview"
    page = applicant.get(address)
    assert page.text.count("<figure>") == 2 and "第3页，共3页" in text_of(page)
    assert "第2页无法生成预览，请下载原件查看。" in text_of(page)
    applicant.get(f"{address}/2", status=404)
    applicant.get(f"{address}/3").close()


def test_a_long_picture_is_shown_in_its_pieces(
    app: Flask, client: PageClient, cast: Cast, draft: str
) -> None:
    applicant = client.as_(cast.applicant)
    send(applicant, draft, "长图.png", LONG)
    address = f"/proposals/{draft}/files/{key_of(app, '长图.png')}/preview"
    assert f'data-poll-opens="{address}"' in applicant.get(address).text
    with app.app_context():
        run_due()
    page = applicant.get(address)
    assert "图片较长，分3段显示" in text_of(page) and 'alt="第3段，共3段"' in page.text
    for query in ("", "?piece=2", "?piece=3"):
        assert f'src="{address}/1{query}"' in page.text
        applicant.get(f"{address}/1{query}").close()
    for wrong in ("?piece=4", "?piece=0"):
        applicant.get(f"{address}/1{wrong}", status=404)


def test_a_photograph_keeps_its_real_kind(
    app: Flask, client: PageClient, cast: Cast, draft: str
) -> None:
    applicant = client.as_(cast.applicant)
    status, told = send(applicant, draft, "现场.jpg", odd.HEIC)
    assert (status, told["text"]) == (
        200,
        "已保存。这是HEIC格式的照片，名称已改为“现场.heic”。",
    )
    address = f"/proposals/{draft}/files/{key_of(app, '现场.heic')}"
    with app.app_context():
        run_due()
    with applicant.get(f"{address}/preview/1") as picture:
        assert picture.data.startswith(b"\x89PNG") and b"secret" not in picture.data
    with applicant.get(address) as original:
        assert original.data == odd.HEIC and original.headers["Content-Type"] == "image/heic"


def test_a_reviewer_sees_the_sound_pages(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        call = build_calls.open_call(cast)
        proposal = unconfirmed_draft(cast, call)
        keys = [
            attach(proposal, name, data).file.key
            for name, data in (("三页.pdf", ODD), ("长图.png", LONG))
        ]
        confirm(proposal)
        sheet = rounds.opened_sheet(cast, proposal).key
        db.session.remove()
        run_due()
    reader = client.as_(cast.reviewer)
    paged, long = (f"/reviews/{sheet}/files/{key}/preview" for key in keys)
    page = reader.get(paged)
    assert page.text.count("<figure>") == 2 and "第2页无法生成预览" in text_of(page)
    assert reader.get(long).text.count("<figure>") == 3
    reader.get(f"{long}/1?piece=3").close()


# -- without scripts ---------------------------------------------------------------------------


def test_a_kind_not_taken_is_named_beside_the_field(
    client: PageClient, cast: Cast, draft: str
) -> None:
    applicant, address = client.as_(cast.applicant), f"/proposals/{draft}/edit/files"
    said = {
        "方案.doc": "“方案.doc”是旧版文字文档，请用Word或WPS打开，另存为.docx或.xlsx后再传。",
        "数据.dat": "“数据.dat”的类型不能上传，可选：PDF、DOCX、XLSX、PNG、JPG、HEIC。",
        "换\x01行.pdf": "文件名“换�行.pdf”中标“�”的是看不见的控制字符",
    }
    for name, sentence in said.items():
        page = applicant.submit(address, {"files": (io.BytesIO(b"x"), name)}, status=422)
        assert sentence in text_of(page)

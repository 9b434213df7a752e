"""Receipt, printed proposal and exported content as applicant and office meet them."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import select

from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.jobs.service import run_due
from lab.proposals.models.proposal import ProposalVersion
from lab.version import VERSION
from tests.support.builders import calls as build_calls
from tests.support.builders import proposals as build
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


@pytest.fixture
def address(app: Flask, cast: Cast) -> str:
    """The page of a submitted proposal."""
    with app.app_context():
        key = build.submitted_proposal(cast, build_calls.open_call(cast)).key
        db.session.rollback()
    return f"/proposals/{key}"


def _fingerprint(app: Flask) -> str:
    with app.app_context():
        found = db.session.query(ProposalVersion.fingerprint).one()[0]
        db.session.rollback()
    return str(found)


def test_the_applicant_downloads_receipt_and_proposal(
    app: Flask, client: PageClient, cast: Cast, address: str
) -> None:
    applicant = client.as_(cast.applicant)
    page = f"{address}/versions/1/paper"
    assert page in applicant.get(address).text
    assert "正在生成文件" in text_of(applicant.get(page))
    assert applicant.get(f"{page}/receipt/state").json["state"] == "queued"
    applicant.post(f"{page}/receipt/download", status=409)
    with app.app_context():
        run_due()
    for kind, name in (("receipt", "下载提交回执"), ("proposal", "下载申报书")):
        assert applicant.get(f"{page}/{kind}/state").json["state"] == "done"
        assert name in text_of(applicant.get(page))
        with applicant.post(f"{page}/{kind}/download", status=200) as file:
            assert file.data.startswith(b"%PDF-")
            assert "attachment" in file.headers["Content-Disposition"]
            assert "sandbox" in file.headers["Content-Security-Policy"]
            first = file.data
        with applicant.post(f"{page}/{kind}/download", status=200) as file:
            assert file.data == first
    applicant.post(f"{page}/receipt", status=409)


def test_the_receipt_carries_the_verification_address(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        key = build.filled_draft(cast, build_calls.open_call(cast)).key
        db.session.rollback()
    client.as_(cast.applicant).submit(f"/proposals/{key}/submit", {"pledge": "1"})
    with app.app_context():
        snapshots = (
            db.session.execute(db.text("SELECT snapshot FROM paper ORDER BY id")).scalars().all()
        )
        db.session.rollback()
    wanted = f"http://127.0.0.1:8000/reports/verify?code={_fingerprint(app)}"
    origins = [json.loads(text)["origin"] for text in snapshots]
    assert [origin.get("verify_url") for origin in origins] == [wanted, wanted, None]


def test_the_exported_file_has_the_fingerprint_of_the_submission(
    app: Flask, client: PageClient, cast: Cast, address: str
) -> None:
    for who in (cast.applicant, cast.leader, cast.office):
        with client.as_(who).post(f"{address}/versions/1/export", status=200) as file:
            assert hashlib.sha256(file.data).hexdigest() == _fingerprint(app)
            assert "attachment" in file.headers["Content-Disposition"]
            assert json.loads(file.data)["title"] == "园区数字人民币缴费【演示】"
            assert "010-10000000" not in file.data.decode()


def test_pages_of_a_version_name_the_portals_own_version(
    client: PageClient, cast: Cast, address: str
) -> None:
    for page in (f"{address}/versions/1", f"{address}/versions/1/paper"):
        shown = client.as_(cast.applicant).get(page).text
        assert f'<p class="page-version">版本 {VERSION}</p>' in shown, page


def test_others_get_neither_documents_nor_content(
    client: PageClient, cast: Cast, address: str
) -> None:
    page = f"{address}/versions/1/paper"
    for who in (cast.stranger, cast.reviewer, cast.leading, cast.system):
        visitor = client.as_(who)
        visitor.get(page, status=404)
        visitor.post(f"{page}/receipt/download", status=404)
        visitor.post(f"{address}/versions/1/export", status=404)
    member = client.as_(cast.member)
    assert "下载" in text_of(member.get(page)) or "正在生成" in text_of(member.get(page))
    member.post(f"{address}/versions/1/export", status=403)


def test_a_denied_document_keeps_its_word_in_the_audit_log(
    app: Flask, client: PageClient, cast: Cast, address: str
) -> None:
    client.as_(cast.stranger).post(f"{address}/versions/1/paper/receipt/download", status=404)
    with app.app_context():
        denied = select(AuditEvent.object_type).where(AuditEvent.action == "access.denied")
        assert db.session.scalars(denied).all() == ["Sheet"]
        db.session.rollback()


@pytest.mark.parametrize("rest", ["versions/2/paper", "versions/1/paper/stamp/state"])
def test_the_address_of_an_unknown_document_is_not_found(
    client: PageClient, cast: Cast, address: str, rest: str
) -> None:
    client.as_(cast.applicant).get(f"{address}/{rest}", status=404)


def test_verification_tells_outsiders_only_genuine(
    app: Flask, client: PageClient, cast: Cast, address: str
) -> None:
    verify = f"/reports/verify?code={_fingerprint(app)}"
    for who in (cast.applicant, cast.office):
        page = text_of(client.as_(who).get(verify))
        assert "真实" in page and "SB-2022-" in page and "第1版" in page and "是最新一版" in page
    for who in (cast.stranger, cast.reviewer):
        page = text_of(client.as_(who).get(verify))
        assert "真实" in page and "不予显示" in page
        assert "SB-2022-" not in page and "园区数字人民币缴费" not in page
    assert "未能核实" in text_of(client.as_(cast.office).get("/reports/verify?code=00000000"))

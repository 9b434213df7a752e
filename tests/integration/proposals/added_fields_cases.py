"""What follows from three added fields; run by test_added_fields with a description that has them.

`benefit` is a text that must be filled, `alias` a line, both for everybody who may read the
proposal; `liaison` is for its own people and the office.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from lab import audit, clock
from lab.canonical import canonical_json, fingerprint
from lab.demo import data as demo_data
from lab.extensions import db
from lab.factory import create_app
from lab.policy import APPLICANT, OFFICE, Actor
from lab.proposals.bulk_import import service as imports
from lab.proposals.bulk_import.workbook.columns import by_field
from lab.proposals.core.content import content
from lab.proposals.core.queries import reviewer_view
from lab.proposals.core.readiness import missing_content
from lab.proposals.export.columns import all_columns, columns_for
from lab.proposals.export.queries import export_rows
from lab.proposals.models.drafts import ProposalDraftSnapshot
from lab.proposals.models.proposal import Proposal
from lab.proposals.search import queries as search_queries
from lab.reports.models import Paper
from tests.conftest import settings_for
from tests.support.added_fields import ADDED
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    check,
    confirm,
    empty_draft,
    submitted_proposal,
    unconfirmed_draft,
)
from tests.support.builders.workbooks import checked, good_row
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of
from tests.support.databases.template_database import migrate_into, settle
from tests.support.documents.frozen_versions import FOLDER

FILLED = {
    "alias": "园区通",
    "benefit": "缴费大厅每日少排队两小时。",
    "liaison": "前台转小赵",
}
KEYS = list(FILLED)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest schema, and the columns that a migration of the added fields would make."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    migrate_into(settings_for(folder))
    app = create_app(settings_for(folder))
    with app.app_context():
        for field in ADDED:
            column = f"{field.key} VARCHAR({field.limit}) NOT NULL DEFAULT ''"
            db.session.execute(text(f"ALTER TABLE proposal ADD COLUMN {column}"))
        db.session.commit()
    settle(app)
    return folder


def stored() -> Proposal:
    return db.session.scalars(select(Proposal)).one()


@pytest.fixture
def sent(app: Flask, cast: Cast) -> str:
    """The key of a submitted proposal with the added fields filled."""
    with app.app_context():
        return submitted_proposal(cast, open_call(cast), **FILLED).key


def test_the_form_asks_saves_and_checks(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = empty_draft(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    page = applicant.get(f"/proposals/{key}/edit/risks")
    assert "预期效益提交时必填" in text_of(page) and "写明受益的人和事。" in page.text
    assert "预期效益：尚未填写。" in text_of(applicant.get(f"/proposals/{key}/submit"))
    for step, name in (("basics", "alias"), ("risks", "benefit"), ("files", "liaison")):
        applicant.submit(f"/proposals/{key}/edit/{step}", {name: FILLED[name]})
    assert "预期效益：" not in text_of(applicant.get(f"/proposals/{key}/submit"))
    long = applicant.submit(f"/proposals/{key}/edit/risks", {"benefit": "长" * 121}, status=422)
    assert "最多120个" in text_of(long)
    with app.app_context():
        assert {name: getattr(stored(), name) for name in KEYS} == FILLED


def test_pages_show_it_to_those_who_may_read_it(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    for reader in (cast.applicant, cast.office):
        page = text_of(client.as_(reader).get(f"/proposals/{sent}"))
        for label, words in zip(("项目简称", "预期效益", "联络方式"), FILLED.values(), strict=True):
            assert label in page and words in page
    reviewers = text_of(client.as_(cast.applicant).get(f"/proposals/{sent}/as-reviewers-see"))
    assert FILLED["benefit"] in reviewers and FILLED["liaison"] not in reviewers
    assert "负责人电话、拟回避评委和联络方式不给评委看" in reviewers
    with app.app_context():
        assert reviewer_view(stored().id, 1).texts["alias"] == FILLED["alias"]


def test_a_return_opens_it_and_the_comparison_shows_it(
    client: PageClient, app: Flask, sent: str, cast: Cast
) -> None:
    office, applicant = client.as_(cast.office), client.as_(cast.applicant)
    assert 'value="benefit"' in office.get(f"/checks/{sent}").text
    with app.app_context():
        check(stored(), cast, "returned", clock.today(), reopened=["benefit", "liaison"])
    applicant.submit(f"/proposals/{sent}/edit/risks", {"benefit": "排队少三小时。"})
    applicant.submit(f"/proposals/{sent}/edit/files", {"liaison": "门卫转小钱"})
    with app.app_context():
        confirm(stored())
    applicant.submit(f"/proposals/{sent}/submit", {"pledge": "1"})
    changes = text_of(applicant.get(f"/proposals/{sent}/versions/2/changes"))
    assert "预期效益" in changes and "联络方式" not in changes
    came_back = text_of(office.get(f"/checks/{sent}"))
    assert "小赵" in came_back and "小钱" in came_back


def test_the_search_finds_what_reviewers_read(ctx: Flask, sent: str, cast: Cast) -> None:
    def hits(words: str) -> int:
        office = Actor(cast.office, frozenset({OFFICE}))
        page, _facets = search_queries.search_proposals(office, {"q": words})
        return len(page.items)

    assert (hits("排队两小时"), hits("园区通"), hits("前台转小赵")) == (1, 1, 0)


def test_the_sheet_has_its_column_and_imports_it(ctx: Flask, cast: Cast) -> None:
    assert by_field()["benefit"].heading == "预期效益*"
    call = open_call(cast)
    today = f"{clock.today():%Y-%m-%d}"
    blank = checked(call, cast, good_row(received_on=today, **{**FILLED, "benefit": ""}))
    (found,) = blank.result
    assert ["benefit", "尚未填写。"] in found["errors"]
    sheet = checked(call, cast, good_row(received_on=today, **FILLED))
    assert sheet.status == "ready"
    imports.confirm_import(sheet, cast.office)
    assert {name: getattr(stored(), name) for name in KEYS} == FILLED


def test_the_list_is_exported_with_it(ctx: Flask, sent: str, cast: Cast) -> None:
    office = Actor(cast.office, frozenset({OFFICE}))
    applicant = Actor(cast.applicant, frozenset({APPLICANT}))
    assert set(KEYS) <= set(all_columns())
    assert [c.key for c in columns_for(applicant) if c.key in KEYS] == ["alias", "benefit"]
    (cells,) = export_rows(office, {}, KEYS, drafts=False)
    assert dict(zip(KEYS, cells, strict=True)) == FILLED
    check(stored(), cast, "returned", clock.today())
    for name in KEYS:
        setattr(stored(), name, "改写中")
    db.session.flush()
    audit.record("test.change", stored())
    db.session.commit()
    (cells,) = export_rows(office, {}, KEYS, drafts=False)
    assert dict(zip(KEYS, cells, strict=True)) == FILLED


def test_documents_print_it_for_its_readers(ctx: Flask, sent: str) -> None:
    printed = {paper.kind: paper.snapshot for paper in db.session.scalars(select(Paper))}
    assert all(words in printed["proposal"] for words in FILLED.values())
    assert FILLED["alias"] in printed["review"] and FILLED["benefit"] in printed["review"]
    assert FILLED["liaison"] not in printed["review"]
    assert FILLED["liaison"] in canonical_json(json.loads(printed["proposal"])["private"])


def test_a_blank_field_leaves_contents_as_they_were(ctx: Flask, cast: Cast) -> None:
    draft = unconfirmed_draft(cast, open_call(cast))
    frozen = json.loads((FOLDER / "live.json").read_text("utf-8"))
    assert fingerprint(content.confirmable_content(draft)) == frozen["fingerprints"]["confirmable"]
    avoided = {"avoided": frozen["content"]["private"]["avoided"]}
    assert {**content.private_content(draft), **avoided} == frozen["content"]["private"]


def test_an_earlier_draft_brings_it_back(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = unconfirmed_draft(cast, open_call(cast), **FILLED).key
    applicant = client.as_(cast.applicant)
    applicant.submit(f"/proposals/{key}/edit/risks", {"benefit": ""})
    with app.app_context():
        snapshot = db.session.scalars(select(ProposalDraftSnapshot.id)).one()
    page = applicant.get(f"/proposals/{key}/drafts/{snapshot}")
    assert "预期效益" in text_of(page)
    applicant.submit(f"/proposals/{key}/drafts/{snapshot}")
    with app.app_context():
        assert stored().benefit == FILLED["benefit"]  # type: ignore[attr-defined]


def test_the_demonstration_lacks_nothing(ctx: Flask) -> None:
    assert demo_data.load()
    proposals: Any = db.session.scalars(select(Proposal)).all()
    assert [missing_content(proposal) for proposal in proposals if missing_content(proposal)] == []
    assert all(proposal.benefit.startswith("【演示】预期效益") for proposal in proposals)

"""What an applicant reads before a returned proposal is submitted again."""

from __future__ import annotations

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import select

from lab.extensions import db
from lab.proposals.models.proposal import Proposal
from lab.proposals.writing import service as drafts
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import returned_proposal
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


@pytest.fixture
def returned(app: Flask, cast: Cast) -> str:
    """The key of a proposal returned for its plan and the unit's opinion."""
    with app.app_context():
        reopened = ("plan", "unit_opinion")
        return returned_proposal(cast, open_call(cast), reopened=reopened, joint_unit_id=None).key


def save(app: Flask, key: str, **values: str) -> None:
    with app.app_context():
        proposal = db.session.scalars(select(Proposal).where(Proposal.key == key)).one()
        drafts.save_draft(drafts.SaveDraft(proposal, None, values))
        db.session.commit()


def badges(page: str) -> dict[str, str]:
    """What the page says of each step: label -> badge."""
    rows = lxml_html.fromstring(page).xpath("//*[@id='missing']//li/h3")
    return {row[0].text_content().split(". ")[1]: row[1].text_content() for row in rows}


def test_an_unchanged_return_is_not_called_complete(
    client: PageClient, app: Flask, cast: Cast, returned: str
) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{returned}/submit"
    page = applicant.get(path)
    text = text_of(page)
    assert "退回后还没有修改" in text and "内容已经完整" not in text
    said = badges(page.text)
    assert (said["实施方案与联动"], said["附件与提交"]) == ("退回后未修改", "退回后未修改")
    assert said["基本信息"] == "完整", "what was not returned is not blamed"
    save(app, returned, plan="改过的实施方案。")
    page = applicant.get(path)
    assert "内容已经完整" in text_of(page) and "还没有修改" not in text_of(page)
    said = badges(page.text)
    assert (said["实施方案与联动"], said["附件与提交"]) == ("完整", "退回后未修改")
    # The office sees what came back; sending it back as it was stays possible.
    applicant.submit(path, {"pledge": "1"})


def test_going_back_leads_to_a_step_that_is_open(
    client: PageClient, cast: Cast, returned: str
) -> None:
    applicant = client.as_(cast.applicant)
    for path, label in (("submit", "返回修改"), ("drafts", "继续填写")):
        root = lxml_html.fromstring(applicant.get(f"/proposals/{returned}/{path}").text)
        link = root.xpath(f"//main//a[normalize-space()='{label}']/@href")
        assert link == [f"/proposals/{returned}/edit/plan"]

"""The search page, the box on every page, and earlier proposals much like one's own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import delete, event, or_, select

from lab import clock
from lab.db import writing
from lab.extensions import db
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.search import SimilarPair, SimilarRun
from lab.proposals.search import queries as search_queries
from lab.proposals.search import similar
from lab.proposals.search.similar import PAUSE
from lab.proposals.writing import service as drafts
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    accepted_proposal,
    check,
    filled_draft,
    returned_proposal,
    submitted_proposal,
)
from tests.support.builders.workbooks import checked, good_row
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

CANTEEN = (
    "社区食堂老年人多，习惯使用现金，找零慢，排队长。拟由邮政网点负责走访和培训，"
    "银行支行负责开立钱包和布放机具，老年人刷硬钱包用餐。"
)
ONLY_ONCE = re.compile(r'nonce[-=]"?[\w-]+|name="(?:csrf_token|post_key)"[^>]*>')


def hits(page: str) -> list[str]:
    """The names of the hits."""
    found = lxml_html.fromstring(page).xpath("//main//*[@class='hit-title']/a")
    return [link.text_content() for link in found]


def queries(app: Flask, client: PageClient, path: str) -> int:
    """How many statements a page sends in a portal that knows whether it is a demonstration."""
    app.extensions["lab_demonstration"] = True
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        client.get(path)
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


# -- the page ----------------------------------------------------------------------------------


def test_a_hit_names_its_field_and_links_to_the_proposal(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = submitted_proposal(cast, open_call(cast), background="换用<手环>后。").key
    page = client.as_(cast.office).get("/search?q=手环 园区 东城 组长甲")
    root = lxml_html.fromstring(page.text)
    assert hits(page.text) == ["园区数字人民币缴费【演示】"]
    assert root.xpath("//*[@class='hit-title']/a/@href") == [f"/proposals/{key}"]
    marks = [mark.text for mark in root.xpath("//main//mark")]
    assert {"手环", "园区", "东城", "组长甲"} <= set(marks)
    text = text_of(page)
    assert "SB-2022-01-001" in text and "已提交" in text and "换用<手环>后" in text
    assert "见于名称、单位、人员、正文" in text and "共1份" in text
    assert not root.xpath("//nav//a[@href='/'][@aria-current]"), "this is not the start page"


def test_states_and_calls_are_counted_and_narrow_the_hits(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        first, second = open_call(cast), open_call(cast, batch=2, title="第二批征集")
        submitted_proposal(cast, first, title="园区一")
        accepted_proposal(cast, second, title="园区二")
        key = second.key
    office = client.as_(cast.office)
    page = office.get("/search?q=园区")
    assert "已提交 1" in text_of(page) and "待评审 1" in text_of(page)
    assert "第二批征集 1" in text_of(page)
    assert hits(office.get("/search?q=园区&status=accepted").text) == ["园区二"]
    assert hits(office.get(f"/search?q=园区&call={key}").text) == ["园区二"]
    both = office.get(f"/search?q=园区&status=submitted&call={key}")
    assert hits(both.text) == [] and "所选状态和批次中没有" in text_of(both)


def test_empty_pages_say_what_helps(client: PageClient, cast: Cast) -> None:
    applicant = client.as_(cast.applicant)
    assert "请输入要查找的内容" in text_of(applicant.get("/search"))
    page = applicant.get("/search?q=没有此词")
    assert "没有找到“没有此词”" in text_of(page) and "您有权查看" in text_of(page)
    for typed in ("%00", "%ED%A0%80", "%FF", "😀", '"<script>', "a" * 300, "&after=x&before=y"):
        applicant.get(f"/search?q={typed}")
        applicant.get(f"/proposals?q={typed}")


def test_later_pages_of_hits_follow_the_cursor(
    client: PageClient, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_queries, "PAGE_SIZE", 2)
    with app.app_context():
        call = open_call(cast)
        for i in range(3):
            submitted_proposal(cast, call, title=f"园区{i}")
    office = client.as_(cast.office)
    page = office.get("/search?q=园区")
    assert hits(page.text) == ["园区2", "园区1"]
    after = lxml_html.fromstring(page.text).xpath("//a[contains(@href, 'after=')]/@href")[0]
    assert hits(office.get(after).text) == ["园区0"]


def test_the_search_box_is_shown_to_those_with_proposals(client: PageClient, cast: Cast) -> None:
    for who in (cast.applicant, cast.office, cast.leading):
        root = lxml_html.fromstring(client.as_(who).get("/").text)
        assert root.xpath("//header//form[@action='/search']//input[@name='q']")
    for who in (cast.reviewer, cast.system, cast.audit):
        person = client.as_(who)
        assert "/search" not in person.get("/").text
        person.get("/search?q=园区", status=403)


def test_a_page_sends_as_many_queries_for_many_rows_as_for_one(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        key = submitted_proposal(cast, call).key
        draft = filled_draft(cast, call).key
    office, applicant = client.as_(cast.office), client.as_(cast.applicant)
    paths = ("/search?q=园区", "/proposals", "/proposals?q=园区", "/checks")
    one = [queries(app, office, path) for path in paths]
    with app.app_context():
        for _ in range(3):
            submitted_proposal(cast, call, people=[{"person_id": cast.office2, "duty": "指导"}])
    assert [queries(app, office, path) for path in paths] == one
    assert max(one) <= 12
    # The page of one proposal shows what eighteen tables say of it, however many rows each has.
    assert queries(app, office, f"/proposals/{key}") <= 20
    assert queries(app, office, f"/checks/{key}") <= 15
    assert queries(app, applicant, f"/proposals/{draft}/submit") <= 16


# -- hidden text ------------------------------------------------------------------------------


def test_search_results_do_not_reveal_hidden_text(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context(), clock.freeze(clock.now()):
        call = open_call(cast)
        draft = filled_draft(cast, call, title="他人草稿").id
        returned = returned_proposal(cast, call, title="退回园区").id
        submitted_proposal(cast, call, title="园区公开")
    who = {"stranger": cast.stranger, "office": cast.office, "leading": cast.leading}
    people = {name: client.as_(person) for name, person in who.items()}
    paths = [f"{page}?q={word}" for page in ("/search", "/proposals") for word in ("暗语", "园区")]

    def answers() -> dict[tuple[str, str], str]:
        return {
            (name, path): ONLY_ONCE.sub("", person.get(path).text)
            for name, person in people.items()
            for path in paths
        }

    before = answers()
    with app.app_context():
        for proposal_id in (draft, returned):
            proposal = db.session.get_one(Proposal, proposal_id)
            saved = proposal.saved_at
            with clock.freeze(saved):
                drafts.save_draft(
                    drafts.SaveDraft(
                        proposal, None, {"plan": "写进暗语园区"}, person_id=cast.applicant
                    )
                )
            db.session.commit()
    assert answers() == before
    assert len(hits(client.as_(cast.applicant).get("/search?q=暗语").text)) == 2


# -- earlier proposals much alike --------------------------------------------------------------


@pytest.fixture
def alike(app: Flask, cast: Cast) -> tuple[str, str]:
    """Keys of an earlier proposal of others, and of a draft with much the same text."""
    with app.app_context():
        call = open_call(cast)
        changes = {"owner_id": cast.stranger, "leader_id": cast.stranger, "people": []}
        earlier = submitted_proposal(cast, call, title="社区食堂硬钱包用餐", background=CANTEEN)
        drafts.save_draft(drafts.SaveDraft(earlier, None, changes))
        db.session.commit()
        submitted_proposal(cast, call, title="景区门票扫码", background="游客排队时间长。")
        draft = filled_draft(cast, call, title="老年食堂刷卡", background=CANTEEN + "另加一句。")
        return earlier.key, draft.key


def run_jobs(app: Flask) -> None:
    """Let the worker do what is due of the search within two minutes; papers may wait."""
    with app.app_context():
        later = clock.now() + 2 * PAUSE
        asked = or_(Job.kind.startswith("search."), Job.kind.startswith("similar."))
        waiting = select(Job.key).where(asked, Job.state == "queued", Job.due_at <= later)
        keys = list(db.session.scalars(waiting.order_by(Job.id)))
        db.session.rollback()
        with clock.freeze(later):
            for key in keys:
                jobs.run_job(key)


def test_applicants_and_office_find_what_they_may_see(
    client: PageClient, app: Flask, alike: tuple[str, str], cast: Cast
) -> None:
    earlier, draft = alike
    applicant = client.as_(cast.applicant)
    waiting = text_of(applicant.get(f"/proposals/{draft}/submit"))
    assert "正在与以往申报书比对" in waiting and "仅供参考" in waiting
    run_jobs(app)
    text = text_of(applicant.get(f"/proposals/{draft}/submit"))
    assert "相似情况" not in text and "社区食堂硬钱包用餐" not in text
    applicant.submit(f"/proposals/{draft}/submit", {"pledge": "1"})
    run_jobs(app)
    page = client.as_(cast.office).get(f"/checks/{draft}")
    text = text_of(page)
    assert f'href="/proposals/{earlier}"' in page.text and "景区门票" not in text
    assert "背景与模式相似" in text and "仅供参考" in text and "找零慢" in text


def test_similarity_is_shown_for_visible_proposals_only(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        submitted_proposal(cast, call, title="社区食堂硬钱包用餐", background=CANTEEN, mode="试")
        draft = filled_draft(cast, call, title="社区食堂硬钱包", background=CANTEEN, mode="试")
        key = draft.key
    run_jobs(app)
    text = text_of(client.as_(cast.applicant).get(f"/proposals/{key}/submit"))
    assert "社区食堂硬钱包用餐" in text and "背景与模式相似100%" in text
    assert f"相同文字：{CANTEEN}" in text and "仅供参考" in text
    with app.app_context():
        row = db.session.scalars(select(Proposal).where(Proposal.key == key)).one()
        drafts.save_draft(
            drafts.SaveDraft(
                row, None, {"background": "完全改写了这一段。"}, person_id=cast.applicant
            )
        )
        db.session.commit()
    page = text_of(client.as_(cast.applicant).get(f"/proposals/{key}/submit"))
    assert "正在与以往申报书比对" in page and "的比对结果" in page
    state = f"/proposals/{key}/similar/state"
    waiting = client.as_(cast.applicant).get(state).json
    assert waiting is not None and waiting["state"] == "running"
    run_jobs(app)
    done = client.as_(cast.applicant).get(state).json
    assert done is not None and done["state"] == "done"
    page = text_of(client.as_(cast.applicant).get(f"/proposals/{key}/submit"))
    assert "正在与以往申报书比对" not in page and "名称相似" in page
    assert "背景与模式相似" not in page  # of texts so short nothing is said


def test_unsubmitted_corrections_of_others_are_never_quoted(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        other = returned_proposal(cast, call, title="退回的那份", background="游客排队时间长。")
        drafts.save_draft(
            drafts.SaveDraft(other, None, {"background": CANTEEN}, person_id=cast.applicant)
        )
        db.session.commit()
        mine = submitted_proposal(cast, call, title="老年食堂刷卡", background=CANTEEN)
        mine_id, other_id = mine.id, other.id
    run_jobs(app)
    with app.app_context():
        pairs = select(SimilarPair.other_id).where(SimilarPair.proposal_id == mine_id)
        assert other_id not in db.session.scalars(pairs).all()
        assert not db.session.get_one(SimilarRun, mine_id).waiting


def test_typing_for_an_hour_asks_for_one_comparison_at_a_time(app: Flask, cast: Cast) -> None:
    with app.app_context():
        draft = filled_draft(cast, open_call(cast))
        for i in range(5):
            drafts.save_draft(
                drafts.SaveDraft(
                    draft, None, {"background": f"{CANTEEN}{i}"}, person_id=cast.applicant
                )
            )
            db.session.commit()
        waiting = select(Job.id).where(Job.kind == "similar.compare", Job.state == "queued")
        assert len(db.session.scalars(waiting).all()) == 1
    run_jobs(app)
    with app.app_context():
        run = db.session.scalars(select(SimilarRun)).one()
        assert run.compared and not run.waiting
        assert db.session.scalars(select(SimilarPair)).all() == []


def test_rows_of_one_import_and_other_spellings_are_told(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        names = ("园区食堂Ａ区 缴费", "园区食堂a区缴费", "完全两样的名称")
        day = f"{clock.today()}"
        rows = [good_row(n, title=name, received_on=day) for n, name in enumerate(names, start=1)]
        for row, text in zip(rows, ("一" * 40, "二" * 40, "三" * 40), strict=True):
            row.update(background=text, mode=text, joint_unit_id="")
        sheet = checked(call, cast, *rows)
        bulk_import_service.confirm_import(sheet, cast.office)
        db.session.commit()
        keys = db.session.scalars(select(Proposal.key).order_by(Proposal.number)).all()
    office = client.as_(cast.office)
    pages = [text_of(office.get(f"/checks/{key}")) for key in keys]
    assert "另有同名申报书：SB-2022-01-002" in pages[0]
    assert "另有同名申报书：SB-2022-01-001" in pages[1]
    assert "没有同名的申报书" in pages[2] and "正在与以往申报书比对" in pages[2]
    run_jobs(app)  # indexed, then compared
    run_jobs(app)
    pages = [text_of(office.get(f"/checks/{key}")) for key in keys]
    assert "名称相似100%" in pages[0] and "名称相似100%" in pages[1]
    assert "相似情况" not in pages[2]


def test_a_proposal_whose_letter_waits_is_compared_too(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        proposal = submitted_proposal(cast, open_call(cast))
        check(proposal, cast, "passed", send=False)
        assert proposal.status == "checked"
        with writing() as session:
            session.execute(delete(SimilarRun))
        similar.queue_missing()
        assert db.session.scalars(select(SimilarRun.proposal_id)).all() == [proposal.id]

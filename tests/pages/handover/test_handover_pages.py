"""离岗交接 as the office meets it."""

from __future__ import annotations

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import event, select

from lab.extensions import db
from lab.identity.models.account import AuthSession
from lab.identity.people import service as people_service
from lab.proposals.joint import service as joint_service
from lab.proposals.models.proposal import Proposal
from lab.reviews.sheets import service as sheets_service
from tests.support.builders.calls import open_call
from tests.support.builders.projects import running_project
from tests.support.builders.proposals import filled_draft, submitted_proposal, unconfirmed_draft
from tests.support.builders.reviews import answers, open_round, submitted_decision
from tests.support.builders.reviews import sheet_of as find_sheet
from tests.support.cast import Cast, person
from tests.support.client import PageClient, text_of

SECRET = "【演示】不给人看的名称"


@pytest.fixture
def keys(app: Flask, cast: Cast) -> dict[str, str]:
    """Keys of the people, by their names in the cast."""
    names = (
        "applicant",
        "leader",
        "member",
        "stranger",
        "reviewer",
        "recused",
        "leading",
        "office",
    )
    with app.app_context():
        return {name: person(getattr(cast, name)).key for name in names}


@pytest.fixture
def draft(app: Flask, cast: Cast) -> str:
    """The key of a draft of `applicant`, never submitted."""
    with app.app_context():
        return filled_draft(cast, open_call(cast), title=SECRET).key


def page_of(key: str) -> str:
    return f"/handovers/people/{key}"


def test_from_disabling_to_the_record(
    app: Flask, client: PageClient, cast: Cast, keys: dict[str, str], draft: str
) -> None:
    office, system = client.as_(cast.office), client.as_(cast.system)
    assert "离岗交接：" not in text_of(office.get("/"))
    client.as_(cast.applicant).get("/")
    system.post(f"/people/{keys['applicant']}/disable")
    with app.app_context():
        rows = db.session.scalars(
            select(AuthSession).where(AuthSession.person_id == cast.applicant)
        ).all()
        assert rows and all(row.ended_at for row in rows)
    assert "离岗交接：申报甲还有1项未交接" in text_of(office.get("/"))
    page = page_of(keys["applicant"])
    assert page in office.get("/").text
    assert "申报甲" in text_of(office.get("/handovers"))
    sent = office.submit(page, {f"drafts-{draft}": keys["leader"], "reason": "调离本单位。"})
    record = text_of(office.get(sent.headers["Location"]))
    assert "调离本单位。" in record and "2022年第一批" in record
    assert SECRET not in record
    assert "离岗交接：" not in text_of(office.get("/"))
    assert "没有需要交接的事项" in text_of(office.get(page))
    assert "交接给您" in text_of(client.as_(cast.leader).get("/inbox"))
    client.as_(cast.leader).get(f"/proposals/{draft}/edit/basics")


def test_the_page_names_drafts_without_their_titles(
    client: PageClient, cast: Cast, keys: dict[str, str], draft: str
) -> None:
    page = client.as_(cast.office).get(page_of(keys["applicant"]))
    assert SECRET not in page.text
    assert "草稿" in text_of(page) and "开始填写" in text_of(page)


def test_only_those_who_may_receive_are_offered(
    client: PageClient, cast: Cast, keys: dict[str, str], draft: str
) -> None:
    page = client.as_(cast.office).get(page_of(keys["applicant"])).text
    assert f'value="{keys["leader"]}"' in page
    assert "data-people-list" in page and " zuzhangjia " in page
    # of another unit, and of the same one without the role
    assert not any(f'value="{keys[name]}"' in page for name in ("stranger", "recused"))


def test_receivers_of_one_name_are_told_apart(
    app: Flask, client: PageClient, cast: Cast, keys: dict[str, str], draft: str
) -> None:
    with app.app_context():
        for number, duty in enumerate(("经理", "主管")):
            twin = {"sign_in_name": f"twin{number}", "name": "张伟（大）", "duty": duty}
            people_service.create_person(
                **twin, unit_id=cast.post_branch, hashed="chosen", roles=["applicant"]
            )
        db.session.commit()
    page = client.as_(cast.office).get(page_of(keys["applicant"]))
    options = {
        option.text_content(): dict(option.attrib)
        for option in lxml_html.fromstring(page.text).xpath("//select/option")
    }
    first = options["张伟（大）（邮政东城分公司，经理）"]
    assert "张伟（大）（邮政东城分公司，主管）" in options
    assert (first["data-name"], first["data-unit"]) == ("张伟（大）", "邮政东城分公司，经理")
    keys_of = first["data-keys"].split()
    for typed in ("zw", "zhangwei", "yzdc", "youzhengdongcheng"):
        assert any(key.startswith(typed) for key in keys_of)


def test_a_receiver_who_may_not_is_refused_beside_the_field(
    client: PageClient, cast: Cast, keys: dict[str, str], draft: str
) -> None:
    fields = {f"drafts-{draft}": keys["stranger"], "reason": "调离。"}
    page = page_of(keys["applicant"])
    answer = client.as_(cast.office).submit(page, fields, status=422)
    assert "不在交出人所在单位，也不在提交时的申报单位，请另选接收人" in text_of(answer)
    assert f'id="drafts-{draft}-error"' in answer.text


def test_nothing_chosen_and_no_reason_is_said(
    client: PageClient, cast: Cast, keys: dict[str, str], draft: str
) -> None:
    office, page = client.as_(cast.office), page_of(keys["applicant"])
    assert "请填写原因" in text_of(office.submit(page, {}, status=422))
    answer = office.submit(page, {"reason": "调离。"}, status=422)
    assert "请为至少一项选择接收人" in text_of(answer)


def test_the_second_clerk_sees_what_the_first_one_did(
    app: Flask, client: PageClient, cast: Cast, keys: dict[str, str], draft: str
) -> None:
    with app.app_context():
        call = db.session.scalars(select(Proposal).where(Proposal.key == draft)).one().call
        other = filled_draft(cast, call, title=SECRET).key
    first, second = client.as_(cast.office), client.as_(cast.office2)
    page = page_of(keys["applicant"])
    seen = second.get(page)
    first.submit(page, {f"drafts-{draft}": keys["leader"], "reason": "退休。"})
    fields = {f"drafts-{other}": keys["leader"], "reason": "调离。"}
    answer = second.resubmit(seen, page, fields, status=409)
    assert "办理交接。原因：退休。" in text_of(answer)
    second.resubmit(answer, page)
    with app.app_context():
        owners = set(db.session.scalars(select(Proposal.owner_id)))
    assert owners == {cast.leader}


def test_a_confirmation_and_a_project_are_on_the_page(
    app: Flask, client: PageClient, cast: Cast, keys: dict[str, str]
) -> None:
    with app.app_context():
        project = running_project(cast).key
        partner = person(cast.partner).key
        asked = unconfirmed_draft(cast, open_call(cast, batch=2), title=SECRET)
        joint_service.request_confirmation(asked, cast.applicant)
        db.session.commit()
    office = client.as_(cast.office)
    page = office.get(page_of(partner))
    assert "联合确认" in text_of(page) and SECRET not in page.text
    led = text_of(office.get(page_of(keys["leader"])))
    assert "主持的项目" in led and "未完成的里程碑2个" in led
    sent = office.submit(
        page_of(keys["leader"]), {f"projects-{project}": keys["member"], "reason": "轮岗。"}
    )
    assert "主持的项目" in text_of(office.get(sent.headers["Location"]))
    assert "组长" in text_of(client.as_(cast.member).get("/inbox"))


def test_what_stays_is_counted_for_whoever_has_it(
    app: Flask, client: PageClient, cast: Cast, keys: dict[str, str]
) -> None:
    with app.app_context():
        running_project(cast)
        submitted_proposal(cast, open_call(cast, batch=2))  # that of the project is the other one
        filled_draft(cast, open_call(cast, batch=3))  # who is named in it is its applicant's affair
    office = client.as_(cast.office)
    other, joined = "他人的申报书", "参加的项目"
    pages = {name: text_of(office.get(page_of(key))) for name, key in keys.items()}
    assert "担任负责人或成员的申报书 2项" in pages["leader"] and joined not in pages["leader"]
    assert "担任负责人或成员的申报书 2项" in pages["member"]
    assert "担任组员的项目 1项" in pages["member"]
    # The own proposals are handed over; a card with nothing in it is not there.
    for name in ("applicant", "stranger"):
        assert other not in pages[name] and joined not in pages[name]


def test_withdrawn_sheets_lead_to_the_assignment(
    app: Flask, client: PageClient, cast: Cast, keys: dict[str, str]
) -> None:
    with app.app_context():
        call, (proposal, _) = open_round(cast)
        sheet = find_sheet(proposal, cast.reviewer)
        sheets_service.save_sheet(sheet, sheet.version, answers(comment="写了一半的评语"))
        db.session.commit()
        assignment = f"/rounds/{call.key}/assign"
    office, page = client.as_(cast.office), page_of(keys["reviewer"])
    shown = office.get(page)
    assert "评分表从不交接" in text_of(shown) and "写了一半的评语" not in shown.text
    sent = office.submit(page, {"withdraw": "1", "reason": "退休。"})
    record = office.get(sent.headers["Location"])
    assert assignment in record.text
    assert "写了一半的评语" not in office.get(assignment).text
    assert "没有未交接的事项" in text_of(office.get(page))


def test_votes_are_shown_as_never_handed_over(
    app: Flask, client: PageClient, cast: Cast, keys: dict[str, str]
) -> None:
    with app.app_context():
        submitted_decision(cast)
    page = text_of(client.as_(cast.office).get(page_of(keys["leading"])))
    assert "待审定的立项名单" in page and "不能由他人代为表决" in page


def test_nobody_hands_over_the_own_things(
    client: PageClient, cast: Cast, keys: dict[str, str]
) -> None:
    office = client.as_(cast.office)
    assert "办理交接" not in office.get(page_of(keys["office"])).text
    office.post(page_of(keys["office"]), {"reason": "调离。"}, status=403)


def test_people_are_found_by_name(
    client: PageClient, cast: Cast, keys: dict[str, str], draft: str
) -> None:
    office = client.as_(cast.office)
    assert "已停用的账号都没有未交接的事项" in text_of(office.get("/handovers"))
    assert page_of(keys["applicant"]) in office.get("/handovers?q=applicant").text
    for typed in ("申报甲", "sbj", "邮政东城 申报", "yzdc sb"):
        assert page_of(keys["applicant"]) in office.get(f"/handovers?q={typed}").text
    assert "没有查到" in text_of(office.get("/handovers?q=无此人"))


def test_the_page_asks_as_much_for_many_things_as_for_one(
    app: Flask, client: PageClient, cast: Cast, keys: dict[str, str], draft: str
) -> None:
    office = client.as_(cast.office)

    def statements(path: str) -> int:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        office.get(path)
        event.remove(engine, "before_cursor_execute", note)
        return sum(text.lstrip().upper().startswith("SELECT") for text in seen)

    page = page_of(keys["applicant"])
    office.get(page)
    few = {path: statements(path) for path in (page, "/handovers", "/")}
    with app.app_context():
        call = db.session.scalars(select(Proposal).where(Proposal.key == draft)).one().call
        for number in range(4):
            filled_draft(cast, call, title=f"【演示】{number}")
        people_service.disable(person(cast.applicant))
        db.session.commit()
    many = {path: statements(path) for path in few}
    assert many == few
    assert many[page] <= 45

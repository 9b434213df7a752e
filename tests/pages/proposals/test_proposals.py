"""Writing, submitting and reading proposals as people meet them."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import event, func, select
from sqlalchemy.orm import selectinload
from werkzeug.test import TestResponse

from lab import audit, clock
from lab.catalogue.indicators import ENTERED
from lab.extensions import db
from lab.inbox.models.letters import Letter
from lab.numbering.sequences import Sequence
from lab.policy import Actor, allowed
from lab.proposals.core.visibility.contents import resource_of
from lab.proposals.models.proposal import Proposal, ProposalFile, ProposalVersion
from lab.proposals.pages import queries as pages_queries
from lab.proposals.rules.completeness import missing_items
from lab.proposals.rules.form.schema import LABELS, ROW_FIELDS, STEP_OF, STEPS
from lab.proposals.submission import review_transitions
from lab.proposals.writing import service as drafts
from tests.support.builders import files as builders_files
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    accepted_proposal,
    avoiding,
    confirm,
    empty_draft,
    filled_draft,
    returned_proposal,
    submitted_proposal,
)
from tests.support.cast import Cast, person
from tests.support.client import PageClient, entered, text_of

PDF = builders_files.pdf()


@pytest.fixture
def draft(app: Flask, cast: Cast) -> str:
    """The key of a complete draft of `applicant`."""
    with app.app_context():
        return filled_draft(cast, open_call(cast)).key


def stored(app: Flask, key: str) -> Proposal:
    """The proposal as it is in the database, with its rows and files read."""
    with app.app_context():
        return db.session.scalars(
            select(Proposal)
            .where(Proposal.key == key)
            .options(
                selectinload(Proposal.targets),
                selectinload(Proposal.files).selectinload(ProposalFile.file),
            )
        ).one()


def value_of(page: str, name: str) -> str:
    """What stands in a control of the page."""
    control = lxml_html.fromstring(page).xpath(f"//main//*[@name='{name}']")[0]
    return str(control.text_content() if control.tag == "textarea" else control.value).strip()


def press(
    client: PageClient, path: str, button: str, value: str = "1", **typed: str
) -> TestResponse:
    """Fill the first form of the page and press one of its buttons."""
    form = lxml_html.fromstring(client.get(path).text).xpath("//main//form")[0]
    assert form.xpath(f".//button[@name='{button}'][@value='{value}']"), f"no button {button}"
    values = dict(form.form_values()) | typed | {button: value}
    return client.http.post(path, data=values, headers={"Origin": "http://localhost"})


# -- writing -----------------------------------------------------------------------------------


def test_a_second_click_finds_the_same_draft(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = open_call(cast).key
    applicant = client.as_(cast.applicant)
    first = applicant.post(f"/proposals/new/{key}").headers["Location"]
    assert applicant.post(f"/proposals/new/{key}").headers["Location"] == first
    assert "基本信息" in text_of(applicant.get(first))


def test_every_step_opens_and_saves_empty(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = empty_draft(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    for place, step in enumerate(STEPS, start=1):
        page = applicant.get(f"/proposals/{key}/edit/{step.slug}")
        assert f"第{place}步，共6步：{step.label}" in page.text
        assert filled_steps(page.text, steps=6) == 0
        answer = applicant.submit(f"/proposals/{key}/edit/{step.slug}", {})
        assert answer.headers["Location"].endswith(step.slug)


def filled_steps(page: str, steps: int = 7) -> int:
    """How many of the steps, the confirmation included, the mark beside the form counts."""
    bar = lxml_html.fromstring(page).xpath("//main//progress[@aria-label='已填好的步骤']")[0]
    assert bar.get("max") == str(steps)
    return int(bar.get("value"))


def test_progress_counts_the_complete_steps(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    page = applicant.get(f"/proposals/{key}/edit/plan")
    assert filled_steps(page.text) == 7 and "联合单位确认 （已完成）" in text_of(page)
    check = text_of(applicant.get(f"/proposals/{key}/submit"))
    assert check.count("完整") == 7 and "7. 联合单位确认 已确认" in check
    applicant.submit(f"/proposals/{key}/edit/plan", {"plan": ""})
    page = applicant.get(f"/proposals/{key}/edit/risks")
    assert filled_steps(page.text) == 5 and "联合单位确认 （有待补充）" in text_of(page)
    check = text_of(applicant.get(f"/proposals/{key}/submit"))
    assert "3. 实施方案与联动 缺1处" in check and "7. 联合单位确认 未确认" in check


def test_a_step_that_nobody_came_to_is_not_blamed(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = empty_draft(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    applicant.submit(f"/proposals/{key}/edit/basics", {"title": "只写了名称【演示】"})
    steps = lxml_html.fromstring(applicant.get(f"/proposals/{key}/edit/plan").text)
    marks = [item.get("class") for item in steps.xpath("//*[@class='steps-wide']//li")]
    assert marks == ["step-warn", "step-todo", "step-current step-here", *["step-todo"] * 3]


def marked(page: str) -> set[str]:
    """The labels on a page that carry the mark 提交时必填."""
    marks = lxml_html.fromstring(page).xpath("//main//*[@class='field-needed']")
    assert all(mark.text_content() == "提交时必填" for mark in marks)
    return {mark.getparent().text.strip() for mark in marks}


def test_marked_fields_are_those_a_proposal_lacks(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = empty_draft(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    shown = [applicant.get(f"/proposals/{key}/edit/{step.slug}").text for step in STEPS]
    nothing: dict[str, Any] = dict.fromkeys(STEP_OF) | dict.fromkeys(ROW_FIELDS, ())
    missing_labels = {LABELS[item.field] for item in missing_items(SimpleNamespace(**nothing))}
    assert set.union(*map(marked, shown)) == missing_labels


def test_saving_leads_through_all_steps_to_the_check(
    client: PageClient, draft: str, cast: Cast
) -> None:
    applicant, where = client.as_(cast.applicant), f"/proposals/{draft}/edit/basics"
    for _ in STEPS:
        where = press(applicant, where, "next").headers["Location"]
    assert where == f"/proposals/{draft}/submit"


def test_a_failed_check_keeps_what_was_typed(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    applicant = client.as_(cast.applicant)
    long, path = "长" * 801, f"/proposals/{draft}/edit/background"
    page = applicant.submit(path, {"background": long, "mode": "新的模式"}, status=422)
    assert value_of(page.text, "background") == long
    assert "最多800个字符，现有801个" in text_of(page)
    assert "填写的内容已经保存" in text_of(page)
    assert stored(app, draft).mode == "新的模式"
    later = applicant.get(path)
    assert value_of(later.text, "background") == long
    assert "最多800个字符，现有801个" in text_of(later)
    assert "没有通过检查" in text_of(applicant.get(f"/proposals/{draft}/submit"))
    applicant.submit(path, {"background": "短了。"})
    assert stored(app, draft).invalid_input == {}


def test_a_failed_check_can_be_saved_again_at_once(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/basics"
    page = applicant.submit(path, {"starts_on": "2022年13月1日"}, status=422)
    assert "没有“2022年13月1日”这一天" in text_of(page)
    root = lxml_html.fromstring(page.text)
    form = next(f for f in root.xpath("//main//form"))
    values = dict(form.form_values()) | {"starts_on": "2022年8月1日"}
    answer = applicant.http.post(path, data=values, headers={"Origin": "http://localhost"})
    assert answer.status_code == 303
    assert stored(app, draft).starts_on.isoformat() == "2022-08-01"


def test_a_half_filled_row_is_named_and_saved(client: PageClient, draft: str, cast: Cast) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/targets"
    page = applicant.submit(
        path, {"targets-2-indicator": "K02", "targets-2-target": "三百"}, status=422
    )
    assert "第3行“目标值”：请填写数字" in text_of(page)
    again = applicant.get(path)
    assert value_of(again.text, "targets-2-target") == "三百"
    assert value_of(again.text, "targets-2-indicator") == "K02"


def test_the_proposals_page_shows_what_did_not_pass_as_typed(
    client: PageClient, draft: str, cast: Cast
) -> None:
    """With the labels of choices, for its own people alone; nothing is called blank."""
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit"
    row = {
        "targets-2-indicator": "K02",
        "targets-2-target": "三百",
        "budget-0-amount_fen": "约三万",
    }
    applicant.submit(f"{path}/targets", row, status=422)
    applicant.submit(f"{path}/basics", {"starts_on": "明年春天"}, status=422)
    page = applicant.get(f"/proposals/{draft}")
    shown = text_of(page)
    for typed in ("其中硬钱包数（个），三百", "约三万", "明年春天"):
        assert typed in shown
    assert "第3行“目标值”：请填写数字，如：12.5。" in shown
    assert "没有通过检查 “预期指标”按填写的原样显示" in shown
    assert page.text.count(f'href="{path}/targets">去改正</a>') == 2
    assert "三百" not in client.as_(cast.office).http.get(f"/proposals/{draft}").text
    sound = {"targets-2-target": "300", "targets-2-due_on": "2026-11-30"}
    applicant.submit(f"{path}/targets", {**sound, "budget-0-amount_fen": "3万"})
    applicant.submit(f"{path}/basics", {"starts_on": "2022-08-01"})
    assert "按填写的原样显示" not in text_of(applicant.get(f"/proposals/{draft}"))


def test_rows_work_without_scripts(client: PageClient, app: Flask, draft: str, cast: Cast) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/targets"
    answer = press(applicant, path, "add", "targets", **{"milestones-0-name": "改过的名字"})
    wider = applicant.get(answer.headers["Location"])
    assert entered(wider.text) == ["targets-3-indicator"] and "#" not in answer.headers["Location"]
    assert value_of(wider.text, "targets-3-target") == ""
    assert value_of(wider.text, "milestones-0-name") == "改过的名字"
    gone = press(applicant, path, "drop", "targets-0").headers["Location"]
    assert gone.endswith("#targets") and entered(applicant.get(gone).text) == []
    assert [t.indicator for t in stored(app, draft).targets] == ["K06"]


def test_figures_in_rows_are_converted_by_their_unit(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/targets"
    typed = {"targets-0-target": "1.2万个", "budget-0-amount_fen": "￥3.5万元"}
    applicant.submit(path, typed)
    page = applicant.get(path)
    assert "第1行“目标值”：“1.2万个”已换算为12,000个。" in text_of(page)
    assert "第1行“金额”：“￥3.5万元”已换算为35,000元。" in text_of(page)
    assert value_of(page.text, "targets-0-target") == "12,000"
    assert stored(app, draft).targets[0].target == 12_000


def test_a_figure_in_another_unit_stays_and_is_named(
    client: PageClient, draft: str, cast: Cast
) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/targets"
    page = applicant.submit(path, {"targets-0-target": "3万元"}, status=422)
    assert "第1行“目标值”：请填写数字" in text_of(page)
    assert value_of(page.text, "targets-0-target") == "3万元"


def test_two_targets_of_one_indicator_on_one_day_are_named(
    client: PageClient, draft: str, cast: Cast
) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/targets"
    day = value_of(applicant.get(path).text, "targets-0-due_on")
    same = {"targets-1-indicator": "K01", "targets-1-base": "", "targets-1-due_on": day}
    page = applicant.submit(path, same, status=422)
    assert "第2行“指标”：与第1行相同，请删去一行。" in text_of(page)


def test_rows_are_stored_in_the_order_of_the_page(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/targets"
    form = lxml_html.fromstring(applicant.get(path).text).xpath("//main//form")[0]
    values = {name: text for name, text in form.form_values() if "__row__" not in name}
    # As scripts send it: row 0 taken out, row 1 below a new row 7.
    values = {name: text for name, text in values.items() if not name.startswith("targets-0-")}
    new = {"indicator": "K01", "base": "1", "target": "123,456,789,012", "due_on": "12月31号"}
    values |= {f"targets-7-{name}": text for name, text in new.items()}
    values |= {"targets-order": "7,1"}
    applicant.post(path, values)
    with app.app_context():
        rows = [(row.indicator, row.target) for row in stored(app, draft).targets]
    assert rows[0] == ("K01", Decimal("123456789012")) and rows[1][0] == "K06"
    again = applicant.get(path).text
    assert value_of(again, "targets-0-target") == "123,456,789,012"
    assert value_of(again, "targets-1-indicator") == "K06"


def test_rows_beyond_the_most_stay_on_the_page(client: PageClient, draft: str, cast: Cast) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/targets"
    form = lxml_html.fromstring(applicant.get(path).text).xpath("//main//form")[0]
    values = {name: text for name, text in form.form_values() if "__row__" not in name}
    values |= {f"milestones-{n}-name": f"第{n}段" for n in range(22)}
    values |= {f"milestones-{n}-due_on": "2026-12-31" for n in range(22)}
    values |= {"milestones-order": ",".join(map(str, range(22)))}
    page = applicant.post(path, values, status=422)
    assert "最多20行，现有22行，请删去2行。" in text_of(page)
    again = applicant.get(path).text
    assert value_of(again, "milestones-21-name") == "第21段"


def test_stages_of_a_target_are_stored_and_shown_together(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    applicant, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/targets"
    form = lxml_html.fromstring(applicant.get(path).text).xpath("//main//form")[0]
    values = {name: text for name, text in form.form_values() if "__row__" not in name}
    rows = [("K06", "", "5", "2026.12.31"), ("K01", "10", "3,000", "2026.11.30")]
    rows += [("K01", "", "1,000", "2026年6月30号")]
    for number, row in enumerate(rows):
        names = ("indicator", "base", "target", "due_on")
        values |= {f"targets-{number}-{name}": text for name, text in zip(names, row, strict=True)}
    values |= {"targets-order": "0,1,2"}
    applicant.post(path, values)
    with app.app_context():
        assert [row.base for row in stored(app, draft).targets] == [0, 10, 10]
    shown = text_of(applicant.get(f"/proposals/{draft}"))
    first, second = shown.index("1,000 2026年6月30日"), shown.index("3,000 2026年11月30日")
    assert shown.index("5 2026年12月31日") < first < second
    falling = {"targets-2-target": "9,000"}
    page = applicant.submit(path, falling, status=422)
    assert "累计指标不能比更早的阶段小，第3行（2026年6月30日）是9,000。" in text_of(page)


def test_two_tabs_meet_on_a_page_with_both_texts(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    one, two = client.as_(cast.applicant), client.as_(cast.leader)
    for slug, name, mine, theirs in (
        ("background", "mode", "我的写法", "他的写法"),
        ("targets", "milestones-0-name", "我的里程碑", "他的里程碑"),
    ):
        path = f"/proposals/{draft}/edit/{slug}"
        form = lxml_html.fromstring(one.get(path).text).xpath("//main//form")[0]
        two.submit(path, {name: theirs})
        values = dict(form.form_values()) | {name: mine}
        answer = one.http.post(path, data=values, headers={"Origin": "http://localhost"})
        assert answer.status_code == 409
        assert mine in text_of(answer) and theirs in text_of(answer)
        decided = lxml_html.fromstring(answer.text).xpath("//main//form")[0]
        saved = one.http.post(
            path, data=dict(decided.form_values()), headers={"Origin": "http://localhost"}
        )
        assert saved.status_code == 303
        assert mine in one.get(path).text
    assert stored(app, draft).mode == "我的写法"


def test_conflicts_compare_labels_not_codes(client: PageClient, draft: str, cast: Cast) -> None:
    one, path = client.as_(cast.applicant), f"/proposals/{draft}/edit/basics"
    form = lxml_html.fromstring(one.get(path).text).xpath("//main//form")[0]
    client.as_(cast.leader).submit(path, {"project_type": "street"})
    values = dict(form.form_values()) | {"project_type": "payment"}
    answer = one.http.post(path, data=values, headers={"Origin": "http://localhost"})
    assert "项目类型不同 支付接入 示范街区" in text_of(answer)


@pytest.mark.parametrize("bad", ["空\x00字", "替\ufffd换", "反\u202e向", "退\x08格"])
def test_a_refused_character_is_named_and_breaks_no_page(
    both_client: PageClient, both_app: Flask, both_cast: Cast, bad: str
) -> None:
    with both_app.app_context():
        key = filled_draft(both_cast, open_call(both_cast)).key
    applicant = both_client.as_(both_cast.applicant)
    for slug, name in (("background", "mode"), ("targets", "milestones-0-name")):
        path = f"/proposals/{key}/edit/{slug}"
        page = applicant.submit(path, {name: bad}, status=422)
        assert f"“{bad[0]}�{bad[2]}”中标“�”的是" in text_of(page)
        assert f"“{bad[0]}�{bad[2]}”中标“�”的是" in text_of(applicant.get(path))
    assert "没有通过检查" in text_of(applicant.get(f"/proposals/{key}/submit"))
    applicant.get(f"/proposals/{key}")


def test_the_longest_form_opens_with_few_reads(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    day = date(2022, 12, 1)
    everyone = [cast.member, cast.reviewer, cast.reviewer2, cast.reviewer3, cast.leading]
    with app.app_context():
        proposal = db.session.scalars(select(Proposal)).one()
        rows = {
            "people": [{"person_id": who, "duty": "协助"} for who in everyone],
            "milestones": [{"name": f"第{n}步", "due_on": day} for n in range(20)],
            "targets": [
                {"indicator": code, "base": Decimal(0), "target": Decimal(9), "due_on": day}
                for code in ENTERED
            ],
        }
        drafts.save_draft(drafts.SaveDraft(proposal, None, rows))
        db.session.commit()
        engine, seen = db.engine, []
    applicant = client.as_(cast.applicant)
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    for path in ("", "/submit", "/edit/targets", "/edit/basics"):
        seen.clear()
        applicant.get(f"/proposals/{draft}{path}")
        assert len(seen) <= 32, (path, seen)


# -- attachments -------------------------------------------------------------------------------


def upload(client: PageClient, key: str, name: str, body: bytes, status: int = 303) -> str:
    data = {"files": (io.BytesIO(body), name)}
    return client.submit(f"/proposals/{key}/edit/files", data, status=status).text


def test_attachments_are_kept_downloadable_and_traced(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    applicant = client.as_(cast.applicant)
    upload(applicant, draft, "合作 意向书.pdf", PDF)
    row = stored(app, draft).files[0]
    address = f"/proposals/{draft}/files/{row.file.key}"
    got = applicant.http.get(address)
    assert got.data == PDF and got.headers["Content-Disposition"].startswith("attachment")
    got.close()
    press(applicant, f"/proposals/{draft}/edit/files", "remove", row.file.key)
    assert "还没有附件" in text_of(applicant.get(f"/proposals/{draft}/edit/files"))
    assert stored(app, draft).files[0].removed_at is not None


def test_a_false_pdf_is_refused_but_the_text_is_saved(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    data = {"files": (io.BytesIO(b"no pdf"), "假的.pdf"), "unit_opinion": "同意，王某。"}
    page = client.as_(cast.applicant).submit(f"/proposals/{draft}/edit/files", data, status=422)
    assert "“假的.pdf”的内容与类型不符" in text_of(page)
    assert stored(app, draft).unit_opinion == "同意，王某。"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ProposalFile)) == 0


def test_an_eleventh_attachment_is_refused(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    applicant = client.as_(cast.applicant)
    for number in range(10):
        upload(applicant, draft, f"{number}.png", builders_files.image(size=(20 + number, 9)))
    page = upload(applicant, draft, "多余.pdf", PDF, status=422)
    assert "附件最多10个" in page
    assert len(stored(app, draft).files) == 10


def test_a_stranger_cannot_have_the_attachment(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    upload(client.as_(cast.applicant), draft, "a.pdf", PDF)
    key = stored(app, draft).files[0].file.key
    for who in (cast.stranger, cast.reviewer, cast.office, cast.leading, cast.system):
        client.as_(who).get(f"/proposals/{draft}/files/{key}", status=404)


# -- submission --------------------------------------------------------------------------------


def test_the_check_page_links_each_missing_item(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = empty_draft(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    page = applicant.get(f"/proposals/{key}/submit")
    links = lxml_html.fromstring(page.text).xpath("//*[@id='missing']//a/@href")
    assert f"/proposals/{key}/edit/basics#title" in links
    assert f"/proposals/{key}/edit/targets#milestones" in links
    for link in links:
        target, _, anchor = link.partition("#")
        assert (
            lxml_html.fromstring(applicant.get(target).text).get_element_by_id(anchor) is not None
        )
    applicant.post(f"/proposals/{key}/submit", {"version": "1", "pledge": "1"}, status=422)


def test_submission_asks_for_the_pledge_then_gives_the_number(
    client: PageClient, app: Flask, draft: str, cast: Cast
) -> None:
    applicant = client.as_(cast.applicant)
    page = applicant.submit(f"/proposals/{draft}/submit", {}, status=422)
    assert "请阅读并勾选诚信承诺" in text_of(page)
    done = applicant.submit(f"/proposals/{draft}/submit", {"pledge": "1"})
    page = applicant.get(done.headers["Location"])
    assert "申报编号SB-2022-01-001" in text_of(page)
    assert "等待形式审查" in text_of(page) and "第1版" in text_of(page)
    applicant.get(f"/proposals/{draft}/edit/basics", status=409)


def test_a_submission_of_text_that_changed_meanwhile_is_refused(
    client: PageClient, draft: str, cast: Cast
) -> None:
    one = client.as_(cast.applicant)
    form = lxml_html.fromstring(one.get(f"/proposals/{draft}/submit").text)
    values = dict(form.xpath("//main//form")[0].form_values()) | {"pledge": "1"}
    client.as_(cast.leader).submit(f"/proposals/{draft}/edit/background", {"mode": "刚改的"})
    one.post(f"/proposals/{draft}/submit", values, status=409)


def test_a_returned_proposal_is_corrected_and_resubmitted(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        proposal = returned_proposal(cast, open_call(cast))
        key, last = proposal.key, clock.cn_date(clock.today() + timedelta(days=5))
    applicant = client.as_(cast.applicant)
    for path in ("", "/edit/background", "/submit"):
        text = text_of(applicant.get(f"/proposals/{key}{path}"))
        assert "附件缺少合作意向书。" in text and last in text
    applicant.submit(f"/proposals/{key}/edit/background", {"background": "补充依据。"})
    with app.app_context():
        confirm(db.session.scalars(select(Proposal).where(Proposal.key == key)).one())
    applicant.submit(f"/proposals/{key}/submit", {"pledge": "1"})
    text = text_of(applicant.get(f"/proposals/{key}"))
    assert "SB-2022-01-001" in text and "第2版" in text
    old = text_of(applicant.get(f"/proposals/{key}/versions/1"))
    assert "园区缴费以现金为主。" in old and "补充依据。" not in old


def test_unsubmitted_corrections_are_read_by_their_own_people(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = returned_proposal(cast, open_call(cast), due_on=clock.today()).key
    applicant, office = client.as_(cast.applicant), client.as_(cast.office)
    applicant.submit(f"/proposals/{key}/edit/background", {"background": "暗中改写。"})
    applicant.submit(f"/proposals/{key}/edit/basics", {"title": "新起的名称"})
    lists = ["/proposals", "/checks?status=returned", "/search?q=缴费"]
    for path in (*lists, f"/proposals/{key}", f"/proposals/{key}/versions/1"):
        page = office.get(path)
        assert "新起的名称" not in page.text, path
        assert "园区数字人民币缴费" in text_of(page), path
    assert "新起的名称" in applicant.get("/proposals").text
    pages = [f"/proposals/{key}", f"/proposals/{key}/as-reviewers-see"]
    for path in pages:
        assert "暗中改写。" in text_of(applicant.get(path))
        assert "暗中改写。" not in text_of(office.get(path))
        assert "园区缴费以现金为主。" in text_of(office.get(path))
    with clock.freeze(clock.now() + timedelta(days=1)):
        applicant, office = client.as_(cast.applicant), client.as_(cast.office)
        wanted = {"reason": "逾期未补正。", "confirmed": "1"}
        office.submit(f"/checks/{key}/overdue", wanted)
        with app.app_context():
            letter = db.session.scalars(select(Letter.key).order_by(Letter.id.desc())).first()
        office.submit(f"/letters/{letter}")
        assert "暗中改写。" in text_of(applicant.get(pages[0]))
        assert "暗中改写。" not in text_of(office.get(pages[0]))
        assert "没有找到" in text_of(office.get("/search?q=暗中改写"))


def test_concurrent_submissions_give_one_number(
    both_client: PageClient, both_app: Flask, both_cast: Cast
) -> None:
    with both_app.app_context():
        key = filled_draft(both_cast, open_call(both_cast)).key
    clients = [both_client.as_(both_cast.applicant) for _ in range(50)]
    page = clients[0].get(f"/proposals/{key}/submit").text
    version = value_of(page, "version")
    bodies = [{"csrf_token": c.token(), "version": version, "pledge": "1"} for c in clients]

    def send(place: int) -> int:
        return (
            clients[place]
            .http.post(
                f"/proposals/{key}/submit",
                data=bodies[place],
                headers={"Origin": "http://localhost"},
            )
            .status_code
        )

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert sorted(answers) == [303] + [409] * 49
    with both_app.app_context():
        assert db.session.scalars(select(Proposal.number)).all() == ["SB-2022-01-001"]
        assert db.session.scalar(select(func.count()).select_from(ProposalVersion)) == 1
        assert db.session.scalar(select(Sequence.last).where(Sequence.kind == "proposal")) == 1


def test_withdrawing_and_deleting_ask_first_and_say_so(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        draft, sent = filled_draft(cast, call).key, submitted_proposal(cast, call).key
    applicant = client.as_(cast.applicant)
    assert "不能恢复" in text_of(applicant.get(f"/proposals/{draft}"))
    applicant.post(f"/proposals/{draft}/delete")
    applicant.get(f"/proposals/{draft}", status=404)
    applicant.post(f"/proposals/{sent}/delete", status=409)
    applicant.post(f"/proposals/{sent}/withdraw")
    assert "已撤回" in text_of(applicant.get(f"/proposals/{sent}"))
    applicant.post(f"/proposals/{sent}/withdraw", status=409)


# -- who sees what -----------------------------------------------------------------------------


def test_a_stranger_gets_the_page_of_a_missing_proposal(
    client: PageClient, draft: str, cast: Cast
) -> None:
    stranger = client.as_(cast.stranger)
    changing = re.compile(r'[0-9A-F]{8}|nonce="[^"]*"')
    for rest in ("", "/edit/basics", "/submit", "/versions/1"):
        pages = {
            changing.sub("", stranger.get(f"/proposals/{key}{rest}", status=404).text)
            for key in (draft, "aaaaaaaaaaaa")
        }
        assert len(pages) == 1


def test_the_team_sees_a_draft_and_colleagues_do_not(
    client: PageClient, draft: str, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        proposal = db.session.scalars(select(Proposal)).one()
        drafts.save_draft(
            drafts.SaveDraft(proposal, None, {"leader_id": cast.member, "people": []})
        )
        db.session.commit()
    client.as_(cast.leader).get(f"/proposals/{draft}", status=404)  # same unit, not in it
    client.as_(cast.member).get(f"/proposals/{draft}")
    client.as_(cast.office).get(f"/proposals/{draft}", status=404)  # drafts are private


def test_lists_show_what_the_policy_allows(app: Flask, cast: Cast) -> None:
    with app.app_context():
        call = open_call(cast)
        filled_draft(cast, call)
        submitted_proposal(cast, call, leader_id=cast.stranger, people=[])
        accepted_proposal(cast, call)
        returned_proposal(cast, call, people=[{"person_id": cast.reviewer, "duty": "顾问"}])
        everything = db.session.scalars(select(Proposal)).all()
        people = (cast.applicant, cast.leader, cast.member, cast.stranger, cast.reviewer)
        for who in (*people, cast.office, cast.leading, cast.system):
            who_acts = person(who)
            actor = Actor(who_acts.id, who_acts.roles, who_acts.unit_id)
            may_open = {
                p.key for p in everything if allowed("proposal.view", actor, resource_of(actor, p))
            }
            listed = {row.key for row in pages_queries.list_proposals(actor, {}).items}
            counted = sum(c.number for c in pages_queries.count_by_state(actor, {}))
            assert listed == may_open and counted == len(may_open)


def test_the_leading_group_sees_no_private_data(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        call = open_call(cast)
        avoid = [avoiding(cast.reviewer2, "曾共事")]
        key = accepted_proposal(cast, call, avoided=avoid).key
        review_transitions.enter_review(call)
        review_transitions.leave_review(call)
        audit.record("test.review", call)
        db.session.commit()
    leading = text_of(client.as_(cast.leading).get(f"/proposals/{key}"))
    assert "园区缴费以现金为主。" in leading
    assert "010-10000000" not in leading and "评委乙" not in leading and "附件缺少" not in leading
    office = text_of(client.as_(cast.office).get(f"/proposals/{key}"))
    assert "010-10000000" in office and "评委乙（邮政西城分公司）：曾共事" in office


def test_my_list_says_what_comes_next_and_whose_turn_it_is(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        filled_draft(cast, call, title="草稿甲【演示】")
        submitted_proposal(cast, call, title="已交乙【演示】")
    text = text_of(client.as_(cast.applicant).get("/proposals"))
    assert "填写并提交" in text and "等待形式审查 实施办公室" in text
    one = text_of(client.as_(cast.applicant).get("/proposals?status=draft"))
    assert "草稿甲" in one and "已交乙" not in one
    assert "还没有申报书" in text_of(client.as_(cast.stranger).get("/proposals"))


def test_a_draft_from_after_the_deadline_cannot_be_started(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        key, end = call.key, call.closes_at
    assert end is not None
    applicant = client.as_(cast.applicant)
    applicant.get("/proposals")
    with clock.freeze(end):
        late = client.as_(cast.applicant)
        late.post(f"/proposals/new/{key}", status=409)

"""The page of the list that a call's formality checks go through."""

from __future__ import annotations

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import select

from lab.calls.models.call import Call
from lab.calls.rules import check_items
from lab.extensions import db
from lab.proposals.checklist_items import service as checklist_items
from lab.proposals.models.proposal import FormalityCheck
from tests.support.builders.calls import draft_call, open_call
from tests.support.builders.proposals import check, submitted_proposal
from tests.support.cast import Cast
from tests.support.client import PageClient, entered, text_of


def test_the_check_follows_the_calls_edited_list(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        key, proposal = call.key, submitted_proposal(cast, call).key
    office = client.as_(cast.office)
    removed = {f"remove_{n}": "1" for n in range(1, 8)}
    new = {"label_8": "已在本单位公示", "hint_8": "看公示页。", "place_8": "1", "place_0": "2"}
    office.submit(f"/checks/lists/{key}", {**removed, **new}, form=1)
    text = text_of(office.get(f"/checks/{proposal}"))
    assert text.index("已在本单位公示") < text.index("申报主体符合征集范围")
    assert "看公示页。" in text and "无知识产权争议" not in text
    assert "附件" in text  # what the portal knows stays in sight without its item
    office.submit(f"/checks/{proposal}", {"item1": "ok", "eligible": "ok", "outcome": "passed"})
    page = text_of(office.get(f"/checks/lists/{key}"))
    assert "清单不能再改" in page and "已在本单位公示" in page
    shown = text_of(office.get(f"/calls/{key}"))
    assert "审查清单" in shown
    version = {"version": "99", "label_0": "别的"}
    office.post(f"/checks/lists/{key}", version, status=409)


def test_one_item_more_is_entered_at_once(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = open_call(cast).key
    office, path = client.as_(cast.office), f"/checks/lists/{key}"
    assert entered(office.get(path).text) == []
    typed = {"items-rows": "1", "label_0": "已在本单位公示", "add": "items"}
    page = office.post(path, typed, status=200).text
    assert entered(page) == ["label_1"] and 'value="已在本单位公示"' in page


def test_a_used_list_is_fixed_and_old_checks_keep_their_text(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        proposal = submitted_proposal(cast, call)
        check(proposal, cast, "passed")
        key, version = call.key, db.session.merge(call).version
    answer = client.as_(cast.office).post(
        f"/checks/lists/{key}", {"version": str(version), "label_0": "别的"}, status=422
    )
    assert "清单不能再改" in text_of(answer)
    with app.app_context():
        kept = db.session.scalars(select(FormalityCheck.checklist)).one()
    assert [mark["label"] for mark in kept] == [item.label for item in check_items.DEFAULT]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({f"remove_{n}": "1" for n in range(8)}, "清单至少要有一项"),
        ({"label_1": "申报主体符合征集范围"}, "与第1项相同"),
        ({"hint_8": "只有说明"}, "请填写审查内容"),
        ({"label_8": "长" * 41}, "最多40个字符，现有41个"),
    ],
)
def test_an_unsound_list_is_shown_again_with_what_was_typed(
    client: PageClient, app: Flask, cast: Cast, changes: dict[str, str], words: str
) -> None:
    with app.app_context():
        key = draft_call(cast).key
    page = client.as_(cast.office).submit(f"/checks/lists/{key}", changes, status=422, form=1)
    assert words in text_of(page)
    for name, value in changes.items():
        assert name.startswith("remove") or value in page.text


def test_a_list_is_copied_from_an_earlier_call(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        earlier, later = draft_call(cast), draft_call(cast, batch=2, title="第二批")
        checklist_items.set_items(earlier, earlier.version, [check_items.Item("", "只看这一项")])
        db.session.commit()
        source, key = earlier.key, later.key
    office = client.as_(cast.office)
    office.submit(f"/checks/lists/{key}", {"source": source})
    assert "只看这一项" in office.get(f"/checks/lists/{key}").text
    office.submit(f"/checks/lists/{key}", {"source": "default"})
    assert "无知识产权争议" in office.get(f"/checks/lists/{key}").text


def test_items_stand_in_the_order_of_the_page(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = open_call(cast).key
    office, path = client.as_(cast.office), f"/checks/lists/{key}"
    page = lxml_html.fromstring(office.get(path).text)
    form = next(f for f in page.xpath("//main//form") if "items-rows" in f.fields)
    values = {name: text for name, text in form.form_values() if "__row__" not in name}
    first, second = values["label_0"], values["label_1"]
    answer = office.post(path, {**values, "label_7": "新的一项", "items-order": "1,7,0"})
    assert answer.status_code == 303
    with app.app_context():
        call = db.session.scalars(select(Call)).one()
        assert [item["label"] for item in call.check_items] == [second, "新的一项", first]

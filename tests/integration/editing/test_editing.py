"""Two people at one text: nobody's is lost, nobody's is overwritten unseen."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Flask
from lxml import html as lxml_html

from lab.calls.models.call import Call
from lab.extensions import db
from tests.support.builders.calls import draft_call
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of
from tests.support.concurrency import together

WRITERS = 32
ORIGIN = {"Origin": "http://localhost"}
SIDES = ("您的修改", "已保存的内容")


@dataclass
class Tab:
    """An open edit page: what its controls held when it was opened."""

    client: PageClient
    path: str
    values: dict[str, str]

    def save(self, status: int = 303, **typed: str) -> str:
        """Post the page as it stands with these changes; the text of the answer."""
        answer = self.client.http.post(self.path, data={**self.values, **typed}, headers=ORIGIN)
        assert answer.status_code == status, text_of(answer)[:400]
        return answer.text


def form_of(page: str) -> dict[str, str]:
    root = lxml_html.fromstring(page)
    form = next(f for f in root.xpath("//main//form") if f.xpath(".//input[@name='version']"))
    return {name: value for name, value in form.form_values() if isinstance(value, str)}


def open_tab(client: PageClient, path: str) -> Tab:
    return Tab(client, path, form_of(client.get(path).text))


def another_window(tab: Tab) -> Tab:
    """The same page, opened in the same browser."""
    cookie = tab.client.http.get_cookie("lab")
    assert cookie is not None
    client = PageClient(tab.client.app)
    client.http.set_cookie("lab", cookie.value)
    return Tab(client, tab.path, {**tab.values})


def a_draft(app: Flask, cast: Cast) -> str:
    with app.app_context():
        key = draft_call(cast).key
        db.session.remove()
    return key


def stored(app: Flask, key: str) -> Call:
    with app.app_context():
        call = db.session.query(Call).filter_by(key=key).one()
        db.session.remove()
    return call


def test_the_second_of_two_tabs_sees_both_texts_and_decides(
    both_app: Flask, both_client: PageClient, both_cast: Cast
) -> None:
    path = f"/calls/{(key := a_draft(both_app, both_cast))}/edit"
    first = open_tab(both_client.as_(both_cast.office), path)
    second = open_tab(both_client.as_(both_cast.office2), path)
    first.save(title="甲写的标题", notice_text="甲写的通知。")
    page = second.save(409, title="乙写的标题")
    root = lxml_html.fromstring(page)
    shown = {name: root.xpath("//main//td[@data-label=$name]", name=name) for name in SIDES}
    mine, theirs = ([cell.text_content().strip() for cell in cells] for cells in shown.values())
    assert "乙写的标题" in mine and "甲写的标题" not in mine
    assert {"甲写的标题", "甲写的通知。"} <= {*theirs} and "乙写的标题" not in theirs
    assert root.xpath("//main//a[@href=$back]", back=path), "the way back"
    assert stored(both_app, key).title == "甲写的标题", "nothing is overwritten unseen"
    again = Tab(second.client, path, form_of(page))
    assert again.values["title"] == "乙写的标题", "what was typed is still there"
    again.save()
    assert stored(both_app, key).title == "乙写的标题"


def test_a_third_change_during_the_decision_is_seen_too(
    both_app: Flask, both_client: PageClient, both_cast: Cast
) -> None:
    path = f"/calls/{a_draft(both_app, both_cast)}/edit"
    office, office2 = both_client.as_(both_cast.office), both_client.as_(both_cast.office2)
    mine = open_tab(office, path)
    open_tab(office2, path).save(title="第一次改动")
    deciding = Tab(office, path, form_of(mine.save(409, title="我的标题")))
    open_tab(office2, path).save(title="第二次改动")
    assert "第二次改动" in deciding.save(409)


def test_a_form_without_its_version_is_not_taken(
    client: PageClient, cast: Cast, app: Flask
) -> None:
    tab = open_tab(client.as_(cast.office), f"/calls/{(key := a_draft(app, cast))}/edit")
    before = stored(app, key)
    for version in ("", "nonsense", "-1"):
        tab.save(422, title="不该存下", version=version)
    assert stored(app, key).title == before.title


def add_one(tab: Tab, stored_now: Callable[[], Call], pause: random.Random) -> int:
    """Raise the number of places by one, as often again as others come first. Returns tries.

    What the page shows when it is opened again is read where the page reads it: that it does is
    what the tests above are about, and drawing it would be most of the work."""
    tries = 0
    while True:
        tries += 1
        tab.values["places"] = str(int(tab.values["places"]) + 1)
        answer = tab.client.http.post(tab.path, data=tab.values, headers=ORIGIN)
        if answer.status_code == 303:
            return tries
        assert answer.status_code == 409, (answer.status_code, text_of(answer)[:300])
        time.sleep(pause.random() * min(3.0, 0.5 * 2**tries))
        call = stored_now()
        tab.values |= {"version": str(call.version), "places": str(call.places)}


def test_thirty_two_writers_lose_no_update(
    both_app: Flask, both_client: PageClient, both_cast: Cast
) -> None:
    key = a_draft(both_app, both_cast)
    path, before = f"/calls/{key}/edit", stored(both_app, key)
    tabs = [open_tab(both_client.as_(who), path) for who in (both_cast.office, both_cast.office2)]
    writers = [another_window(tabs[n % 2]) for n in range(WRITERS)]

    def write(number: int) -> int:
        return add_one(writers[number], partial(stored, both_app, key), random.Random(number))

    tries = sum(together(WRITERS, write))
    after = stored(both_app, key)
    assert after.places == before.places + WRITERS
    assert after.version == before.version + WRITERS
    assert tries > WRITERS, "nobody ever met anybody: the test proves nothing"

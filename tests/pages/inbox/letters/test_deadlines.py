"""A letter that must go out today is first among the office's to-dos, and counted once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from lab import clock
from lab.extensions import db
from tests.support.builders.letters import drafted, sent
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

THURSDAY = datetime(2022, 7, 7, 10, tzinfo=clock.BEIJING)
TODO = re.compile(r'href="(/letters[^"]*)"[^>]*>\s*(发送(\d+)件[^<]*)<')


@pytest.fixture
def letters(both_app: Flask, both_cast: Cast) -> None:
    """Three drafts of Thursday, two of Friday, one that went out at once, one to a clerk."""
    for days, number in ((0, 3), (1, 2)):
        with both_app.app_context(), clock.freeze(THURSDAY + timedelta(days=days)):
            for n in range(number):
                drafted(both_cast, subject=f"第{days}日第{n}件")
    with both_app.app_context(), clock.freeze(THURSDAY):
        sent(both_cast)
        drafted(both_cast, both_cast.office, subject="给经办人本人的函")
        db.session.remove()


@pytest.mark.parametrize(
    ("days", "todos"),
    [
        (0, ["发送5件函件"]),
        (1, ["发送3件到期函件", "发送2件函件"]),
        (2, ["发送3件到期函件", "发送2件函件"]),  # on Saturday Friday's may wait until Monday
        (4, ["发送5件到期函件"]),
    ],
)
def test_each_letter_stands_in_one_task_and_in_its_list(
    both_client: PageClient, both_cast: Cast, letters: None, days: int, todos: list[str]
) -> None:
    with clock.freeze(THURSDAY + timedelta(days=days)):
        office = both_client.as_(both_cast.office)
        shown = TODO.findall(office.get("/").text)
        assert [task for _, task, _ in shown] == todos
        for address, _, number in shown:
            page = office.get(address.replace("&amp;", "&"))
            assert page.text.count('name="letter"') == int(number)
            assert f"待发送 {number}" in text_of(page)


def test_the_letter_that_is_due_is_the_first_task(
    both_client: PageClient, both_cast: Cast, letters: None
) -> None:
    with clock.freeze(THURSDAY + timedelta(days=1)):
        text = text_of(both_client.as_(both_cast.office).get("/"))
    first = text.index("发送3件到期函件")
    assert first < text.index("发送2件函件") and "2022年7月8日" in text[first:]


def test_sending_all_sends_what_the_list_is_narrowed_to(
    both_client: PageClient, both_cast: Cast, letters: None
) -> None:
    with clock.freeze(THURSDAY + timedelta(days=1)):
        office = both_client.as_(both_cast.office)
        listed = office.get("/letters?deadline=due").text
        everything = re.search(r'href="(/letters/send\?[^"]*)"', listed)
        assert everything
        office.submit(everything[1].replace("&amp;", "&"))
        assert [task for _, task, _ in TODO.findall(office.get("/").text)] == ["发送2件函件"]
        none_left = text_of(office.get("/letters?deadline=due"))
    assert "没有符合条件的函件" in none_left and "今日应发出或已逾期" in none_left

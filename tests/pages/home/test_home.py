"""The start page of each tier."""

from __future__ import annotations

import pytest
from flask import Flask

from lab.demo import data as demo_data
from lab.extensions import db
from lab.identity.models.account import Person
from lab.version import VERSION
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


def test_an_empty_portal_says_what_comes_next(client: PageClient, cast: Cast) -> None:
    page = text_of(client.as_(cast.applicant).get("/"))
    assert "没有待办事项" in page


def test_administrators_see_no_business(client: PageClient, cast: Cast) -> None:
    for who in (cast.system, cast.security, cast.audit):
        assert "管理员账号不参与业务" in text_of(client.as_(who).get("/"))


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("demo-member2", "确认联合申报"),
        ("demo-reviewer7", "评审3份申报书"),
        ("demo-office", "形式审查1份申报书"),
        ("demo-office", "3项指标"),
        ("demo-leader2", "3项指标"),
        ("demo-leading", "需要关注的项目"),
        ("demo-office2", "复核变更评委单位"),
        ("demo-security", "复核重置密码"),
    ],
)
def test_each_person_finds_what_waits_for_them(
    app: Flask, client: PageClient, who: str, words: str
) -> None:
    with app.app_context():
        demo_data.load()
        person_id = db.session.query(Person.id).filter_by(sign_in_name=who).scalar()
        db.session.rollback()
    assert words in text_of(client.as_(person_id).get("/"))


def test_pages_name_the_version_to_whoever_is_signed_in(client: PageClient, cast: Cast) -> None:
    assert VERSION not in text_of(client.get("/sign-in"))
    assert f"版本 {VERSION}" in text_of(client.as_(cast.applicant).get("/"))

"""The published record of the first batch: shown exactly, and altered by no page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import select

from lab.calls.models.call import Call
from lab.demo import facts
from lab.extensions import db
from lab.indicators.models import Entry
from lab.portfolio.charter import service as portfolio_editing
from lab.portfolio.charter.service import MemberInput
from lab.portfolio.models.history import ProjectState
from lab.portfolio.models.project import Project
from lab.rejected import Rejected
from lab.scenarios.models import Scenario
from tests.support.builders.projects import approved_figures, at
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

SHOWN = ("近20个", "立项12个", "已落地4个", "19,146个", "54个", "1户", "4户", "1家")
SCENES = ("丽泽SOHO", "丽泽天街", "丽泽天地", "晋商大厦")
# These move a project on: asked last, so that the other addresses are open while they are tried.
ACTS = re.compile(r"/(charter|start|trial|land|acceptance|accept|close|pause|resume|terminate)$")
TYPED = {"reason": "改写", "value": "5", "note": "改写", "confirm": "1", "version": "1"}


def publish_facts(cast: Cast) -> str:
    """The facts with a team for the project whose results were reported; its key."""
    facts.load()
    db.session.commit()
    project = db.session.scalars(select(Project).where(Project.outcome != "")).one()
    with at(2023, 1, 4):
        portfolio_editing.edit_team(
            project, project.version, MemberInput(cast.leader), [MemberInput(cast.member)]
        )
        db.session.commit()
    return project.key


def published() -> dict[str, Any]:
    """Every published value, read anew."""
    db.session.rollback()
    held: dict[str, Any] = {}
    for table in (Call, Project, Entry, Scenario):
        for row in db.session.scalars(select(table).where(table.source_label != "")):
            for name in table.published_columns:
                held[f"{table.__tablename__} {row.id} {name}"] = getattr(row, name)
    stated = select(ProjectState).where(ProjectState.origin == "published")
    for state in db.session.scalars(stated):
        held[f"state {state.id}"] = (state.project_id, state.status, state.valid_from)
    return held


def addresses(app: Flask, key: str) -> Iterator[str]:
    """Every address below the published project and its call that takes a POST."""
    project = db.session.scalars(select(Project).where(Project.key == key)).one()
    values = {
        "projects": key,
        "calls": project.call.key,
        "entry_key": db.session.scalars(select(Entry.key)).first(),
        "scenario_key": db.session.scalars(select(Scenario.key)).first(),
        "period": "2022-12",
    }
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    for rule in sorted(rules, key=lambda rule: (bool(ACTS.search(rule.rule)), rule.rule)):
        first = rule.rule.split("/")[1]
        if first not in values or "<key>" not in rule.rule:
            continue
        yield filled(rule.rule, {"key": values[first], **values})


def filled(rule: str, values: dict[str, Any]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values.get(part[1], "1")), rule)


def rewritten(client: PageClient, path: str) -> dict[str, Any]:
    """What the form of an address sends when every text and figure in it is typed over."""
    page = client.http.get(path)
    forms = []
    if page.status_code == 200 and page.text:
        root = lxml_html.fromstring(page.text, base_url=f"http://localhost{path}")
        forms = [f for f in root.xpath("//main//form") if f.method.upper() == "POST"]
    values: dict[str, Any] = dict(TYPED)
    for control in forms[0].xpath(".//input|.//textarea|.//select") if forms else ():
        name, kind = control.get("name"), control.get("type", control.tag)
        if not name or kind == "file":
            continue
        if kind == "select":
            options = [option.get("value") for option in control.xpath(".//option")]
            values[name] = next((value for value in options if value), "")
        elif kind in ("hidden", "checkbox", "radio"):
            values[name] = control.get("value", "1")
        elif control.get("inputmode") in ("numeric", "decimal"):
            values[name] = "2022-12-31" if "date" in control.get("data-picker", "") else "5"
        else:
            values[name] = "改写"
    return values


def test_no_address_alters_what_was_published(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        key = publish_facts(cast)
        before, paths = published(), list(addresses(app, key))
    assert len(before) > 100 and len(paths) > 30
    answered = set()
    with at(2023, 1, 9):
        for person in (cast.leader, cast.member, cast.office, cast.leading):
            browser = client.as_(person)
            for path in paths:
                body = {**rewritten(browser, path), "csrf_token": browser.token()}
                sent = browser.http.post(path, data=body, headers={"Origin": "http://localhost"})
                assert sent.status_code < 500, (path, sent.status_code, text_of(sent)[:300])
                answered.add(sent.status_code)
                with app.app_context():
                    assert published() == before, (path, person)
    assert 303 in answered  # what the portal may add was added


def test_the_page_of_lize_shows_the_report_and_nothing_else(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        key = publish_facts(cast)
    for person in (cast.leading, cast.office, cast.leader):
        page = text_of(client.as_(person).get(f"/projects/{key}"))
        assert [words for words in (*SHOWN, *SCENES) if words not in page] == []
        assert "预计每月100余万元" in page and "截至2022年12月31日" in page
        assert "公开报道：已落地（截至2022年12月31日）" in page.replace(" ", "")


def test_team_reports_are_shown_beside_published_figures(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        key = publish_facts(cast)
        project = db.session.scalars(select(Project).where(Project.key == key)).one()
        with at(2023, 2, 10):
            approved_figures(cast, project, date(2023, 1, 31), {"K01": 20000}, ticked=["K01"])
            with pytest.raises(Rejected, match="期末2022年11月30日早于本项目有记录的第一天"):
                approved_figures(cast, project, date(2022, 11, 30), {"K01": 10000})
            db.session.rollback()
    with at(2023, 2, 10):
        leading = client.as_(cast.leading)
        page = text_of(leading.get(f"/projects/{key}"))
        assert "来源：公开报道在丽泽金融商务区内 19,146个 2022年12月31日" in page
        assert "开立个人钱包数 20,000个 2023年1月31日" in page
        listed = text_of(leading.get(f"/projects/{key}/indicators?of=K01"))
        assert listed.count("开立个人钱包数来源：公开报道") == 1


def test_a_supplement_is_shown_dated_below_the_published_text(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        key = publish_facts(cast)
    office = client.as_(cast.office)
    with at(2023, 3, 1):
        form = text_of(office.get(f"/projects/{key}/texts"))
        assert "公开报道的内容不能修改" in form and "首创" in form
        office.submit(f"/projects/{key}/texts", {"outcome": "2023年又上线三个商户。"})
        page = text_of(office.get(f"/projects/{key}"))
    assert "首创" in page and "本系统补充（2023年3月1日，" in page
    assert page.index("首创") < page.index("2023年又上线三个商户。")


def test_a_published_state_is_shown_beside_the_later_one(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        publish_facts(cast)
        key = db.session.scalars(select(Project.key).where(Project.status == "running")).first()
    office = client.as_(cast.office)
    with at(2023, 3, 1):
        office.submit(f"/projects/{key}/land", {"reason": "现场验看。"})
        page = text_of(office.get(f"/projects/{key}")).replace(" ", "")
    assert "公开报道：实施中（截至2022年12月31日）" in page
    assert "本系统登记：已落地（2023年3月1日）" in page


@pytest.mark.parametrize("where", ["", "/scenarios", "/indicators"])
def test_no_button_offers_to_change_what_was_published(
    app: Flask, client: PageClient, cast: Cast, where: str
) -> None:
    with app.app_context():
        key = publish_facts(cast)
    page = client.as_(cast.leader).get(f"/projects/{key}{where}").text
    assert "编辑场景" not in page and "/correct/" not in page and "编辑材料" not in page

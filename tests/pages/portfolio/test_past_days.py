"""Pages as of an earlier day."""

from __future__ import annotations

from datetime import date

from flask import Flask

from lab.extensions import db
from lab.portfolio.status import service as portfolio
from lab.portfolio.status.service import EffectiveFrom
from lab.scenarios import service as scenarios
from tests.support.builders.projects import (
    SEPTEMBER,
    approved_figures,
    ask_correction,
    at,
    running_project,
    settle,
)
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

PAGES = ("/projects/", "/indicators", "/scenarios")


def test_pages_of_a_past_day_footnote_what_came_later(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        project = running_project(cast)
        name = project.name
        with at(2022, 10, 10):
            approved_figures(cast, project, SEPTEMBER, {"K01": 100, "K06": 6})
            scenario = scenarios.add_scenario(project, name="商场")
            merchant = scenarios.add_merchant(scenario, name="便民店")
            db.session.commit()
            scenarios.record_step(
                merchant, merchant.version, step="contact", on=SEPTEMBER, person_id=cast.member
            )
            portfolio.pause_project(
                project, "场地装修", EffectiveFrom(date(2022, 9, 20), "当时没有登记")
            )
            portfolio.resume_project(project)
            db.session.commit()
            settle(cast, project, [ask_correction(cast, project, "K01", SEPTEMBER, 90)])
    with at(2022, 10, 11):
        leading = client.as_(cast.leading)
        late = {path: text_of(leading.get(f"{path}?on=2022-09-30")) for path in PAGES}
        assert f"“{name}”在截止日之后补登记（2022年10月10日）：状态“暂停”" in late["/projects/"]
        corrected = f"“{name}”2022年9月“开立个人钱包数”数据于2022年10月10日更正（数据截止日之后）"
        assert corrected in late["/indicators"]
        step = f"“{name}”的“便民店”在截止日之后补登记（2022年10月10日）：触达意向（2022年9月30日）"
        assert step in late["/scenarios"]
        for path in PAGES:
            today = text_of(leading.get(path))
            assert "截止日之后" not in today
            future = text_of(leading.get(f"{path}?on=2022-10-12"))
            assert "截至日期不能晚于今天，现按今天列出。" in future

"""What a feature brings stands everywhere in the portal; what is there already is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask

from lab import audit
from lab.editing.presence import SHARED_FORMS, SharedForm
from lab.extensions import db
from lab.feature import (
    AuditLabels,
    DuplicateRegistration,
    Feature,
    JobKind,
    Link,
    MinuteTask,
    NavItem,
    Todo,
    TodoSource,
    bind,
)
from lab.feature.status import OK, StatusCheck, StatusLine
from lab.indicators.validation.checks import SIGNED_MERCHANTS
from lab.jobs import service as jobs
from lab.jobs.queue import run_lane
from lab.policy import OFFICE
from lab.portfolio.core.extension_points import PANELS, Panel
from lab.web.links import About, path_to
from lab.web.request.guards import guard
from tests.support.builders.projects import running_project
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


@pytest.fixture
def app(new_app: Flask) -> Flask:
    """One of its own: the test adds an address."""
    return new_app


@pytest.fixture
def ran(app: Flask, tmp_path: Path) -> Iterator[list[str]]:
    """What the job and the minute task of the feature did."""
    done: list[str] = []
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "visits_panel.html").write_text("<p>走访{{ panel.data }}次</p>", "utf-8")
    bp = Blueprint("visits", __name__, template_folder=str(templates))

    @bp.get("/visits")
    @guard("home.view")
    def index() -> str:
        return "走访台账"

    def run(arguments: Mapping[str, Any]) -> None:
        done.append(arguments["what"])

    def tick() -> None:
        done.append("minute")

    feature = Feature(
        "visits",
        blueprints=(bp,),
        navigation=(NavItem("协调督办", "走访", "visits.index", "home.view", 700),),
        links={"Visit": Link("visits.index", key="")},
        todos=(TodoSource(lambda _: [Todo("安排走访", "某支行", "/visits")], OFFICE, 900),),
        audit_labels=AuditLabels({"visit.add": "登记走访"}, {"Visit": "走访"}, {"shops": "店数"}),
        jobs=(JobKind("visits.remind", run, lambda *_: None),),
        every_minute=(MinuteTask(tick),),
        status_checks=(
            StatusCheck("visits", "走访", lambda: StatusLine("visits", "走访", OK, "")),
        ),
        extensions=(PANELS.extended_by(lambda *_: Panel("visits_panel.html", 3, 90)),),
    )
    bind(app, feature)
    yield done


def test_pages_show_what_a_feature_brings(
    app: Flask, cast: Cast, client: PageClient, ran: list[str]
) -> None:
    with app.app_context():
        project = running_project(cast).key
        audit.record("visit.add", object_type="Visit", object_key="v", detail={"shops": 2})
        db.session.commit()
    office = client.as_(cast.office)
    start = office.get("/")
    assert 'href="/visits"' in start.text and "安排走访" in text_of(start)
    assert office.http.get("/visits").text == "走访台账"
    assert "走访3次" in text_of(office.get(f"/projects/{project}"))
    assert "安排走访" not in text_of(client.as_(cast.applicant).get("/"))
    assert "登记走访 走访 v" in (log := text_of(client.as_(cast.audit).get("/audit")))
    assert "店数：2" in log
    assert client.http.get("/health").json["checks"]["visits"] == {"status": "ok"}


def test_workers_do_what_a_feature_brings(app: Flask, ran: list[str]) -> None:
    with app.app_context():
        jobs.enqueue("visits.remind", {"what": "reminded"})
        audit.record("visit.remind")
        db.session.commit()
        run_lane("work")
        assert path_to(About("Visit", "v")) == "/visits"
    assert ran == ["reminded", "minute"]


DUPLICATES = {
    "feature": Feature("proposals"),
    "navigation": Feature("test", navigation=(NavItem("", "", "proposals.index", "home.view", 1),)),
    "link": Feature("test", links={"Proposal": Link("proposals.index", key="")}),
    "job": Feature("test", jobs=(JobKind("report.render", print, print),)),
    "minute task": Feature("test", every_minute=(MinuteTask(jobs.run_due),) * 2),
    "status check": Feature(
        "test", status_checks=(StatusCheck("fonts", "", lambda: StatusLine("", "", OK, "")),)
    ),
    "audited action": Feature("test", audit_labels=AuditLabels({"call.open": "打开"})),
    "audited fact": Feature("test", audit_labels=AuditLabels(facts={"count": "个数"})),
    "template global": Feature("test", template_globals={"signed": str}),
    "form": Feature("test", extensions=(SHARED_FORMS.extended_by(SharedForm("calls.save")),)),
    "single answer": Feature("test", extensions=(SIGNED_MERCHANTS.extended_by(lambda *_: 0),)),
}


@pytest.mark.parametrize("what", DUPLICATES)
def test_what_is_there_already_is_refused(ctx: Flask, what: str) -> None:
    before = ctx.extensions["features"]
    with pytest.raises(DuplicateRegistration, match=r"registered by \w+ and by \w+"):
        bind(ctx, DUPLICATES[what])
    assert ctx.extensions["features"] is before

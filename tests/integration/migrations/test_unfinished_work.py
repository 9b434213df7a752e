"""What was begun before an update is finished, named and opened after it.

tests/landed/unfinished-*.json.gz holds one of everything as a version had stored it, with the jobs
that no worker had taken yet, the audit log and the notices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from lxml.html import document_fromstring
from sqlalchemy import select

from lab.audit import labels
from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.files.rules.lifecycle import RenderStatus
from lab.filesystem import ROOT
from lab.inbox.models.notices import Notice
from lab.jobs.models import Job, JobState
from lab.jobs.service import run_due
from lab.reports.models import Paper, Report
from tests.conftest import settings_for
from tests.support.builders.letters import set_mail
from tests.support.client import PageClient
from tests.support.databases.app_pool import PooledApp
from tests.support.databases.landed import install, read
from tests.support.databases.postgres import Postgres
from tests.support.servers.mail_server import mail_server

POSTGRES = pytest.mark.postgres
UPDATED = "updated_lab"
LANDED = sorted((ROOT / "tests" / "landed").glob("unfinished-*.json.gz"))
KINDS = {
    *("account.mail", "letter.mail"),
    *("file.preview", "paper.render", "report.render"),
    *("proposal.check_sheet", "similar.compare"),
}
# A letter, and what its account tells a person; a link nobody had asked for is not sent.
MAILED = ["demo@example.cn", "former@example.cn", *["stranger@example.cn"] * 3]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=POSTGRES)])
def database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes an empty database and says where: each kind in turn."""
    if request.param == "sqlite":
        return lambda: ""
    server: Postgres = request.getfixturevalue("postgres")

    def make() -> str:
        server.drop_database(UPDATED)
        return server.create_database(UPDATED)

    return make


@pytest.fixture(scope="module", params=LANDED, ids=lambda path: path.name.partition(".")[0])
def updated(
    request: pytest.FixtureRequest,
    database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The app on the database of before, brought up to date once: the tests ask for what was
    stored before, and none minds what another adds."""
    path: Path = request.param
    place = settings_for(tmp_path_factory.mktemp("updated") / "instance", database())
    with PooledApp(place).checkout(lambda _folder: None) as app:
        with app.app_context():
            install(read(path))
            upgrade()
            db.session.remove()
        yield app


def _queued(model: type[Paper] | type[Report]) -> Sequence[Paper | Report]:
    return db.session.scalars(select(model).where(model.status == RenderStatus.QUEUED)).all()


def test_jobs_queued_before_an_update_are_finished(updated: Flask) -> None:
    with updated.app_context():
        waiting = {job.id: job.kind for job in db.session.scalars(select(Job))}
        ordered = {(model, row.id) for model in (Paper, Report) for row in _queued(model)}
        assert set(waiting.values()) == KINDS
        db.session.remove()
        with mail_server() as (post, port):
            set_mail(updated, port)
            while run_due():
                pass
        ended = db.session.execute(
            select(Job.kind, Job.state, Job.failure).where(Job.id.in_(waiting))
        )
        assert {tuple(row) for row in ended} == {(kind, JobState.DONE, "") for kind in KINDS}
        assert {db.session.get_one(model, key).status for model, key in ordered} == {"ready"}
        assert sorted(address for mail in post.taken for address in mail.rcpt_tos) == MAILED


def test_acts_noted_before_an_update_keep_their_names(updated: Flask) -> None:
    with updated.app_context():
        events = db.session.scalars(select(AuditEvent)).all()
        assert len({event.action for event in events}) > 40
        for event in events:
            assert labels.action_label(event.action) != event.action
            assert (
                not event.object_type or labels.object_label(event.object_type) != event.object_type
            )
            facts = event.detail.parsed()
            assert bool(labels.format_facts(facts)) == bool(facts)


def test_notices_sent_before_an_update_open_their_pages(updated: Flask) -> None:
    with updated.app_context():
        notices = [(row.person_id, row.text) for row in db.session.scalars(select(Notice))]
    assert len(notices) > 40
    for person_id in sorted({person_id for person_id, _ in notices}):
        client = PageClient(updated).as_(person_id)
        page = document_fromstring(client.get("/inbox").text)
        links = {link.text_content(): link.get("href") for link in page.iter("a")}
        for path in {links[text] for owner, text in notices if owner == person_id}:
            assert client.http.get(path or "").status_code == 200, path

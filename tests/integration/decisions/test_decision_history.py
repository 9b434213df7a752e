"""What the leading group said stays when a later act follows."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from lab.decisions.models import Decision
from lab.decisions.pages import service as pages_service
from lab.decisions.pages.queries_history import LOST_NOTE, actions_of
from lab.extensions import db
from lab.filesystem import ROOT
from tests.integration.decisions.test_decisions_service import kept
from tests.support.builders.reviews import submitted_decision
from tests.support.cast import Cast, person

REFUSAL = "请补充银行侧项目。"


def refused_then_approved(cast: Cast) -> Decision:
    decision, _ = submitted_decision(cast)
    leading, office = person(cast.leading), person(cast.office)
    pages_service.send_back(decision, leading, REFUSAL)
    db.session.commit()
    assert pages_service.submit(decision, decision.version, kept(decision), "", office) == []
    db.session.commit()
    pages_service.approve(decision, leading, "同意。")
    db.session.commit()
    return decision


def test_a_refusal_and_its_reason_stay_after_the_approval(both_ctx: Flask, both_cast: Cast) -> None:
    decision = refused_then_approved(both_cast)
    told = [(act.label, act.reason, act.by) for act in actions_of(decision.id)]
    office, leading = person(both_cast.office).name, person(both_cast.leading).name
    assert told == [
        ("提请审定", "", office),
        ("退回重议", REFUSAL, leading),
        ("提请审定", "", office),
        ("审定同意", "同意。", leading),
    ]
    pages_service.publish(decision, person(both_cast.office))
    db.session.commit()
    assert actions_of(decision.id)[-1].by == office


def test_the_migration_says_what_the_log_no_longer_knows(both_ctx: Flask, both_cast: Cast) -> None:
    decision = refused_then_approved(both_cast)
    decision_id = decision.id
    db.session.remove()
    downgrade(revision=before_the_acts())
    upgrade()
    told = [(act.label, act.reason) for act in actions_of(decision_id)]
    assert told == [
        ("提请审定", ""),
        ("退回重议", LOST_NOTE),
        ("提请审定", ""),
        ("审定同意", "同意。"),
    ]


def before_the_acts() -> str:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    for script in ScriptDirectory.from_config(config).walk_revisions():
        if script.path.endswith("_decision_acts.py"):
            return str(script.down_revision)
    raise AssertionError("no migration of the acts")

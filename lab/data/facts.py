"""Loads the public facts of the first batch: only what was published, each with its source."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lab import audit
from lab.calls.models import Call, Criterion
from lab.extensions import db
from lab.identity.models import Unit
from lab.indicators.models import Entry
from lab.portfolio.models import Project
from lab.scenarios.models import Scenario

FILE = Path(__file__).with_name("first_batch_2022.json")


def read() -> dict[str, Any]:
    """The facts as data."""
    facts: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return facts


def load() -> bool:
    """Store the facts; False when they are there already. Commits nothing itself."""
    facts = read()
    if find_call(facts) is not None:
        return False
    label = facts["source_label"]
    for founder in facts["lab"]["founders"]:
        _unit(founder, label)
    call = _call(facts, label)
    for row in facts["projects"]:
        _project(row, call, facts, label)
    audit.record("data.load_facts", call, detail={"projects": len(facts["projects"])})
    return True


def find_call(facts: dict[str, Any]) -> Call | None:
    """The stored first call, if loaded."""
    return db.session.scalar(
        select(Call).where(Call.year == facts["call"]["year"], Call.batch == facts["call"]["batch"])
    )


def _unit(founder: dict[str, str], label: str) -> None:
    known = db.session.scalar(select(Unit).where(Unit.name == founder["name"]))
    if known is None:
        db.session.add(Unit(name=founder["name"], side=founder["side"], source_label=label))


def _call(facts: dict[str, Any], label: str) -> Call:
    stated = facts["call"]
    year, month = stated["month"].split("-")
    call = Call(
        year=stated["year"],
        batch=stated["batch"],
        title=stated["title"],
        notice_text=f"《{stated['notice_title']}》（通知全文未载明）",
        places=stated["approved"],
        approved_stated=stated["approved"],
        received_text=stated["received_text"],
        month_text=f"{year}年{int(month)}月",
        source_label=label,
        criteria=[
            Criterion(key=row["key"], name=row["name"], position=at, weight=0)
            for at, row in enumerate(stated["criteria"])
        ],
    )
    call.restore("announced")
    db.session.add(call)
    db.session.flush()
    return call


def _project(row: dict[str, str], call: Call, facts: dict[str, Any], label: str) -> None:
    project = Project(
        call_id=call.id,
        name=row["name"],
        short_name=row["short_name"],
        scenario_type=row["scenario_type"],
        source_label=label,
        status_as_of=date.fromisoformat(facts["as_of"]),
    )
    project.restore(row["status"])
    db.session.add(project)
    db.session.flush()
    if row["short_name"] == facts["results"]["project"]:
        _results(project, facts, label)


def _results(project: Project, facts: dict[str, Any], label: str) -> None:
    results = facts["results"]
    product = results["product"]
    project.outcome = (
        f"首创“{product['mode']}”数字人民币应用新模式，"
        f"“{product['name']}”在{product['released_at']}发布。"
    )
    for value in results["values"]:
        entry = Entry(
            project_id=project.id,
            indicator=value["indicator"],
            period_end=date.fromisoformat(facts["as_of"]),
            value=None if value["value"] is None else Decimal(value["value"]),
            value_text=value.get("text", ""),
            forecast=value.get("forecast", False),
            note=value["scope"],
            source_label=label,
        )
        entry.restore("approved")
        db.session.add(entry)
    for name in results["scenarios"]:
        db.session.add(
            Scenario(project_id=project.id, name=name, is_benchmark=True, source_label=label)
        )

"""Load the published facts of the first batch: only what was published, each with its source."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lab import audit
from lab.calls.models.call import Call, Criterion
from lab.calls.rules.lifecycle import CallStatus
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.indicators.approval.service_public_figures import enter_public_figure
from lab.portfolio.charter.service_creation import enter_public_project
from lab.portfolio.models.project import Project
from lab.scenarios.service import add_scenario

FILE = Path(__file__).with_name("first_batch_2022.json")


def read() -> dict[str, Any]:
    """Return the facts as data."""
    facts: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return facts


def load() -> bool:
    """Store the facts; return False when they exist already. Does not commit."""
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
    """Return the stored first call, None when not loaded."""
    return db.session.scalar(
        select(Call).where(Call.year == facts["call"]["year"], Call.batch == facts["call"]["batch"])
    )


def _unit(founder: dict[str, str], label: str) -> None:
    existing = db.session.scalar(select(Unit).where(Unit.name == founder["name"]))
    if existing is None:
        db.session.add(Unit(name=founder["name"], side=founder["side"], source_label=label))


def _call(facts: dict[str, Any], label: str) -> Call:
    published_values = facts["call"]
    year, month = published_values["month"].split("-")
    call = Call(
        year=published_values["year"],
        batch=published_values["batch"],
        title=published_values["title"],
        notice_text=f"《{published_values['notice_title']}》（通知全文未载明）",
        places=published_values["approved"],
        approved_stated=published_values["approved"],
        received_text=published_values["received_text"],
        month_text=f"{year}年{int(month)}月",
        source_label=label,
        criteria=[
            Criterion(key=row["key"], name=row["name"], position=at, weight=0)
            for at, row in enumerate(published_values["criteria"])
        ],
    )
    call.restore(CallStatus.ANNOUNCED)
    db.session.add(call)
    db.session.flush()
    return call


def _project(row: dict[str, str], call: Call, facts: dict[str, Any], label: str) -> None:
    results = facts["results"]
    is_reported = row["short_name"] == results["project"]
    project = enter_public_project(
        call,
        name=row["name"],
        short_name=row["short_name"],
        status=row["status"],
        status_as_of=date.fromisoformat(facts["as_of"]),
        source_label=label,
        scenario_type=row["scenario_type"],
        outcome=_outcome(results["product"]) if is_reported else "",
    )
    if is_reported:
        _results(project, facts, label)


def _outcome(product: dict[str, str]) -> str:
    return (
        f"首创“{product['mode']}”数字人民币应用新模式，"
        f"“{product['name']}”在{product['released_at']}发布。"
    )


def _results(project: Project, facts: dict[str, Any], label: str) -> None:
    for value in facts["results"]["values"]:
        enter_public_figure(
            project,
            value["indicator"],
            date.fromisoformat(facts["as_of"]),
            source_label=label,
            value=None if value["value"] is None else Decimal(value["value"]),
            value_text=value.get("text", ""),
            forecast=value.get("forecast", False),
            note=value["scope"],
        )
    for name in facts["results"]["scenarios"]:
        add_scenario(project, name=name, is_benchmark=True, source_label=label)

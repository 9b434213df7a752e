"""Queries of the report centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from lab.calls.models.call import Call
from lab.extensions import db
from lab.files.documents.read_model import ShownDocument
from lab.files.documents.storage import DamageFinder, shown_state
from lab.files.storing import storage
from lab.identity.models.account import Person
from lab.policy import Actor
from lab.portfolio.access import withheld_condition
from lab.portfolio.models.project import Project
from lab.proposals.models.proposal import Proposal
from lab.rejected import Rejected
from lab.reports.content.wording import ALL_BATCHES
from lab.reports.leading.access import readable_by
from lab.reports.models import Report
from lab.reports.rules.lifecycle import REPORT


@dataclass(frozen=True)
class ReportRow(ShownDocument):
    """One report in the list and on its page.

    Hashes are 64 hex digits; size in bytes; `damage`: what is wrong with a ready file.
    """

    key: str
    number: str
    title: str
    cutoff: date
    scope: str
    state: str
    label: str
    tone: str
    made_by: str
    made_at: datetime
    data_hash: str
    file_hash: str | None
    file_size: int | None
    has_demo: bool
    failure: str
    superseded_by: str | None
    damage: str


def reject_withheld(actor: Actor, call_id: int | None) -> None:
    """Raise Rejected while a report of this scope would cover such a project."""
    query = select(Project.id).where(withheld_condition(actor))
    if call_id is not None:
        query = query.where(Project.call_id == call_id)
    if db.session.scalar(query.limit(1)):
        raise Rejected("所选批次有您参与的申报，结果公布后才能生成含该批次的报告。", "call")


def list_query() -> Select[*tuple[Any, ...]]:
    """Return the query of the list; the newest report comes first."""
    newer = aliased(Report)
    superseding = (
        select(newer.number)
        .where(newer.supersedes_id == Report.id)
        .limit(1)
        .correlate(Report)
        .scalar_subquery()
    )
    return (
        select(
            Report.id,
            Report.key,
            Report.number,
            Report.title,
            Report.cutoff,
            func.coalesce(Call.title, ALL_BATCHES).label("scope"),
            Report.status,
            Person.name.label("made_by"),
            Report.made_at,
            Report.data_hash,
            Report.file_name,
            Report.file_hash,
            Report.file_size,
            Report.has_demo,
            Report.failure,
            superseding.label("superseded_by"),
        )
        .join(Person, Person.id == Report.made_by_id)
        .outerjoin(Call, Call.id == Report.call_id)
    )


def scope_choices() -> list[tuple[str, str]]:
    """Return (id, title) of the batches with proposals or projects, newest first."""
    rows = db.session.execute(
        select(Call.id, Call.title)
        .where(
            Call.id.in_(select(Project.call_id))
            | Call.id.in_(select(Proposal.call_id).where(Proposal.number.is_not(None)))
        )
        .order_by(Call.year.desc(), Call.batch.desc())
    )
    return [(str(row.id), row.title) for row in rows]


def list_row(row: Any) -> ReportRow:
    """Return a read model for a list of many, with the cached file check."""
    return report_row_from(row, storage.find_damage_cached)


def report_row_from(row: Any, check: DamageFinder = storage.find_damage) -> ReportRow:
    """Return a row of `list_query` as a read model."""
    values = dict(row._mapping)
    values.pop("id"), values.pop("file_name")
    state, damage = shown_state(REPORT, values.pop("status"), row, check)
    return ReportRow(state=state.code, label=state.label, tone=state.tone, damage=damage, **values)


def report_row(report_id: int) -> ReportRow:
    """Return one report. Raises NoResultFound when there is none."""
    return report_row_from(db.session.execute(list_query().where(Report.id == report_id)).one())


def find_by_hash(actor: Actor, code: str) -> list[ReportRow]:
    """Return the readable reports whose data or file hash begins with this code.

    At least 8 hex digits.
    """
    code = code.strip().lower()
    if len(code) < 8 or any(c not in "0123456789abcdef" for c in code):
        return []
    has_code = Report.data_hash.startswith(code) | Report.file_hash.startswith(code)
    rows = db.session.execute(
        list_query().where(has_code, readable_by(actor)).order_by(Report.id.desc()).limit(5)
    )
    return [list_row(row) for row in rows]

"""A proposal list as rows of cells, read in batches: memory does not grow with the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, not_, select
from sqlalchemy.orm import Session

from lab.calls.models.call import Call
from lab.catalogue.indicators import INDICATORS
from lab.catalogue.projects import PROJECT_TYPES, SCENARIO_TYPES
from lab.db import reading
from lab.extensions import db
from lab.identity.models.account import SIDE_LABELS, Person, Unit
from lab.policy import Actor
from lab.proposals.bulk_import.workbook.columns import (
    PEOPLE,
    by_field,
    make_forms,
    workbook_cells,
)
from lab.proposals.bulk_import.workbook.lookups import person_label
from lab.proposals.core.visibility.relations import is_participant, is_writer
from lab.proposals.core.visibility.titles import reads_submitted, submitted_contents
from lab.proposals.export import submitted
from lab.proposals.export.columns import OFFICE_COLUMNS
from lab.proposals.models.imports import ImportedProposal
from lab.proposals.models.proposal import Proposal
from lab.proposals.pages.queries_conditions import list_conditions
from lab.proposals.rules.bulk_import.parsing import join_parts
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.proposals.writing.content_writer import ROWS
from lab.web.spreadsheets.cells import Cell

BATCH = 500
LABELS: Mapping[str, Mapping[str, str]] = {
    "status": {state.code: state.label for state in PROPOSAL.states},
    "side": SIDE_LABELS,
    "project_type": PROJECT_TYPES,
    "scenario_type": SCENARIO_TYPES,
}


def export_count(actor: Actor, args: Mapping[str, str], *, drafts: bool) -> int:
    """Return how many proposals the export would contain."""
    conditions = and_(*list_conditions(actor, args, drafts=drafts, whole=True))
    counted = select(func.count()).select_from(Proposal).join(Call).where(conditions)
    return db.session.scalar(counted) or 0


def export_rows(
    actor: Actor, args: Mapping[str, str], fields: Sequence[str], *, drafts: bool
) -> Iterator[list[Cell]]:
    """Iterate over the filtered list's rows in its order, with these columns.

    Reads in a transaction of its own; the number of queries grows only with the batches.
    """
    with reading() as session:
        cells = _Cells(session, fields)
        result = session.execute(_statement(actor, args, fields, drafts=drafts))
        for batch in result.partitions(BATCH):
            yield from cells.rows(batch)


def _statement(
    actor: Actor, args: Mapping[str, str], fields: Sequence[str], *, drafts: bool
) -> Any:
    plain = [getattr(Proposal, f) for f in fields if f not in ROWS and f != "received_on"]
    return (
        select(
            *(Proposal.id, ImportedProposal.received_on, Proposal.status.label("state")),
            is_participant(actor).label("own"),
            and_(is_participant(actor), not_(is_writer(actor))).label("partner"),
            *plain,
        )
        .join(Call, Call.id == Proposal.call_id)
        .outerjoin(ImportedProposal, ImportedProposal.proposal_id == Proposal.id)
        .where(and_(*list_conditions(actor, args, drafts=drafts, whole=True)))
        .order_by(Proposal.saved_at.desc(), Proposal.id.desc())
        .execution_options(yield_per=BATCH)
    )


class _Cells:
    """Turn database rows into cells."""

    def __init__(self, session: Session, fields: Sequence[str]) -> None:
        self.session, self.fields = session, fields
        self.lines = [name for name in fields if name in ROWS]
        form_objects = make_forms()
        self.parts = {
            name: workbook_cells(form_objects[by_field()[name].form][name]) for name in self.lines
        }
        people = session.execute(
            select(Person.id, Person.name, Unit.name).outerjoin(Unit, Unit.id == Person.unit_id)
        )
        self.people = {row[0]: person_label(row[1], row[2] or "") for row in people}
        units = _by_id(session, Unit.id, Unit.name)
        self.names: dict[str, Mapping[Any, str]] = {
            **LABELS,
            **dict.fromkeys(PEOPLE, self.people),
            "unit_id": units,
            "joint_unit_id": units,
            "call_id": _by_id(session, Call.id, Call.title),
            "targets.indicator": {code: item.name for code, item in INDICATORS.items()},
        }

    def rows(self, batch: Sequence[Any]) -> Iterator[list[Cell]]:
        """Iterate over the cells of each row."""
        ids = [row.id for row in batch]
        lines = {name: self._lines(name, ids) for name in self.lines}
        texts: dict[int, dict[str, Any]] = {}
        hidden = [row.id for row in batch if reads_submitted(row.state, own=bool(row.own))]
        for number, version in submitted_contents(hidden, self.session).items():
            texts[number] = submitted.submitted_values(version.shown, version.private)
            rows_by_name = submitted.submitted_rows(version.shown, version.private)
            for name in self.lines:
                lines[name][number] = [self._line(name, row) for row in rows_by_name[name]]
        for row in batch:
            row_texts = texts.get(row.id, {})
            hidden_columns = OFFICE_COLUMNS if row.partner else frozenset[str]()
            yield [
                ""
                if name in hidden_columns
                else "\n".join(lines[name].get(row.id, ()))
                if name in lines
                else self._value_text(name, row_texts[name])
                if name in row_texts
                else self._cell(name, getattr(row, name))
                for name in self.fields
            ]

    def _value_text(self, name: str, value: Any) -> Cell:
        return _yuan(value) if name == "budget_fen" else value

    def _line(self, name: str, row: Mapping[str, Any]) -> str:
        return join_parts(
            str(row[cell.short_name])
            if cell.short_name == "person_id"
            else self._part(name, cell, row[cell.short_name])
            for cell in self.parts[name]
            if cell.short_name in row  # the unit of a member stands beside the name
        )

    def _cell(self, name: str, value: Any) -> Cell:
        if name in self.names:
            return self.names[name].get(value, "")
        return self._value_text(name, value)

    def _lines(self, name: str, ids: Sequence[int]) -> dict[int, list[str]]:
        """Return the rows inside each proposal, formatted as in the office's workbook."""
        table, lines_by_proposal = ROWS[name][0], dict[int, list[str]]()
        columns = [getattr(table, cell.short_name) for cell in self.parts[name]]
        named = [table.name] if name == "people" else []  # members without an account
        order = getattr(table, "position", table.id)
        stored = select(table.proposal_id, *columns, *named).where(table.proposal_id.in_(ids))
        for row in self.session.execute(stored.order_by(table.proposal_id, order)):
            cells = zip(self.parts[name], row[1:], strict=False)
            parts = [self._part(name, cell, value) for cell, value in cells]
            if named and row.person_id is None:
                parts[0] = row.name
            if name == "avoided":  # as people are written elsewhere: 赵六（东城支行）
                parts = [person_label(row.name, row.unit), row.reason]
            lines_by_proposal.setdefault(row[0], []).append(join_parts(parts))
        return lines_by_proposal

    def _part(self, name: str, cell: Any, value: Any) -> str:
        names = self.names.get(f"{name}.{cell.short_name}")
        if names is not None:
            return names.get(value, "")
        return "" if value is None else str(cell.cell_text(value))


def _by_id(session: Session, number: Any, name: Any) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(select(number, name))}


def _yuan(fen: int | None) -> Decimal | None:
    """Convert the budget to 元."""
    return None if fen is None else Decimal(fen) / 100

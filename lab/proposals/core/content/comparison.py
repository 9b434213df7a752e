"""Compare two versions of a proposal, field by field, for people to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from lab.canonical import JsonString, canonical_json
from lab.clock import cn_date
from lab.extensions import db
from lab.proposals.core.content import content
from lab.proposals.core.content.reader import Content, Member, read
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.rules.form.description import Field, Kind
from lab.proposals.rules.form.schema import (
    LABELS,
    PARTNER_OPINION,
    PRIVATE_TEXTS,
    ROW_HEADINGS,
    SHOWN_TEXTS,
    STEP_OF,
    TOTAL_LABEL,
)
from lab.text_diff import SAME, Piece, RowChange, diff_rows, diff_text, diff_value
from lab.web.filters import number, yuan_exact

_VALUES = ("unit", "joint_unit", "side", "project_type", "scenario_type")
_VALUE_LABELS = {
    "unit": LABELS["unit_id"],
    "joint_unit": LABELS["joint_unit_id"],
    "side": "所属方",
    "leader": LABELS["leader_id"],
    "period": "计划起止",
}
_TABLES = {
    **{
        name: tuple(ROW_HEADINGS[name].values())
        for name in ("people", "milestones", "targets", "budget")
    },
    "files": ("附件", "内容指纹"),
}
# Labels that are no field's own stand where the field does that they hang on.
_BESIDE = {
    "所属方": LABELS["joint_unit_id"],
    "计划起止": LABELS["starts_on"],
    PARTNER_OPINION: LABELS["unit_opinion"],
}
_ORDER = tuple(LABELS.values())
_STEP_OF_LABEL = {label: STEP_OF[name] for name, label in LABELS.items()}


@dataclass(frozen=True)
class FieldChange:
    """One changed field: its text as pieces, or its rows with column headings."""

    label: str
    pieces: tuple[Piece, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[RowChange, ...] = ()


def changes_between(before: Content, after: Content) -> tuple[FieldChange, ...]:
    """Return every changed field, in form order; empty when nothing differs."""
    changes = [*_values(before, after), *_texts(before, after), *_tables(before, after)]
    return tuple(sorted(changes, key=_form_position))


def _form_position(change: FieldChange) -> int:
    return _ORDER.index(_BESIDE.get(change.label, change.label))


def _values(before: Content, after: Content) -> Iterator[FieldChange]:
    old, new = _short(before), _short(after)
    for name, value in new.items():
        if old[name] != value:
            label = _VALUE_LABELS.get(name) or LABELS[name]
            yield FieldChange(label, diff_value(old[name], value))


def _short(content: Content) -> dict[str, str]:
    leader = content.leader
    return {
        **{name: getattr(content, name) or "" for name in _VALUES},
        "period": "至".join(cn_date(day) for day in (content.starts_on, content.ends_on) if day),
        "leader": "，".join(filter(None, _member(leader))) if leader else "",
        "smart_contract": "使用" if content.smart_contract else "不使用",
    }


def _member(person: Member) -> tuple[str, str, str]:
    return person.name, person.unit, person.duty


def _texts(before: Content, after: Content) -> Iterator[FieldChange]:
    yield from _typed(SHOWN_TEXTS, before.texts, after.texts)
    opinion_before, opinion_after = (
        side.partner.opinion if side.partner else "" for side in (before, after)
    )
    if opinion_before != opinion_after:
        yield FieldChange(PARTNER_OPINION, diff_text(opinion_before, opinion_after))


def _typed(
    fields: Iterable[Field], before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[FieldChange]:
    """A line as two values, a longer text with its pieces; a field not there yet was blank."""
    for field in fields:
        old, new = before.get(field.key, ""), after.get(field.key, "")
        if old != new:
            pieces = diff_value if field.kind is Kind.LINE else diff_text
            yield FieldChange(field.label, pieces(old, new))


def _tables(before: Content, after: Content) -> Iterator[FieldChange]:
    old, new = _rows(before), _rows(after)
    for name, heads in _TABLES.items():
        rows = diff_rows(old[name], new[name])
        if any(row.kind != SAME for row in rows):
            yield FieldChange(LABELS[name], heads=heads, rows=rows)


def _rows(content: Content) -> dict[str, list[tuple[str, ...]]]:
    return {
        "people": [_member(person) for person in content.people],
        "milestones": [(row.name, cn_date(row.due_on)) for row in content.milestones],
        "targets": [
            (f"{row.name}（{row.unit}）", number(row.base), number(row.target), cn_date(row.due_on))
            for row in content.targets
        ],
        "budget": _budget(content),
        "files": [(file.name, file.sha256[:8]) for file in content.files],
    }


def _budget(content: Content) -> list[tuple[str, ...]]:
    """Return the budget row by row; a budget known only as a sum is one row."""
    if not content.budget and content.budget_fen is not None:
        return [(TOTAL_LABEL, yuan_exact(content.budget_fen), "")]
    return [(row.item, yuan_exact(row.amount_fen), row.note) for row in content.budget]


def private_changes_between(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[FieldChange, ...]:
    """Compare the part that reviewers never see: phone, reviewers to avoid."""
    changes = [*_typed(PRIVATE_TEXTS, before, after)]
    units = {row["name"]: row.get("unit", "") for row in after.get("avoided", ())}
    rows = diff_rows(_avoided(before, units), _avoided(after, units))
    if any(row.kind != SAME for row in rows):
        changes.append(
            FieldChange(LABELS["avoided"], heads=tuple(ROW_HEADINGS["avoided"].values()), rows=rows)
        )
    return tuple(changes)


def _avoided(private: Mapping[str, Any], units: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the rows; a version from before units were typed is no change of the unit."""
    return [
        (row["name"], row["unit"] if "unit" in row else units.get(row["name"], ""), row["reason"])
        for row in private.get("avoided", ())
    ]


def changes_since_submission(proposal: Proposal) -> tuple[FieldChange, ...] | None:
    """Return what its own people changed since they last submitted; None before they did.

    The partner unit's opinion is its own, not a change of theirs.
    """
    last = db.session.execute(
        select(ProposalVersion.content, ProposalVersion.private)
        .where(ProposalVersion.proposal_id == proposal.id)
        .order_by(ProposalVersion.number.desc())
        .limit(1)
    ).first()
    if last is None:
        return None
    submitted = replace(read(last.content.parsed()), partner=None)
    now = replace(content.current_content(proposal), partner=None)
    private = canonical_json(content.private_content(proposal)).parsed()
    return (
        *changes_between(submitted, now),
        *private_changes_between(last.private.parsed(), private),
    )


def changed_steps(changes: Iterable[FieldChange]) -> frozenset[str]:
    """Return the slugs of the form's steps in which these changes were made."""
    return frozenset(_STEP_OF_LABEL[_BESIDE.get(one.label, one.label)].slug for one in changes)


def changes_in_version(proposal_id: int, version: int) -> tuple[FieldChange, ...] | None:
    """Return what a submitted version changed against the one before; None for the first.

    Reads only what reviewers see of either.
    """
    rows = db.session.scalars(
        select(ProposalVersion.content)
        .where(
            ProposalVersion.proposal_id == proposal_id,
            ProposalVersion.number.in_((version - 1, version)),
        )
        .order_by(ProposalVersion.number)
    ).all()
    return _compared(rows)


def _compared(texts: Sequence[JsonString]) -> tuple[FieldChange, ...] | None:
    if len(texts) < 2:
        return None
    before, after = (read(text.parsed()) for text in texts)
    return changes_between(before, after)

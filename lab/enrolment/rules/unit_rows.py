"""Check rows of units against those that are there and against each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lab.enrolment.rules.columns import UNIT_COLUMNS
from lab.enrolment.rules.rows import CheckedRow, clean_rows, reject_twins
from lab.identity.rules.sides import SIDE_NAMES
from lab.importing.rules.names import name_key
from lab.importing.rules.worksheets import ParsedTable

_SIDE_BY_NAME = {
    name_key(name): side
    for side, label in SIDE_NAMES.items()
    for name in (label, f"{label}方", {"post": "邮政公司", "bank": "邮储银行"}[side])
}


@dataclass(frozen=True)
class KnownUnit:
    """A unit that is there already."""

    id: int
    name: str
    side: str
    active: bool


@dataclass(frozen=True)
class UnitPlan:
    """The checked rows, the new units in an order in which parents come first, all by name.

    `sides` holds the side of each unit, old or new, by the key of its name; `levels` the new rows,
    those whose parent is there first.
    """

    rows: tuple[CheckedRow, ...]
    levels: tuple[tuple[CheckedRow, ...], ...]
    sides: Mapping[str, str]


def units_by_key(units: Iterable[KnownUnit]) -> dict[str, KnownUnit]:
    """Return the units by the key of their names."""
    return {name_key(unit.name): unit for unit in units}


def check_units(table: ParsedTable, known: Mapping[str, KnownUnit]) -> UnitPlan:
    """Check the rows; `known` are the units that are there, by the key of their names."""
    rows = tuple(clean_rows(table, UNIT_COLUMNS))
    reject_twins(rows, "name", (name_key(row.cells["name"]) for row in rows), "单位名称")
    new = {name_key(row.cells["name"]): row for row in rows if name_key(row.cells["name"])}
    for row in rows:
        _check_existing(row, known.get(name_key(row.cells["name"])))
        _check_parent(row, known, new)
        _check_side_name(row)
    levels, sides = _levels([row for row in rows if not row.exists], known, new)
    for row in rows:
        _check_side(row, known, sides)
    return UnitPlan(rows, levels, sides)


def _check_existing(row: CheckedRow, unit: KnownUnit | None) -> None:
    if unit is None:
        return
    row.exists = True
    if not unit.active:
        row.reject("name", "系统中已有此单位，但已停用。请先在“单位”页面恢复使用，或改用别的名称。")
        return
    row.warn("name", "系统中已有此单位，不再新建，也不改动。")


def _check_parent(
    row: CheckedRow, known: Mapping[str, KnownUnit], new: Mapping[str, CheckedRow]
) -> None:
    parent = row.cells["parent"]
    key = name_key(parent)
    if not key or row.has_error("parent"):
        return
    if key == name_key(row.cells["name"]):
        row.reject("parent", "上级单位不能是本单位。没有上级的请留空。")
    elif key not in known and key not in new:
        row.reject("parent", f"系统和本表中都没有单位“{parent}”。请改正，或在本表中加一行。")
    elif key in known and not known[key].active:
        row.reject("parent", f"单位“{parent}”已停用，请改填使用中的单位。")


def _check_side_name(row: CheckedRow) -> None:
    side = row.cells["side"]
    if side and name_key(side) not in _SIDE_BY_NAME:
        row.reject("side", f"没有“{side}”这一方，请填“邮政”或“银行”。")
    elif not side and not row.cells["parent"] and not row.exists and not row.has_error("side"):
        row.reject("side", "没有上级单位的，须填“邮政”或“银行”。")


def _levels(
    rows: Sequence[CheckedRow], known: Mapping[str, KnownUnit], new: Mapping[str, CheckedRow]
) -> tuple[tuple[tuple[CheckedRow, ...], ...], dict[str, str]]:
    """Return the rows level by level below what is there; rows in a circle get an error."""
    sides = {key: unit.side for key, unit in known.items()}
    waiting, levels = list(rows), []
    while waiting:
        ready = [row for row in waiting if name_key(row.cells["parent"]) in {"", *sides}]
        if not ready:
            break
        for row in ready:
            own = _SIDE_BY_NAME.get(name_key(row.cells["side"]), "")
            sides[name_key(row.cells["name"])] = own or sides.get(name_key(row.cells["parent"]), "")
        levels.append(tuple(ready))
        waiting = [row for row in waiting if row not in ready]
    for row in waiting:
        if name_key(row.cells["parent"]) in new and not row.has_error("parent"):
            row.reject("parent", "上级单位互相指向，或其上级有误。请检查这几行的上级单位。")
    return tuple(levels), sides


def _check_side(row: CheckedRow, known: Mapping[str, KnownUnit], sides: Mapping[str, str]) -> None:
    """Expect a unit on its parent's side, and on its own if it is there."""
    typed = _SIDE_BY_NAME.get(name_key(row.cells["side"]), "")
    if not typed or row.has_error("side"):
        return
    unit = known.get(name_key(row.cells["name"]))
    parent = sides.get(name_key(row.cells["parent"]), "")
    if unit is not None and unit.side != typed:
        row.reject("side", f"系统中此单位属于{SIDE_NAMES[unit.side]}。请改正，或改用别的单位名称。")
    elif unit is None and parent and row.cells["parent"] and parent != typed:
        row.reject("side", f"上级单位属于{SIDE_NAMES[parent]}，下级单位应属于同一方。")

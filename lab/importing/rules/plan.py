"""How the columns of a workbook are taken: decided by a person, stored with the import. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lab.files.rules.sheet import column_letters
from lab.importing.rules.fields import ImportMode, TargetField
from lab.importing.rules.units import heading_unit
from lab.web.typed.units import factor


@dataclass(frozen=True)
class ColumnPlan:
    """The worksheet, its row of headings (from 1), its last row (None: all), and the columns.

    `columns` is column (from 1) -> field, `headings` what stands above them, `factors` field -> by
    what its numbers are multiplied. `mode` is the code of the way in which rows are taken,
    `stand_in` the id of what rows without a content in one field get (see `targets.StandIn`).
    """

    sheet: str
    head: int
    last: int | None = None
    mode: str = ""
    columns: Mapping[int, str] = field(default_factory=dict)
    headings: Mapping[int, str] = field(default_factory=dict)
    factors: Mapping[str, int] = field(default_factory=dict)
    stand_in: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the plan for JSON, which knows no numbers as keys."""
        plain = asdict(self)
        for name in ("columns", "headings"):
            plain[name] = [[column, text] for column, text in plain[name].items()]
        return plain


def plan_from(plain: Mapping[str, Any]) -> ColumnPlan:
    """Return the plan that `ColumnPlan.to_json` wrote."""
    return ColumnPlan(
        sheet=plain["sheet"],
        head=plain["head"],
        last=plain["last"],
        mode=plain["mode"],
        columns=dict(plain["columns"]),
        headings=dict(plain["headings"]),
        factors=dict(plain["factors"]),
        stand_in=plain.get("stand_in"),  # not stored by earlier releases
    )


@dataclass(frozen=True)
class PlanProblems:
    """What is wrong with a choice of columns: by column, and as a whole."""

    columns: Mapping[int, str]
    whole: str = ""

    @property
    def any(self) -> bool:
        """Whether there is a problem."""
        return bool(self.columns or self.whole)


def plan_problems(
    columns: Mapping[int, str],
    headings: Mapping[int, str],
    fields: Sequence[TargetField],
    mode: ImportMode,
    given: Collection[str] = (),
) -> PlanProblems:
    """Return why these columns cannot be taken.

    A field has one column, its unit can be converted, and what the mode needs has a column, but
    for the fields `given` in another way.
    """
    by_key = {each.key: each for each in fields}
    first: dict[str, int] = {}
    found: dict[int, str] = {}
    for column, key in columns.items():
        taken = [content for content in by_key[key].contents if content in first]
        if taken:
            label, letters = by_key[taken[0]].label, column_letters(first[taken[0]])
            found[column] = f"“{label}”已由{letters}列对应，请改选其中一列。"
        elif message := _unit_problem(headings.get(column, ""), by_key[key]):
            found[column] = message
        first = dict.fromkeys(by_key[key].contents, column) | first
    missing = [by_key[key].label for key in mode.needed if key not in first and key not in given]
    whole = f"按“{mode.label}”导入，还缺这些列：{'、'.join(missing)}。" if missing else ""
    return PlanProblems(found, whole)


def _unit_problem(heading: str, target: TargetField) -> str:
    unit = heading_unit(heading)
    if not target.unit or factor(unit, target.unit) is not None:
        return ""
    return f"标题写的单位是“{unit}”，“{target.label}”按“{target.unit}”填写，不能换算。"


def factors(
    columns: Mapping[int, str], headings: Mapping[int, str], fields: Sequence[TargetField]
) -> dict[str, int]:
    """Return by what the numbers of each field with a unit are multiplied."""
    units = {each.key: each.unit for each in fields if each.unit}
    return {
        key: factor(heading_unit(headings.get(column, "")), units[key]) or 1
        for column, key in columns.items()
        if key in units
    }


@dataclass(frozen=True)
class MatchedColumn:
    """A column of a workbook of any form, and the field that was chosen for it, in words."""

    letters: str
    heading: str
    field: str


def matched_columns(
    plain: Mapping[str, Any] | None, labels: Mapping[str, str]
) -> tuple[MatchedColumn, ...]:
    """Return the columns of a stored plan, none without one; `labels` is field -> label."""
    if plain is None:
        return ()
    plan = plan_from(plain)
    return tuple(
        MatchedColumn(f"{column_letters(column)}列", plan.headings.get(column, ""), labels[key])
        for column, key in sorted(plan.columns.items())
    )

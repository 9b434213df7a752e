"""Forms of milestones, team and texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab.portfolio.pages.queries_project import MilestoneRow
from lab.portfolio.rules.project_texts import PROJECT_TEXTS
from lab.web.fields import DateField, IntegerField, SelectField, TextAreaField, TextField
from lab.web.forms import EditForm

MEMBER_ROWS = 8


class TextsForm(EditForm):
    """Edits the four parts of a project's description."""

    background = TextAreaField(label=PROJECT_TEXTS["background"], limit=800, rows=6)
    mode = TextAreaField(label=PROJECT_TEXTS["mode"], limit=800, rows=6)
    practice = TextAreaField(label=PROJECT_TEXTS["practice"], limit=1500, rows=9)
    outcome = TextAreaField(
        label=PROJECT_TEXTS["outcome"],
        limit=1500,
        rows=8,
        hint="写已经核实的成效，数字以核定的指标为准。",
    )


def milestones_form(rows: Sequence[MilestoneRow], version: int) -> Any:
    """Build a form with progress, completion day and note per milestone, filled from `rows`."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"version": version}
    for row in rows:
        fields[f"progress-{row.key}"] = IntegerField(
            f"{row.name}：进度", required=True, min=0, max=100
        )
        fields[f"done_on-{row.key}"] = DateField(f"{row.name}：完成日期")
        fields[f"note-{row.key}"] = TextField(f"{row.name}：说明", limit=300)
        data[f"progress-{row.key}"] = row.progress
        data[f"done_on-{row.key}"] = row.done_on
        data[f"note-{row.key}"] = row.note
    return _build_form("MilestonesForm", fields, data)


def team_form(choices: list[tuple[str, str]], version: int, data: dict[str, Any]) -> Any:
    """Build a form for the leader and up to MEMBER_ROWS members, each with a duty."""
    fields: dict[str, Any] = {
        "leader": SelectField(label="组长", required=True, choices=choices),
        "leader_duty": TextField(label="组长职责", limit=60),
    }
    for index in range(MEMBER_ROWS):
        fields[f"member-{index}"] = SelectField(f"组员{index + 1}", choices=choices, blank="（空）")
        fields[f"duty-{index}"] = TextField(f"组员{index + 1}职责", limit=60)
    return _build_form("TeamForm", fields, {"version": version, **data})


def _build_form(name: str, fields: dict[str, Any], data: dict[str, Any]) -> Any:
    return type(name, (EditForm,), fields)(data=data)

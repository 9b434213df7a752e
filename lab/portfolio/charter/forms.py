"""Forms of milestones, team and texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab.portfolio.pages.queries_project import MilestoneRow
from lab.portfolio.rules.project_texts import PROJECT_TEXTS
from lab.web.fields import DateField, IntegerField, PersonField, TextAreaField, TextField
from lab.web.fields.row_form import RowForm
from lab.web.fields.rows import RowsField
from lab.web.forms import EditForm
from lab.web.typed.people import KnownPerson

MAX_MEMBERS = 30


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


class MemberRow(RowForm):
    """A member of the team and their duty."""

    person_id = PersonField("组员", required=True)
    duty = TextField("职责", limit=60)


class TeamForm(EditForm):
    """The leader and up to MAX_MEMBERS members, each with a duty."""

    leader = PersonField("组长", required=True, hint="输入姓名、拼音或首字母、单位查找。")
    leader_duty = TextField("组长职责", limit=60)
    members = RowsField("组员", row=MemberRow, most=MAX_MEMBERS, same=("person_id",))

    def names_and_ids(self) -> tuple[list[str], list[int], list[int]]:
        """Return the names that were typed, the ids that are stored and those that were sent."""
        cells = [self.leader, *self.members.person_cells()]
        names = [name for cell in cells for name in cell.names()]
        stored = [number for cell in cells for number in cell.ids()]
        return names, stored, [number for cell in cells for number in cell.sent_ids()]

    def offer(self, people: list[KnownPerson]) -> None:
        """Set whom the typed names can mean."""
        self.leader.offer(people)
        self.members.offer(people)


def _build_form(name: str, fields: dict[str, Any], data: dict[str, Any]) -> Any:
    return type(name, (EditForm,), fields)(data=data)

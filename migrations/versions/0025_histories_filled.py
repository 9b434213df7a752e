"""the histories of what exists, from what its columns and the audit log tell

What nobody recorded is taken from the first or last value known, marked `assumed`: progress of
milestones between two days, the reason of an earlier light, a role of somebody who left, targets
before they were last set, when a milestone's completion was recorded.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEIJING = timezone(timedelta(hours=8))
INITIAL, LOG, ASSUMED = "awaiting_charter", "log", "assumed"
STATE_ACTS = {
    f"project.{act}"
    for act in (
        *("start", "pause", "resume", "trial", "land"),
        *("apply_acceptance", "accept", "close", "terminate"),
    )
}
PAUSED, PAUSED_POSITION = "paused", 9
TABLES = (
    *("project", "milestone", "target", "team_member", "entry", "call", "person"),
    *("scenario", "merchant", "onboarding_step", "audit_event"),
    *("project_state", "light_override", "milestone_plan", "milestone_completion"),
    *("target_revision", "team_membership", "entry_event", "merchant_count"),
)


class Filling:
    """The tables, what is read of them, and what is to be added."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        found = sa.MetaData()
        found.reflect(connection, only=list(TABLES))
        self.tables = found.tables
        self.now = datetime.now(UTC)
        self.added: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.events = self._events()

    def rows(self, name: str) -> list[Any]:
        table = self.tables[name]
        return list(self.connection.execute(sa.select(table).order_by(table.c.id)))

    def below(self, name: str, parent: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in self.rows(name):
            found[getattr(row, parent)].append(row)
        return found

    def _events(self) -> dict[str, list[Any]]:
        """Acts that succeeded, by the key of what they were on, oldest first."""
        table = self.tables["audit_event"]
        parts = ("project.%", "indicator.%", "merchant.%", "scenario.%")
        told = sa.or_(*(table.c.action.like(part) for part in parts))
        query = sa.select(table).where(table.c.result == "ok", told).order_by(table.c.seq)
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self.connection.execute(query):
            found[row.object_key].append(row)
        return found

    def told(self, key: str, *actions: str) -> list[Any]:
        return [event for event in self.events[key] if event.action in actions]

    def add(self, table: str, day: date, at: datetime | None, origin: str, **values: Any) -> None:
        row = {"valid_from": day, "recorded_at": at or self.now, "origin": origin, **values}
        self.added[table].append(row)

    def store(self) -> None:
        for name, rows in self.added.items():
            self.connection.execute(self.tables[name].insert(), rows)


def aware(moment: datetime | None) -> datetime | None:
    """SQLite gives times back without their zone, which is UTC."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)


def day_of(moment: datetime) -> date:
    at = aware(moment)
    assert at is not None
    return at.astimezone(BEIJING).date()


def detail(event: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(event.detail)
    return found


# -- projects ----------------------------------------------------------------------------------


def beginning(project: Any, now: datetime) -> date:
    if project.approved_at is not None:
        return day_of(project.approved_at)
    return project.status_as_of or day_of(now)


def published_day(filling: Filling, project: Any) -> date | None:
    """The date of the report that a project is known from; an act of the portal took it away."""
    if project.status_as_of is not None:
        return project.status_as_of
    table = filling.tables["project"]
    day: date | None = filling.connection.scalar(
        sa.select(sa.func.max(table.c.status_as_of)).where(
            table.c.call_id == project.call_id, table.c.source_label == project.source_label
        )
    )
    entry = filling.tables["entry"]
    return day or filling.connection.scalar(
        sa.select(sa.func.max(entry.c.period_end)).where(
            entry.c.project_id == project.id, entry.c.source_label != ""
        )
    )


def fill_states(filling: Filling, project: Any) -> None:
    key, said = {"project_id": project.id, "reason": ""}, filling.events[project.key]
    entered = filling.told(project.key, "project.enter_known")
    acts = [event for event in said if event.action in STATE_ACTS]
    if entered or (project.source_label and project.proposal_id is None):
        day = published_day(filling, project)
        origin = "published" if day else ASSUMED
        status = detail(entered[0])["status"] if entered else project.status
        at = aware(entered[0].at) if entered else None
        filling.add("project_state", day or day_of(filling.now), at, origin, status=status, **key)
        if day and project.status_as_of is None:
            table = filling.tables["project"]
            filling.connection.execute(
                table.update().where(table.c.id == project.id).values(status_as_of=day)
            )
    else:
        first, status = beginning(project, filling.now), INITIAL
        filling.add("project_state", first, aware(project.approved_at), LOG, status=status, **key)
    for event in acts:
        status, since = detail(event)["to"], detail(event).get("since")
        day = date.fromisoformat(since) if since else day_of(event.at)
        if event.action == "project.start" and project.started_on:
            day = min(day, project.started_on)
        filling.add("project_state", day, aware(event.at), LOG, status=status, **key)
    if status != project.status:
        _unrecorded_states(filling, project, status, key)


def _unrecorded_states(filling: Filling, project: Any, status: str, key: dict[str, Any]) -> None:
    """The way to the present state that the log does not tell."""
    at = aware(project.status_at)
    if status == INITIAL and project.started_on and project.status != INITIAL:
        status = "running"
        filling.add("project_state", project.started_on, at, ASSUMED, status=status, **key)
    if status != project.status:
        day = day_of(project.status_at or filling.now)
        filling.add("project_state", day, at, ASSUMED, status=project.status, **key)


def fill_overrides(filling: Filling, project: Any) -> None:
    events = filling.told(project.key, "project.light")
    for event in events:
        color = detail(event)["to"]
        last = event is events[-1]
        reason = project.light_reason if last else "审计日志未记载理由" if color else ""
        filling.add(
            "light_override",
            day_of(event.at),
            aware(event.at),
            LOG if last or not color else ASSUMED,
            project_id=project.id,
            color=color,
            reason=reason or "",
        )
    if not events and project.light_override:
        filling.add(
            "light_override",
            day_of(filling.now),
            None,
            ASSUMED,
            project_id=project.id,
            color=project.light_override,
            reason=project.light_reason,
        )


def fill_milestones(filling: Filling, project: Any, milestones: list[Any]) -> None:
    first, edits = beginning(project, filling.now), filling.told(project.key, "project.milestones")
    for item in milestones:
        key = {"project_id": project.id, "milestone_id": item.id}
        plan = {**key, "name": item.name, "due_on": item.due_on}
        filling.add("milestone_plan", first, aware(project.approved_at), LOG, progress=0, **plan)
        if item.progress and not item.done_on:
            at = aware(edits[-1].at) if edits else None
            day = day_of(edits[-1].at) if edits else first
            filling.add("milestone_plan", day, at, ASSUMED, progress=item.progress, **plan)
        if item.done_on:
            after = [event for event in edits if day_of(event.at) >= item.done_on]
            at = aware(after[0].at) if after else None
            filling.add(
                "milestone_completion", item.done_on, at, ASSUMED, done_on=item.done_on, **key
            )


def fill_targets(filling: Filling, project: Any, targets: list[Any]) -> None:
    first = beginning(project, filling.now)
    origin = ASSUMED if filling.told(project.key, "project.targets") else LOG
    for item in targets:
        filling.add(
            "target_revision",
            first,
            aware(project.approved_at),
            origin,
            project_id=project.id,
            indicator=item.indicator,
            revision=1,
            dropped=False,
            base=item.base,
            target=item.target,
            starts_on=item.starts_on,
            due_on=item.due_on,
        )


def fill_team(filling: Filling, project: Any, team: list[Any]) -> None:
    events = filling.told(project.key, "project.team")
    present = {row.person_id: row for row in team}
    stood = set(detail(events[0])["before"]) if events else set(present)
    steps = [(beginning(project, filling.now), aware(project.approved_at), stood, set[int]())]
    for event in events:
        before, after = set(detail(event)["before"]), set(detail(event)["after"])
        steps.append((day_of(event.at), aware(event.at), after - before, before - after))
    known = {row.id for row in filling.rows("person")}
    for day, at, joined, left in steps:
        for person_id in sorted(joined & known):
            row = present.get(person_id)
            filling.add(
                "team_membership",
                day,
                at,
                LOG if row is not None and not events else ASSUMED,
                project_id=project.id,
                person_id=person_id,
                role=row.role if row is not None else "member",
                duty=row.duty if row is not None else "",
            )
        for person_id in sorted(left & known):
            values = {"project_id": project.id, "person_id": person_id, "role": None, "duty": ""}
            filling.add("team_membership", day, at, LOG, **values)


# -- entries -----------------------------------------------------------------------------------


def fill_entries(filling: Filling, project: Any, entries: list[Any]) -> None:
    by_id = {row.id: row for row in entries}
    corrections = {row.corrects_id: row for row in entries if row.corrects_id}
    for entry in entries:
        around = (by_id.get(entry.corrects_id), corrections.get(entry.id))
        for status, at in _events_of(filling, project, entry, *around):
            row = {"entry_id": entry.id, "status": status, "at": at, "origin": LOG}
            filling.added["entry_event"].append(row)


def _events_of(
    filling: Filling, project: Any, entry: Any, corrected: Any, correction: Any
) -> list[tuple[str, datetime]]:
    if entry.source_label:
        told = filling.told(entry.key, "indicator.enter_published")
        at = aware(told[0].at) if told else aware(entry.approved_at)
        return [("approved", at or filling.now)]
    found = _returned(filling, project, entry, corrected)
    for status in ("submitted", "confirmed", "approved"):
        moment = aware(getattr(entry, f"{status}_at"))
        if moment is not None:
            found.append((status, moment))
    if entry.status == "superseded":
        at = aware(correction.approved_at) if correction is not None else None
        found.append(("superseded", at or filling.now))
    return sorted(found, key=lambda item: item[1])


def _returned(
    filling: Filling, project: Any, entry: Any, corrected: Any
) -> list[tuple[str, datetime]]:
    """Each return the log tells of, and, for the first, that it had been handed in before.

    The log names the figure, not its revision: a return is of the one that was under way then,
    begun after the approval of the figure it corrects and not approved itself.
    """
    period = f"{entry.period_end:%Y-%m}"
    since = aware(corrected.approved_at) if corrected is not None else None
    until, kept = aware(entry.approved_at), aware(entry.submitted_at)

    def of_entry(action: str) -> list[datetime]:
        times = []
        for event in filling.told(project.key, action):
            said, at = detail(event), aware(event.at)
            meant = period in said.get("periods", [said.get("period")])
            meant = meant and entry.indicator in said.get("indicators", [entry.indicator])
            if at and meant and (since is None or at > since) and (until is None or at < until):
                times.append(at)
        return times

    returns = of_entry("indicator.return")
    submits = of_entry("indicator.correct" if corrected is not None else "indicator.submit")
    found = [("returned", at) for at in returns]
    if returns and submits and submits[0] < returns[0] and (kept is None or kept > returns[0]):
        found.append(("submitted", submits[0]))
    return found


# -- scenarios and merchants -------------------------------------------------------------------


def fill_scenarios(filling: Filling, project: Any, scenarios: list[Any]) -> None:
    merchants, steps = filling.below("merchant", "scenario_id"), _steps(filling)
    for scenario in scenarios:
        told = filling.told(scenario.key, "scenario.add")
        begun = [_fill_merchant(filling, m, steps[m.id], project) for m in merchants[scenario.id]]
        if scenario.source_label:
            day = published_day(filling, project) or beginning(project, filling.now)
        else:
            first = day_of(told[0].at) if told else beginning(project, filling.now)
            day = min([first, *begun])
        _begin(filling, "scenario", scenario.id, day)


def _steps(filling: Filling) -> dict[int, list[Any]]:
    return filling.below("onboarding_step", "merchant_id")


def _begin(filling: Filling, name: str, row_id: int, day: date) -> None:
    table = filling.tables[name]
    filling.connection.execute(table.update().where(table.c.id == row_id).values(began_on=day))


def _fill_merchant(filling: Filling, merchant: Any, steps: list[Any], project: Any) -> date:
    added = filling.told(merchant.key, "merchant.add")
    known = [step.on for step in steps]
    if added:
        known.append(day_of(added[0].at))
    day = min(known, default=beginning(project, filling.now))
    _begin(filling, "merchant", merchant.id, day)
    changes = [
        (event, *detail(event)["outlets"]) for event in filling.told(merchant.key, "merchant.edit")
    ]
    first = changes[0][1] if changes else merchant.outlets
    at = aware(added[0].at) if added else None
    key = {"merchant_id": merchant.id}
    filling.add("merchant_count", day, at, LOG if added else ASSUMED, outlets=first, **key)
    for event, before, after in changes:
        if before != after:
            values = {"outlets": after, **key}
            filling.add("merchant_count", day_of(event.at), aware(event.at), LOG, **values)
    _fill_pauses(filling, merchant, steps)
    return day


def _fill_pauses(filling: Filling, merchant: Any, steps: list[Any]) -> None:
    """Pauses that were taken back, which left only their lines in the log."""
    people = {row.id for row in filling.rows("person")}
    recorded: dict[str, Any] = {}
    for event in filling.told(merchant.key, "merchant.step", "merchant.resume"):
        said = detail(event)
        if event.action == "merchant.step" and said["step"] == PAUSED:
            recorded[said["on"]] = event
        if event.action != "merchant.resume":
            continue
        told = recorded.get(said["paused_on"], event)
        by = told.actor_id if told.actor_id in people else steps and steps[0].recorded_by_id
        if not by:
            continue
        filling.added["onboarding_step"].append(
            {
                "merchant_id": merchant.id,
                "step": PAUSED,
                "position": PAUSED_POSITION,
                "on": date.fromisoformat(said["paused_on"]),
                "evidence": "",
                "recorded_by_id": by,
                "recorded_at": aware(told.at),
                "ended_on": day_of(event.at),
                "ended_at": aware(event.at),
            }
        )


def upgrade() -> None:
    filling = Filling(op.get_bind())
    parts = {
        fill_milestones: filling.below("milestone", "project_id"),
        fill_targets: filling.below("target", "project_id"),
        fill_team: filling.below("team_member", "project_id"),
        fill_entries: filling.below("entry", "project_id"),
        fill_scenarios: filling.below("scenario", "project_id"),
    }
    for project in filling.rows("project"):
        fill_states(filling, project)
        fill_overrides(filling, project)
        for fill, rows in parts.items():
            fill(filling, project, rows[project.id])
    filling.store()
    _say_what_is_assumed(filling)


def _say_what_is_assumed(filling: Filling) -> None:
    """What could not be known, for the protocol of the upgrade."""
    names = {
        "project_state": "项目状态",
        "light_override": "人工灯色",
        "milestone_plan": "里程碑进度",
        "milestone_completion": "里程碑完成的登记时间",
        "target_revision": "目标",
        "team_membership": "项目组成员",
        "merchant_count": "门店数",
    }
    counts = Counter(
        names[table]
        for table, rows in filling.added.items()
        for row in rows
        if row.get("origin") == ASSUMED
    )
    if counts:
        said = "、".join(f"{name}{count}条" for name, count in counts.items())
        print(f"历史记录已按审计日志补齐；下列内容日志没有记载，按已知的值推定：{said}。")


def downgrade() -> None:
    for table in (
        *("team_membership", "target_revision", "milestone_completion", "milestone_plan"),
        *("light_override", "project_state", "entry_event", "merchant_count"),
    ):
        op.execute(f"DELETE FROM {table}")
    # Filled again from the log: before this revision no pause was kept once it had ended.
    op.execute("DELETE FROM onboarding_step WHERE ended_on IS NOT NULL")

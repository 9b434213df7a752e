"""A proposal's latest submission, in the columns of the list's export. Pure.

For readers who must not see unsubmitted corrections.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lab.canonical import day_of
from lab.catalogue.projects import PROJECT_TYPES, SCENARIO_TYPES
from lab.identity.models.account import SIDE_LABELS
from lab.proposals.bulk_import.workbook.lookups import person_label
from lab.proposals.rules.form.schema import PRIVATE_TEXTS, SHOWN_TEXTS

_NOBODY = {"name": "", "unit": "", "duty": ""}


def submitted_values(plain: Mapping[str, Any], private: Mapping[str, Any]) -> dict[str, Any]:
    """Return column -> value with labels instead of codes; `budget_fen` in 分.

    Without what only the portal knows (number, state, times, who fills in).
    """
    leader = plain["leader"] or _NOBODY
    return {
        **{field.key: plain.get(field.key, "") for field in SHOWN_TEXTS},
        **{field.key: private.get(field.key, "") for field in PRIVATE_TEXTS},
        "unit_id": plain["unit"],
        "joint_unit_id": plain["joint_unit"],
        "side": SIDE_LABELS.get(plain["side"] or "", ""),
        "project_type": PROJECT_TYPES.get(plain["project_type"] or "", ""),
        "scenario_type": SCENARIO_TYPES.get(plain["scenario_type"] or "", ""),
        "leader_id": person_label(leader["name"], leader["unit"]) if plain["leader"] else "",
        "leader_duty": leader["duty"],
        "starts_on": day_of(plain["starts_on"]),
        "ends_on": day_of(plain["ends_on"]),
        "smart_contract": plain["smart_contract"],
        "budget_fen": plain["budget_fen"],
    }


def submitted_rows(
    plain: Mapping[str, Any], private: Mapping[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """Return column with rows -> its rows as parts; people as they are written in the workbook."""
    return {
        "people": [
            {"person_id": person_label(row["name"], row["unit"]), "duty": row["duty"]}
            for row in plain["people"]
        ],
        "milestones": [{**row, "due_on": day_of(row["due_on"])} for row in plain["milestones"]],
        "targets": [
            {
                **row,
                "base": Decimal(row["base"]),
                "target": Decimal(row["target"]),
                "due_on": day_of(row["due_on"]),
            }
            for row in plain["targets"]
        ],
        "budget": list(plain.get("budget", ())),
        "avoided": [
            {"name": _label(row), "reason": row["reason"]} for row in private.get("avoided", ())
        ],
    }


def _label(avoided: Mapping[str, Any]) -> str:
    """Return name and unit of somebody to avoid; earlier versions have the name alone."""
    unit = avoided.get("unit", "")
    return person_label(avoided["name"], unit) if unit else str(avoided["name"])

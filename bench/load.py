"""Fills an empty database with N invented proposals and what belongs to them.

Rows go past the services, many at once: what is measured is reading. The index of the search is
then built by the portal's own command.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from bench import texts
from lab import clock
from lab.calls.models.call import Call, Criterion
from lab.canonical import canonical_json, fingerprint
from lab.db import writing
from lab.db.tally_keeping import mend
from lab.extensions import db
from lab.identity.models.account import Person, RoleGrant, Unit
from lab.inbox.models.letters import Letter
from lab.proposals.core.content.reader import FORMAT
from lab.proposals.models.proposal import (
    FormalityCheck,
    Proposal,
    ProposalMilestone,
    ProposalPerson,
    ProposalTarget,
    ProposalVersion,
)
from lab.proposals.rules.form.schema import SHOWN_TEXTS
from lab.proposals.rules.screening import checklist

UNITS, PEOPLE_A_UNIT, CALLS = 500, 4, 10
OFFICE, LEADING, APPLICANT = 1, 2, 3  # ids; the applicant owns OWN proposals
OWN = 40
# How many of a hundred proposals are in which state.
STATES = {
    **{"draft": 8, "submitted": 4, "returned": 3, "refused": 3, "withdrawn": 2, "accepted": 5},
    **{"reviewing": 10, "reviewed": 5, "approved": 30, "reserved": 10, "declined": 20},
}
CLOSED = ("refused", "withdrawn", "approved", "reserved", "declined")
BATCH = 500


def load(count: int) -> None:
    """Store units, people, calls and `count` proposals."""
    rng = random.Random(2022)
    with db.engine.begin() as connection:
        _units_and_people(connection)
        _calls(connection)
    for start in range(0, count, BATCH):
        with db.engine.begin() as connection:
            _proposals(connection, rng, range(start + 1, min(count, start + BATCH) + 1))
    with writing() as session:
        mend(session)


def _units_and_people(connection: Connection) -> None:
    _store(
        connection,
        Unit,
        (
            {
                "id": i,
                "name": _unit_name(i),
                "side": ("post", "bank")[i % 2],
                "is_demo": True,
            }
            for i in range(1, UNITS + 1)
        ),
    )
    people = range(1, UNITS * PEOPLE_A_UNIT + 1)
    _store(
        connection,
        Person,
        (
            {
                **{"id": i, "sign_in_name": f"bench{i}", "name": f"【演示】人员{i}"},
                **{"unit_id": i % UNITS + 1, "must_change": False, "is_demo": True},
            }
            for i in people
        ),
    )
    roles = {OFFICE: "office", LEADING: "leading"}
    _store(
        connection, RoleGrant, ({"person_id": i, "role": roles.get(i, "applicant")} for i in people)
    )


def _calls(connection: Connection) -> None:
    now = clock.now()
    for i in range(1, CALLS + 1):
        last = i == CALLS
        opened = now - timedelta(days=30 * (CALLS - i) + 10)
        state = {"status": "open"} if last else _announced(opened)
        row = {
            **{"id": i, "year": 2010 + i, "batch": 1, "title": f"【演示】第{i}批创新项目征集"},
            **{"notice_text": texts.text(random.Random(i), 20), "published_at": opened},
            **{"opens_at": opened, "closes_at": opened + timedelta(days=60 if last else 9)},
            **{"is_demo": True, **state},
        }
        _store(connection, Call, [row])
        _store(connection, Criterion, (_criterion(i, place) for place in range(4)))


def _announced(opened: Any) -> dict[str, Any]:
    at = opened + timedelta(days=20)
    return {
        **{"status": "announced", "rules_frozen": "{}", "rules_fingerprint": "0" * 64},
        **{"review_opened_at": at, "closed_at": at, "announced_at": at},
    }


def _criterion(call_id: int, place: int) -> dict[str, Any]:
    rubric = [{"label": "优", "lo": 90, "hi": 100, "text": "【演示】依据充分"}]
    return {
        **{"call_id": call_id, "key": f"k{place}", "position": place, "name": f"指标{place}"},
        **{"weight": 25, "rubric": rubric},
    }


def _proposals(connection: Connection, rng: random.Random, ids: range) -> None:
    rows = [_proposal(rng, i) for i in ids]
    _store(connection, Proposal, rows)
    day = date(2022, 12, 31)
    _store(
        connection,
        ProposalPerson,
        (
            {"proposal_id": i, "position": p, "person_id": 10 + (i * 7 + p) % 1900, "duty": "推广"}
            for i in ids
            for p in range(3)
        ),
    )
    _store(
        connection,
        ProposalMilestone,
        (
            {"proposal_id": i, "position": p, "name": f"第{p + 1}阶段上线", "due_on": day}
            for i in ids
            for p in range(3)
        ),
    )
    _store(
        connection,
        ProposalTarget,
        (
            {"proposal_id": i, "position": p, "indicator": code, "target": 100, "due_on": day}
            for i in ids
            for p, code in enumerate(("K01", "K06", "K07"))
        ),
    )
    sent = [row for row in rows if row["number"]]
    _store(connection, ProposalVersion, (_version(row) for row in sent))
    _store(
        connection,
        FormalityCheck,
        (_check(row) for row in sent if row["status"] not in ("submitted", "withdrawn")),
    )
    _store(connection, Letter, (_letter(row) for row in sent if row["status"] != "withdrawn"))


def _proposal(rng: random.Random, i: int) -> dict[str, Any]:
    status = rng.choices(list(STATES), list(STATES.values()))[0]
    now = clock.now()
    saved = now - timedelta(minutes=i)
    sent = status != "draft"
    own = i <= OWN
    background = texts.text(rng, 12) + (texts.RARE_WORD if i % 1000 == 7 else "")
    row = {
        **{"id": i, "key": f"{i:012d}", "call_id": CALLS if not sent or own else 1 + i % CALLS},
        **{"owner_id": APPLICANT if own else 10 + i % 1900, "leader_id": 10 + (i * 3) % 1900},
        **{"unit_id": 1 + i % UNITS, "joint_unit_id": 1 + (i + 1) % UNITS, "side": "joint"},
        **{"title": texts.title(rng, i), "project_type": "scene", "scenario_type": "park"},
        **{"place": "【演示】园区", "background": background, "mode": texts.text(rng, 12)},
        **{"plan": texts.text(rng, 25), "innovation": texts.text(rng, 5), "is_demo": True},
        **{"departments": texts.text(rng, 4), "linkage": texts.text(rng, 4)},
        **{"risks": texts.text(rng, 8), "demonstration": texts.text(rng, 6)},
        **{"replicability": texts.text(rng, 6), "unit_opinion": "同意申报。"},
        **{"starts_on": date(2022, 7, 1), "ends_on": date(2022, 12, 31), "status": status},
        **{"created_at": saved, "saved_at": saved, "leader_phone": "010-10000000"},
        **{"number": f"SB-2022-01-{i:06d}" if sent else None},
        **{"submitted_at": saved if sent else None, "pledged_at": saved if sent else None},
        **{"closed_at": now if status in CLOSED else None, "budget_source": "营销费用"},
    }
    return row


def _unit_name(number: int) -> str:
    return f"【演示】单位{number:03d}"


def _version(row: dict[str, Any]) -> dict[str, Any]:
    plain = {field.key: row.get(field.key, "") for field in SHOWN_TEXTS}
    plain |= {
        **{"format": FORMAT, "call": "征集", "number": row["number"], "side": "joint"},
        **{"unit": _unit_name(row["unit_id"]), "joint_unit": _unit_name(row["joint_unit_id"])},
        **{"project_type": "scene", "scenario_type": "park"},
        **{"leader": None, "people": [], "starts_on": None, "ends_on": None, "files": []},
        **{"smart_contract": False, "milestones": [], "targets": [], "budget_fen": None},
    }
    return {
        **{"proposal_id": row["id"], "number": 1, "content": canonical_json(plain)},
        **{"fingerprint": fingerprint(plain), "submitted_by_id": row["owner_id"]},
        **{"submitted_at": row["submitted_at"]},
    }


def _check(row: dict[str, Any]) -> dict[str, Any]:
    outcome = {"returned": "returned", "refused": "refused"}.get(row["status"], "passed")
    marks = [{"code": item.code, "result": "ok", "note": ""} for item in checklist.ITEMS]
    return {
        **{"proposal_id": row["id"], "version_number": 1, "checklist": marks},
        **{"outcome": outcome, "reason": "" if outcome == "passed" else "缺少意向书。"},
        **{"due_on": clock.today() + timedelta(days=5) if outcome == "returned" else None},
        **{"reopened": ["risks", "files"] if outcome == "returned" else []},
        **{"checked_by_id": OFFICE, "checked_at": row["submitted_at"]},
    }


def _letter(row: dict[str, Any]) -> dict[str, Any]:
    at = row["submitted_at"]
    sent = {"status": "sent", "sent_by_id": OFFICE, "sent_at": at}
    if row["id"] <= OWN:  # few wait at any time
        sent = {"status": "draft", "sent_by_id": None, "sent_at": None}
    return {
        **{"key": f"L{row['id']:011d}", "kind": "check_passed", "number": row["number"]},
        **{"object_type": "Proposal", "object_key": row["key"], "subject": row["title"]},
        **{"body": "【演示】形式审查结果。", "drafted_by_id": OFFICE, "drafted_at": at, **sent},
    }


def _store(connection: Connection, model: Any, rows: Iterator[dict[str, Any]] | Any) -> None:
    found = list(rows)
    if found:
        connection.execute(insert(model.__table__), found)

"""Records whose texts are those of the corpus, written past the forms."""

from __future__ import annotations

from contextlib import closing
from itertools import count

import pysqlite3.dbapi2 as pysqlite3

from tests.support.corpus.fuzz import packed
from tests.support.corpus.portal import Portal

# What people write: table, columns of several lines with their limits, columns of one line.
PROPOSAL: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "proposal": (
        {
            **dict.fromkeys(("background", "mode", "innovation", "departments", "linkage"), 800),
            **dict.fromkeys(("risks", "demonstration", "replicability"), 800),
            **{"plan": 1500, "unit_opinion": 500, "budget_source": 200},
        },
        {"title": 50, "place": 100, "leader_duty": 40},
    ),
    "proposal_milestone": ({}, {"name": 60}),
    "proposal_person": ({}, {"duty": 60}),
    "call": ({"notice_text": 8000}, {"title": 80}),
    "call_revision": ({"notice_text": 8000}, {"summary": 200}),
    "call_late_code": ({"reason": 500}, {}),
    "criterion": ({}, {"name": 30}),
    "unit": ({}, {"name": 60}),
    "person": ({}, {"name": 40, "duty": 40, "phone": 30}),
}
OTHERS: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "call": PROPOSAL["call"],
    "unit": PROPOSAL["unit"],
    "person": PROPOSAL["person"],
    "proposal": PROPOSAL["proposal"],
    "formality_check": ({"reason": 800}, {}),
    "score_sheet": ({"strengths": 1000, "problems": 1000, "comment": 1000}, {}),
    "score_item": ({"comment": 500}, {}),
    "decision": ({"note": 500, "explanation": 1000}, {}),
    "decision_item": ({}, {"reason": 300}),
    "project": (
        {
            **{"background": 800, "mode": 800, "practice": 1500, "outcome": 1500},
            **{"landed_note": 500, "accepted_note": 500, "status_reason": 500},
        },
        {"name": 80, "short_name": 20, "place": 100},
    ),
    "team_member": ({}, {"duty": 60}),
    "milestone": ({}, {"name": 60, "note": 300}),
    "entry": (
        {"return_reason": 500, "correction_reason": 300},
        {"unavailable_reason": 200, "note": 300},
    ),
    "progress_report": (dict.fromkeys(("done", "problems", "asks", "next_plan"), 800), {}),
    "scenario": ({"note": 300}, {"name": 60, "place": 100}),
    "merchant": ({"note": 300}, {"name": 60}),
    "onboarding_step": ({}, {"evidence": 200}),
    "notice": ({}, {"text": 200}),
}


def lines(limit: int) -> list[str]:
    """Every case of one line, as many in one text as the limit holds."""
    return [case.text for case in packed(limit, multiline=False)]


def fill(portal: Portal, tables: dict[str, tuple[dict[str, int], dict[str, int]]]) -> set[str]:
    """Write the corpus into the records, another part into each; what was written."""
    connection = pysqlite3.connect(portal.database, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    turns, written = count(), set()
    for table, (long, short) in tables.items():
        for column, limit in {**long, **short}.items():
            packs = [c.text.strip() for c in packed(limit)] if column in long else lines(limit)
            for (row,) in connection.execute(f'SELECT rowid FROM "{table}"').fetchall():
                text = packs[next(turns) % len(packs)]
                sql = f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?'
                connection.execute(sql, (text, row))
                written.add(text)
    connection.close()
    return written


def rows(portal: Portal, sql: str) -> list[tuple[str, ...]]:
    """What the database holds."""
    with closing(pysqlite3.connect(portal.database)) as connection:
        found: list[tuple[str, ...]] = connection.execute(sql).fetchall()
        return found

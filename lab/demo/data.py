"""Demonstration data around the published facts, marked 【演示】; loading is idempotent.

The thirteen demonstration proposals join the six projects named in the public report, so that
nineteen were received and twelve approved. Their rules and scores are invented: the round fills the
places that the report leaves unnamed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lab import audit
from lab.demo import facts, people, releases, reports, reviews, rounds
from lab.demo import projects as demo_projects
from lab.extensions import db
from lab.identity.models.account import Person

FILE = Path(__file__).with_name("demo.json")


def read() -> dict[str, Any]:
    """Return the demonstration's data, parsed."""
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return data


def loaded() -> bool:
    """Return whether the demonstration is in the database."""
    first = read()["people"][0]["key"]
    return db.session.scalar(select(Person.id).where(Person.sign_in_name == first)) is not None


def load() -> bool:
    """Store the demonstration in one transaction and commit.

    Return False when it exists already.
    """
    hashed = people.hashed_password()  # before any transaction
    if loaded():
        db.session.rollback()
        return False
    facts.load()
    data = read()
    cast = people.store(data, hashed)
    call = facts.find_call(facts.read())
    assert call is not None
    proposals = reviews.store_proposals(data, cast, call)
    reviews.review(data, cast, call, proposals)
    projects = reviews.decide(data, cast, call, proposals)
    demo_projects.advance(data, cast, projects)
    rounds.store(data, cast)
    releases.store(cast)
    reports.issue(cast)
    audit.record("data.load_demo", call, detail={"proposals": len(proposals)})
    db.session.commit()
    return True

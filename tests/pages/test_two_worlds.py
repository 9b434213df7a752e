"""Two worlds, the same but for what is hidden: no address of anybody tells them apart."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from werkzeug.datastructures import FileStorage

from lab import create_app
from lab.extensions import db
from lab.proposals import drafts
from lab.proposals.export_columns import every_column
from lab.proposals.models import Proposal
from tests.build import files
from tests.conftest import MAIL, settings_for
from tests.matrix.crawl import differing
from tests.matrix.things import (
    NO_DECISION,
    NO_PROJECTS,
    RETURNED,
    RUNNING,
)
from tests.matrix.world import World
from tests.matrix.worlds import Case, Worlds, file_key

OUTSIDE = ("office", "leading", "stranger", "reviewer")
OWN = ("applicant", "leader", "member", "partner", "office2", "leading2")
TITLES = ("【演示】甲案改名", "【演示】乙案改名")
WORDS = ("橙色", "紫色")
NO_REVIEW = tuple(
    f"DELETE FROM {table}"
    for table in ("score_item", "sheet_history", "score_sheet", "recusal", "ranking_result")
)


@pytest.fixture(scope="module")
def worlds(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    instance = tmp_path_factory.mktemp("worlds")
    shutil.copy(sqlite_template / "lab.db", instance / "lab.db")
    app = create_app(replace(settings_for(instance, **MAIL), log_level="CRITICAL"))
    yield Worlds(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def check(worlds: Worlds, case: Case) -> None:
    """Nobody of the readers finds a difference, and all of them read something."""
    wrong = []
    for name, (one, other) in worlds.both(case).items():
        wrong += [f"{name}: {where}" for where in differing(one, other)]
        assert sum(answer.status == 200 for answer in one.values()) > 5, name
    assert wrong == []


def _proposal(key: str) -> Proposal:
    return db.session.scalars(select(Proposal).where(Proposal.key == key)).one()


def _pdf(name: str) -> FileStorage:
    return FileStorage(io.BytesIO(files.pdf(name)), f"{name}.pdf")


# -- what was not handed in --------------------------------------------------------------------


def _change(world: World, side: int) -> str:
    """Its people change a proposal in every respect; the other one has the title of world 0."""
    ids, mine = world.people, _proposal(world.proposal)
    word, old = WORDS[side], mine.files[0].file.key
    values: dict[str, Any] = {
        "title": TITLES[side],
        "unit_id": _unit(("邮政西城分公司", "邮储丰台支行")[side]),
        "joint_unit_id": _unit(("邮储丰台支行", "邮政西城分公司")[side]),
        "partner_id": None,
        "place": word,
        "background": f"园区采用{word}方案。" * (side + 1),
        "leader_phone": f"010-1000000{side + 1}",
        "people": [{"person_id": ids["member"], "duty": word}] * (1 - side),
        "milestones": [{"name": f"{word}上线", "due_on": mine.milestones[0].due_on}],
        "avoided": [{"person_id": ids[("reviewer", "reviewer3")[side]], "reason": word}],
    }
    drafts.save(mine, None, values)
    drafts.save(mine, None, {}, uploads=[_pdf(f"{word}附件")], person_id=ids["applicant"])
    drafts.save(mine, None, {}, remove=old if side else "", person_id=ids["applicant"])
    db.session.flush()
    return file_key(f"{word}附件.pdf")


def _unit(name: str) -> int:
    return int(db.session.scalar(text("SELECT id FROM unit WHERE name = :n"), {"n": name}))


UNSETTLED = (
    *NO_PROJECTS,
    *NO_DECISION,
    *NO_REVIEW,
    f"UPDATE call SET status = 'open', {RUNNING}",
    "UPDATE proposal SET status = 'returned', closed_at = submitted_at",
    RETURNED,
)


def _changed_in(state: str) -> Any:
    def write(world: World, side: int) -> str:
        hidden = _change(world, side)
        db.session.commit()
        db.session.execute(
            text("UPDATE proposal SET status = :s WHERE key = :k"),
            {"s": state, "k": world.proposal},
        )
        # Somebody else hands in under the name that is being written in one of the worlds.
        db.session.execute(
            text("UPDATE proposal SET status = 'submitted', title = :t WHERE key <> :k"),
            {"t": TITLES[0], "k": world.proposal},
        )
        return hidden

    return write


def _office_posts(world: World) -> tuple[tuple[str, dict[str, Any]], ...]:
    version = f"/proposals/{world.proposal}/versions/1"
    return (
        ("/proposals/export", {"kind": "csv", "columns": list(every_column())}),
        (f"{version}/export", {}),
        (f"{version}/paper/proposal", {}),
        (f"{version}/paper/review", {}),
        (f"{version}/paper/receipt/download", {}),
    )


@pytest.mark.parametrize("state", ["returned", "refused", "withdrawn"])
def test_what_was_not_handed_in_changes_no_byte_for_others(worlds: Worlds, state: str) -> None:
    case = Case(
        UNSETTLED,
        _changed_in(state),
        OUTSIDE if state == "returned" else ("office",),
        (*WORDS, *TITLES),
        {"office": _office_posts(worlds.world)},
    )
    check(worlds, case)

"""Two portals that differ only in what is hidden: nobody can tell them apart by any address."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from sqlalchemy import select, text
from werkzeug.datastructures import FileStorage

from lab.canonical import canonical_json
from lab.extensions import db
from lab.proposals.export.columns import all_columns
from lab.proposals.models.proposal import Proposal
from lab.proposals.writing import service as drafts
from lab.reviews.models import RankingResult
from tests.support.builders import files as builders_files
from tests.support.builders.proposals import avoiding
from tests.support.permission_matrix.crawl import differing
from tests.support.permission_matrix.populated_portal import PopulatedPortal
from tests.support.permission_matrix.states import (
    NEVER_SUBMITTED,
    NO_DECISION,
    NO_PROJECTS,
    OVER,
    RETURNED,
    RUNNING,
    UNDER_REVIEW,
)
from tests.support.permission_matrix.twin_portals import Case, TwinPortals, file_key

LEAST = 5  # pages that every reader reads, or the crawl looked at nothing
OUTSIDE = ("office", "leading", "stranger", "reviewer")
TITLES = ("【演示】甲案改名", "【演示】乙案改名")
WORDS = ("橙色", "紫色")
NO_REVIEW = tuple(
    f"DELETE FROM {table}"
    for table in ("score_item", "sheet_history", "score_sheet", "recusal", "ranking_result")
)


def check(twin_portals: TwinPortals, case: Case) -> None:
    """No reader finds a difference; all read some pages."""
    wrong = []
    for name, (one, other) in twin_portals.both(case).items():
        wrong += [f"{name}: {where}" for where in differing(one, other)]
        assert sum(answer.status == 200 for answer in one.values()) > LEAST, name
    assert wrong == [], wrong


def _proposal(key: str) -> Proposal:
    return db.session.scalars(select(Proposal).where(Proposal.key == key)).one()


def _pdf(name: str) -> FileStorage:
    return FileStorage(io.BytesIO(builders_files.pdf(name)), f"{name}.pdf")


# -- what was not handed in --------------------------------------------------------------------


def _change(portal: PopulatedPortal, side: int) -> str:
    """Its people change a proposal in every respect; the other one has the title of portal 0."""
    ids, mine = portal.people, _proposal(portal.proposal)
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
        "avoided": [avoiding(ids[("reviewer", "reviewer3")[side]], word)],
    }
    drafts.save_draft(drafts.SaveDraft(mine, None, values))
    drafts.save_draft(
        drafts.SaveDraft(mine, None, {}, uploads=[_pdf(f"{word}附件")], person_id=ids["applicant"])
    )
    drafts.save_draft(
        drafts.SaveDraft(mine, None, {}, remove=old if side else "", person_id=ids["applicant"])
    )
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
    def write(portal: PopulatedPortal, side: int) -> str:
        hidden = _change(portal, side)
        db.session.commit()
        db.session.execute(
            text("UPDATE proposal SET status = :s WHERE key = :k"),
            {"s": state, "k": portal.proposal},
        )
        # Somebody else hands in under the name that is being written in one of the portals.
        db.session.execute(
            text("UPDATE proposal SET status = 'submitted', title = :t WHERE key <> :k"),
            {"t": TITLES[0], "k": portal.proposal},
        )
        return hidden

    return write


def _office_posts(portal: PopulatedPortal) -> tuple[tuple[str, dict[str, Any]], ...]:
    version = f"/proposals/{portal.proposal}/versions/1"
    return (
        ("/proposals/export", {"kind": "csv", "columns": list(all_columns())}),
        (f"{version}/export", {}),
        (f"{version}/paper/proposal", {}),
        (f"{version}/paper/review", {}),
        (f"{version}/paper/receipt/download", {}),
    )


@pytest.mark.parametrize("state", ["returned", "refused", "withdrawn"])
def test_what_was_not_handed_in_changes_no_byte_for_others(
    twin_portals: TwinPortals, state: str
) -> None:
    case = Case(
        UNSETTLED,
        _changed_in(state),
        OUTSIDE if state == "returned" else ("office",),
        (*WORDS, *TITLES),
        {"office": _office_posts(twin_portals.portal)},
    )
    check(twin_portals, case)


def _draft(portal: PopulatedPortal, side: int) -> str:
    hidden = _change(portal, side)
    # The office knows of a draft which units it is for and how much is missing, and no more.
    _run(
        "UPDATE proposal SET joint_unit_id = NULL, open_gaps = 3, "
        "unit_id = (SELECT unit_id FROM person WHERE id = owner_id)"
    )
    return hidden


def test_a_draft_changes_no_byte_for_others(twin_portals: TwinPortals) -> None:
    open_call = f"UPDATE call SET status = 'open', {RUNNING}"
    begun = (open_call, "UPDATE proposal SET status = 'draft'", *NEVER_SUBMITTED)
    check(twin_portals, Case(begun, _draft, ("office", "stranger", "reviewer"), (*WORDS, *TITLES)))


def _taken_off(portal: PopulatedPortal, side: int) -> str:
    """A file that was put on and taken off again, and what only the own side fills in."""
    ids, mine = portal.people, _proposal(portal.proposal)
    drafts.save_draft(
        drafts.SaveDraft(
            mine, None, {}, uploads=[_pdf(f"{WORDS[side]}附件")], person_id=ids["applicant"]
        )
    )
    key = file_key(f"{WORDS[side]}附件.pdf")
    drafts.save_draft(drafts.SaveDraft(mine, None, {}, remove=key, person_id=ids["applicant"]))
    avoided = [avoiding(ids[("reviewer", "reviewer3")[side]], WORDS[side])]
    phone = f"010-1000000{side + 1}"
    drafts.save_draft(drafts.SaveDraft(mine, None, {"avoided": avoided, "leader_phone": phone}))
    return key


def test_the_partner_unit_reads_what_hangs_there_now_and_no_more(twin_portals: TwinPortals) -> None:
    check(twin_portals, Case(UNSETTLED, _taken_off, ("partner",), WORDS))


# -- review ------------------------------------------------------------------------------------

OWN = ("office2", "leading2", "applicant", "member", "partner")


def _run(statement: str, **values: Any) -> None:
    db.session.execute(text(statement), values)


_SHEET = (
    "INSERT INTO score_sheet (key, version, proposal_id, reviewer_id, proposal_version, "
    "assigned_at, assigned_by_id, strengths, problems, comment, status) "
    "SELECT :s, 1, id, :r, 1, '2022-07-01 02:00:00', :r, '草', '稿', '评语', 'draft' "
    "FROM proposal WHERE key = :k"
)


def _scored(whose: str) -> Any:
    """In one portal the sheets of `whose` reviewers on the first proposal are other ones."""

    def write(portal: PopulatedPortal, side: int) -> str:
        key, of_mine = portal.proposal, "proposal_id = (SELECT id FROM proposal WHERE key = :k)"
        chosen = f"{of_mine} AND reviewer_id IN (SELECT id FROM person WHERE {whose})"
        if side:
            sheets = f"SELECT id FROM score_sheet WHERE {chosen}"
            _run(f"UPDATE score_item SET score = 1000 WHERE sheet_id IN ({sheets})", k=key)
            _run(
                "UPDATE score_sheet SET strengths = '不成熟', problems = '太多', comment = '否', "
                f"recommendation = 'decline', version = version + 3 WHERE {chosen}",
                k=key,
            )
            _run(
                "UPDATE score_sheet SET status = 'draft', submitted_at = NULL WHERE id = "
                f"(SELECT min(id) FROM score_sheet WHERE status = 'submitted' AND {chosen})",
                k=key,
            )
            _run(f"UPDATE recusal SET reason = '换了理由' WHERE {of_mine}", k=key)
        return ""

    return write


def test_the_own_review_changes_no_byte_for_who_applied(twin_portals: TwinPortals) -> None:
    check(twin_portals, Case(UNDER_REVIEW, _scored("1 = 1"), OWN))


def test_scores_of_others_change_no_byte_for_a_reviewer(twin_portals: TwinPortals) -> None:
    others = "sign_in_name NOT IN ('reviewer', 'former')"
    readers = ("reviewer", "former", "recused")
    check(twin_portals, Case(UNDER_REVIEW, _scored(others), readers))


def _own_unit(portal: PopulatedPortal, side: int) -> str:
    """In one portal a proposal of the reviewer's own unit was given to him all the same."""
    if side:
        _run(_SHEET, s="ownunitsheet", r=portal.people["recused"], k=portal.proposal)
    return ""


def test_an_own_unit_proposal_is_not_even_counted(twin_portals: TwinPortals) -> None:
    check(twin_portals, Case(UNDER_REVIEW, _own_unit, ("recused",)))


def _listed(status: str) -> Any:
    """In one portal the ranking, the marks and the reasons are the other way round."""

    def write(portal: PopulatedPortal, side: int) -> str:
        _run("UPDATE decision SET status = :s, published_at = NULL", s=status)
        if side:
            _run("UPDATE decision_item SET mark = 'rejected', reason = '另有安排'")
            row = db.session.scalars(select(RankingResult)).one()
            plain = json.loads(row.content)
            first, second = plain["lines"]
            for name in ("score", "mean", "median", "means", "rank", "zone"):
                first[name], second[name] = second[name], first[name]
            plain["lines"] = [second, first]
            _run("UPDATE ranking_result SET content = :c", c=canonical_json(plain))
        return ""

    return write


RANKED = (
    f"UPDATE call SET status = 'reviewing', announced_at = NULL, {OVER}",
    "UPDATE proposal SET status = 'reviewed', closed_at = NULL",
    *NO_PROJECTS,
)


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_the_draft_decision_changes_no_byte_for_who_applied(
    twin_portals: TwinPortals, status: str
) -> None:
    readers = ("office2", "applicant") if status == "draft" else ("leading2",)
    check(twin_portals, Case(RANKED, _listed(status), readers))


def _judged(portal: PopulatedPortal, side: int) -> str:
    """In one portal somebody else reviewed, all of them the other way round, and one is at it."""
    ids = portal.people
    _run("UPDATE score_sheet SET comment = comment || substr(key, 1, 4)")
    if side:
        late = "'+' || (9 - id) || ' hours'"
        _run(
            f"UPDATE score_sheet SET submitted_at = datetime(submitted_at, {late}), "
            f"assigned_at = datetime(assigned_at, {late})"
        )
        swap = "UPDATE score_sheet SET reviewer_id = :new WHERE reviewer_id = :old"
        _run(swap, new=ids["recused"], old=ids["reviewer"])
        _run(_SHEET, s="draftedsheet", r=ids["stranger"], k=portal.proposal)
    return ""


def test_who_reviewed_and_when_changes_no_byte_of_the_result(twin_portals: TwinPortals) -> None:
    check(twin_portals, Case((), _judged, ("applicant", "leader", "partner", "stranger")))

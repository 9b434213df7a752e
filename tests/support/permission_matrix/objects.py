"""What addresses name: its states, how each person stands to it, and what it is called.

How people stand to things is written here by hand, so that a loader that computes it wrongly is
noticed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lab.calls.rules.lifecycle import CALL
from lab.decisions.rules.lifecycle import DECISION
from lab.inbox.rules.lifecycle import LETTER
from lab.portfolio.rules.lifecycle import PROJECT
from lab.proposals.rules.bulk_import.lifecycle import IMPORT
from lab.proposals.rules.corrections import ALL_FIELDS
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.releases.rules.lifecycle import RELEASE
from lab.reports.rules.lifecycle import REPORT
from lab.reviews.rules.lifecycle import SHEET
from tests.support.permission_matrix.populated_portal import World

VISITORS: dict[str, frozenset[str] | None] = {
    "anonymous": None,
    **dict.fromkeys(("applicant", "leader", "member", "partner"), frozenset({"applicant"})),
    **dict.fromkeys(("colleague", "stranger"), frozenset({"applicant"})),
    **dict.fromkeys(("reviewer", "reviewer2", "former", "recused"), frozenset({"reviewer"})),
    **dict.fromkeys(("office", "office2"), frozenset({"office"})),
    **dict.fromkeys(("leading", "leading2"), frozenset({"leading"})),
    **{role: frozenset({role}) for role in ("system", "security", "audit")},
}
IN_PROPOSAL = {
    "applicant": "owner",
    "leader": "leader",
    **dict.fromkeys(("member", "office2", "leading2"), "member"),
    "partner": "partner",
}
IN_TEAM = {
    "leader": "team_leader",
    **dict.fromkeys(("member", "office2", "leading2"), "team_member"),
}
JUDGES = ("reviewer", "reviewer2", "former")

SOON = "opens_at = '2022-11-01 00:00:00', closes_at = '2022-12-01 00:00:00'"
RUNNING = "opens_at = '2022-10-01 00:00:00', closes_at = '2022-12-01 00:00:00'"
OVER = "opens_at = '2022-07-01 00:00:00', closes_at = '2022-07-01 02:00:00'"
# More time for the applicant's unit, and a code that still holds.
MORE_TIME = (
    "INSERT INTO call_extension (call_id, unit_id, old_closes_at, new_closes_at, reason, at) "
    "SELECT call.id, unit_id, '2022-07-01 02:00:00', '2022-12-10 00:00:00', '系统故障。', "
    "'2022-07-01 01:00:00' FROM call, person WHERE sign_in_name = 'applicant'",
    "UPDATE call_late_code SET expires_at = '2022-12-31 00:00:00'",
)
NO_PROJECTS = tuple(
    f"DELETE FROM {table}"
    for table in (
        *("entry", "onboarding_step", "merchant", "scenario", "team_member", "milestone", "target"),
        *("progress_report", "period_lock", "project"),
    )
)
UNSIGNED = "UPDATE project SET charter_signed_at = NULL, charter_signed_by_id = NULL"
NO_DECISION = ("DELETE FROM decision_item", "DELETE FROM decision")


Stands = Callable[[str, str], frozenset[str]]


def none(_visitor: str, _state: str) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class Thing:
    """A kind of object as one loader finds it."""

    kind: str
    view: str
    arguments: Mapping[str, str]
    states: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"": ()})
    stands: Callable[[str, str], frozenset[str]] = none
    missing_in: tuple[str, ...] = ()
    has_files: bool = False
    pages: tuple[str, ...] = ()  # where its buttons and forms are


def _word(known: Mapping[str, str], *always: str) -> Callable[[str, str], frozenset[str]]:
    return lambda visitor, _: frozenset({known[visitor]} if visitor in known else ()) | set(always)


def _own(*always: str, more: Mapping[str, str] = MappingProxyType({})) -> Stands:
    """Who takes part must keep out of the judging of what one takes part in."""

    def stands(visitor: str, _state: str) -> frozenset[str]:
        word = {IN_PROPOSAL[visitor], "conflicted"} if visitor in IN_PROPOSAL else set[str]()
        return frozenset(word | ({more[visitor]} if visitor in more else set()) | set(always))

    return stands


def _call_own(*always: str) -> Stands:
    """The same for the call; `former` has stood back from a proposal of it."""
    known = dict.fromkeys((*IN_PROPOSAL, "former"), "conflicted")
    return _word(known, *always)


def _call_states(*more: str) -> dict[str, tuple[str, ...]]:
    times = {"draft": SOON, "published": SOON, "open": RUNNING}
    return {
        code: (
            "UPDATE call SET archived_at = announced_at",
            f"UPDATE call SET status = '{code}', {times.get(code, OVER)}",
            *(("UPDATE proposal SET status = 'accepted'",) if code == "closed" else ()),
            *more,
        )
        for code in CALL.codes
    }


def _call_stands(visitor: str, state: str) -> frozenset[str]:
    mates = ("applicant", "leader", "colleague", "recused")
    more = visitor in mates and state in ("open", "closed")
    return frozenset({"round_closed"} | ({"extension"} if more else set()))


def _proposal_states() -> dict[str, tuple[str, ...]]:
    early = ("draft", "submitted", "returned", "refused", "accepted", "withdrawn")
    states = {}
    for code in PROPOSAL.codes:
        call = ("open", RUNNING) if code in early else ("announced", OVER)
        call = ("closed", OVER) if code == "returned" else call  # now a withdrawal is asked for
        states[code] = (
            f"UPDATE call SET status = '{call[0]}', {call[1]}",
            f"UPDATE proposal SET status = '{code}', closed_at = submitted_at",
            *(NEVER_SUBMITTED if code == "draft" else ()),
            *((RETURNED,) if code == "returned" else ()),
            *(WITHDRAWAL_ASKED if code == "accepted" else ()),
            *JOINT.get(code, ()),
        )
    return states


# Only in one state, so that asking and withdrawing for the applicants are possible in the others.
WITHDRAWAL_ASKED = (
    "INSERT INTO proposal_withdrawal (proposal_id, kind, reason, asked_by_id, asked_at, answer, "
    "version, status) SELECT id, 'request', '情况有变', owner_id, '2022-10-01 00:00:00', '', "
    "1, 'asked' FROM proposal",
)
# A draft whose earlier confirmation holds and whose partner unit was asked once more: it can be
# submitted, confirmed and sent back. A returned one was changed since: the partner can be asked.
JOINT = {
    "draft": (
        "UPDATE joint_confirmation SET fingerprint = (SELECT newer.fingerprint "
        "FROM joint_confirmation newer WHERE newer.proposal_id = joint_confirmation.proposal_id "
        "ORDER BY newer.id DESC LIMIT 1)",
        "UPDATE joint_confirmation SET status = 'asked', answered_at = NULL, fingerprint = NULL "
        "WHERE id IN (SELECT max(id) FROM joint_confirmation GROUP BY proposal_id "
        "HAVING count(*) > 1)",
    ),
    "returned": ("UPDATE proposal SET background = '补充了依据。'",),
}
OPENED = json.dumps(sorted(ALL_FIELDS))
RETURNED = (
    "UPDATE formality_check SET outcome = 'returned', reason = '请补充', due_on = '2022-07-08', "
    f"reopened = '{OPENED}'"
)
NEVER_SUBMITTED = (
    *NO_PROJECTS,
    *NO_DECISION,
    *(
        f"DELETE FROM {table}"
        for table in (
            *("score_item", "sheet_history", "score_sheet", "recusal", "ranking_result"),
            *("paper", "proposal_version", "formality_check"),
        )
    ),
    "UPDATE proposal SET number = NULL",
)
UNDER_REVIEW = (
    f"UPDATE call SET status = 'reviewing', review_closed_at = NULL, {OVER}",
    "UPDATE proposal SET status = 'reviewing'",
    "DELETE FROM ranking_result",
    *NO_DECISION,
    *NO_PROJECTS,
)


def _sheet_states(key: str) -> dict[str, tuple[str, ...]]:
    return {
        code: (
            *UNDER_REVIEW,
            f"UPDATE score_sheet SET status = '{code}', closed_reason = '已说明', "
            f"return_reason = '请补充' WHERE key = '{key}'",
        )
        for code in SHEET.codes
    }


def _sheet_stands(visitor: str, state: str) -> frozenset[str]:
    if visitor != "reviewer":
        return frozenset()
    if state == "recused":
        return frozenset({"recused"})
    return frozenset({"assigned", "assigned_open", "assigned_pledged"})


def _decision_states() -> dict[str, tuple[str, ...]]:
    states = {}
    for code in DECISION.codes:
        published = code == "published"
        states[code] = (
            f"UPDATE call SET status = '{'announced' if published else 'reviewing'}'",
            *(() if published else ("UPDATE proposal SET status = 'reviewed'",)),
            *(NO_PROJECTS if code in ("draft", "submitted", "sent_back") else ()),
            f"UPDATE decision SET status = '{code}', note = '请补充'",
        )
    return states


def _decision_stands(visitor: str, _state: str) -> frozenset[str]:
    known = {
        "office": "proposer",
        **dict.fromkeys(JUDGES, "reviewer"),
    }
    own = {"conflicted"} if visitor in (*IN_PROPOSAL, "former") else set[str]()
    return frozenset(({known[visitor]} if visitor in known else set()) | own)


def _import_states(key: str) -> dict[str, tuple[str, ...]]:
    """A sheet for a call that still takes some; its mail came in on the first of July."""
    still = "opens_at = '2022-06-30 00:00:00', closes_at = '2022-12-01 00:00:00'"
    return {
        code: (
            *NO_PROJECTS,
            *NO_DECISION,
            f"UPDATE call SET status = 'open', {still}",
            f"UPDATE proposal_import SET status = '{code}', failure = '1行有问题。', "
            f"imported_by_id = made_by_id, imported_at = checked_at, closed_at = checked_at "
            f"WHERE key = '{key}'",
        )
        for code in IMPORT.codes
    }


def _project_states(key: str) -> dict[str, tuple[str, ...]]:
    return {
        code: (
            "UPDATE project SET landed_note = '已上线', accepted_note = '通过', "
            "status_reason = '暂缓', light_override = 'yellow', light_reason = '人工判断', "
            f"status = '{code}' WHERE key = '{key}'",
        )
        for code in PROJECT.codes
    }


def _project_stands(visitor: str, _state: str) -> frozenset[str]:
    team = {"announced", IN_TEAM[visitor]} if visitor in IN_TEAM else set()
    return frozenset(team | {"charter_signed"})


def _person(whom: str) -> Callable[[str, str], frozenset[str]]:
    known = {
        "reviewer3": {"staff", "ordinary", "of_reviewer"},
        "nobody": {"staff", "ordinary", "plain"},
        "office": {"staff"},
    }.get(whom, set[str]())
    return lambda visitor, _: frozenset(known | ({"self"} if visitor == whom else set()))


def _person_states(key: str) -> dict[str, tuple[str, ...]]:
    disabled = f"UPDATE person SET disabled_at = '2022-10-01 00:00:00' WHERE key = '{key}'"
    return {"open": (), "disabled": (disabled,)}


def _release_states(key: str) -> dict[str, tuple[str, ...]]:
    """The reset of a reviewer's password; in `done` its slip waits for who asked."""
    decided = "decided_by_id = (SELECT id FROM person WHERE sign_in_name = 'office2')"
    states = {
        code: (
            f"UPDATE release_request SET status = '{code}', {decided}, answer = '不同意', "
            f"decided_at = asked_at WHERE key = '{key}'",
        )
        for code in RELEASE.codes
    }
    slip = (
        "UPDATE person SET password_hash = '' WHERE sign_in_name = 'reviewer2'",
        "INSERT INTO password_reset (person_id, at, asked_by, released_by, release_key, "
        "slip_for_id) SELECT concerned_id, asked_at, '经办甲', '经办乙', key, asked_by_id "
        f"FROM release_request WHERE key = '{key}'",
    )
    return {**states, "done": (*states["done"], *slip)}


RELEASE_STANDS = {"office": ("asker",), "office2": ("releaser",), "reviewer2": ("concerned",)}


def _release_stands(visitor: str, _state: str) -> frozenset[str]:
    return frozenset({*RELEASE_STANDS.get(visitor, ()), "reviewer_only"})


def _letter_stands(visitor: str, _state: str) -> frozenset[str]:
    mine = {"recipient"} if visitor in ("applicant", "leader") else set[str]()
    own = {"conflicted"} if visitor in (*IN_PROPOSAL, "former") else set[str]()
    return frozenset(mine | own)


def _letter_states(key: str) -> dict[str, tuple[str, ...]]:
    void = "voided_by_id = drafted_by_id, voided_at = drafted_at, void_reason = '重复'"
    return {
        code: (f"UPDATE letter SET status = '{code}', {void} WHERE key = '{key}'",)
        for code in LETTER.codes
    }


def things(world: World) -> dict[str, list[Thing]]:
    """What each loader finds, by the loader's name; several where the kind of person matters."""
    call, project = {"key": world.call}, {"key": world.project}
    states = _project_states(world.project)

    def of_project(view: str, **more: str) -> Thing:
        page = f"/projects/{world.project}"
        pages = (page, f"{page}/indicators/check", f"{page}/indicators/entry/2022-09")
        return Thing("project", view, {**project, **more}, states, _project_stands, pages=pages)

    def of_month(month: str) -> Thing:
        at = f"/projects/{world.project}/indicators"
        pages = (f"{at}/check", f"{at}/text/{month}")
        of, only = {**project, "period": month}, {"running": states["running"]}
        return Thing("project", "indicator.view", of, only, _project_stands, pages=pages)

    def person(whom: str, *states: str) -> Thing:
        key, page = world.keys[whom], f"/people/{world.keys[whom]}"
        known = {state: _person_states(key)[state] for state in states}
        return Thing("person", "people.view", {"key": key}, known, _person(whom), pages=(page,))

    reviewing = _call_states("UPDATE call SET review_closed_at = NULL", *UNDER_REVIEW[2:])
    early = ("draft", "published", "open")
    call_page, round_page = f"/calls/{world.call}", f"/rounds/{world.call}"
    proposal = {"key": world.proposal}
    proposal_page = f"/proposals/{world.proposal}"
    own_sheet = _sheet_states(world.sheet)
    sheet_page = f"/reviews/{world.sheet}"
    letter, letter_page = {"key": world.letter}, f"/letters/{world.letter}"
    to = _letter_stands
    in_call = _word(dict.fromkeys(JUDGES, "assigned_in_call"))
    return {
        "calls.access.load_call": [
            Thing(
                "call",
                "call.view",
                call,
                _call_states(
                    *(*NO_PROJECTS, *NO_DECISION, *MORE_TIME, "DELETE FROM formality_check")
                ),
                _call_stands,
                pages=(
                    *(call_page, f"{call_page}/criteria", f"{call_page}/edit", round_page),
                    *(f"{call_page}/extend", f"{call_page}/codes"),
                    *(f"{call_page}/overview/remind", f"/checks/lists/{world.call}"),
                ),
            )
        ],
        "calls.deadlines.access.load_code": [
            Thing(
                "call",
                "call.view",
                {**call, "code_key": world.late_code},
                _call_states(*MORE_TIME),
                _word({}, "round_closed"),
                pages=(f"{call_page}/codes",),
            )
        ],
        "calls.notice.access.load_revision": [
            Thing(
                "call",
                "call.view",
                {**call, "number": "1"},
                _call_states(),
                _word({}, "round_closed"),
            )
        ],
        "calls.access.load_attached": [
            Thing(
                "call",
                "call.view",
                {**call, "file_key": world.call_file},
                _call_states(),
                _word({}, "round_closed"),
                has_files=True,
            )
        ],
        "reviews.access.load_round": [
            Thing("call", "round.view", call, reviewing, _call_own(), early, pages=(round_page,))
        ],
        "reviews.access.load_reminder": [
            Thing(
                "call",
                "round.view",
                {**call, "person_key": world.keys["reviewer"]},
                {
                    state: (*sql, "UPDATE score_sheet SET status = 'draft'")
                    for state, sql in reviewing.items()
                },
                _call_own(),
                early,
                pages=(round_page,),
            )
        ],
        "reviews.access.load_entry": [
            Thing(
                "proposal",
                "round.sheets",
                {**call, "proposal_key": world.proposal},
                reviewing,
                _own(more={"former": "conflicted"}),
                early,
            )
        ],
        "reviews.access.load_office_sheet": [
            Thing(
                "sheet",
                "round.sheets",
                {"key": world.sheet},
                own_sheet,
                _own("round_open", more={"former": "conflicted"}),
            )
        ],
        "reviews.sheets.access.load_own_sheet": [
            Thing(
                "sheet",
                "review.view",
                {"key": world.sheet},
                own_sheet,
                _sheet_stands,
                pages=(sheet_page,),
            ),
            Thing(
                "sheet",
                "review.view",
                {"key": world.recused_sheet},
                {"recused": UNDER_REVIEW},
                _word({"former": "recused"}),
            ),
        ],
        "reviews.sheets.access.load_own_file": [
            Thing(
                "sheet",
                "review.view",
                {"key": world.sheet, "file_key": world.proposal_file, "page": "1"},
                own_sheet,
                _sheet_stands,
            )
        ],
        "reviews.sheets.access.load_pledge": [
            Thing("call", "review.pledge", call, _unsigned(reviewing), in_call, pages=("/reviews",))
        ],
        "decisions.access.load_ranking": [
            Thing("call", "ranking.view", call, _call_states(), _call_own("decision_submitted"))
        ],
        "decisions.access.load_reviewed_call": [
            Thing(
                "call",
                "call.view",
                call,
                _call_states(*NO_PROJECTS, *NO_DECISION),
                _call_own("round_closed"),
                pages=(f"{round_page}/ranking",),
            )
        ],
        "decisions.access.load_decision": [
            Thing(
                "decision",
                "decision.view",
                {"key": world.decision},
                _decision_states(),
                _decision_stands,
                pages=(f"/decisions/{world.decision}", f"/decisions/{world.decision}/edit"),
            )
        ],
        "proposals.access.load_proposal": [
            Thing(
                "proposal",
                "proposal.view",
                {**proposal, "slug": "basics", "snapshot": world.proposal_draft},
                _proposal_states(),
                _own(),
                pages=(
                    *(f"{proposal_page}{p}" for p in ("", "/edit/files", "/edit/basics", "/joint")),
                    f"/checks/{world.proposal}",
                ),
            )
        ],
        "proposals.access.load_version": [
            Thing(
                "proposal",
                "proposal.view",
                {**proposal, "number": "1"},
                _proposal_states(),
                _own(),
                missing_in=("draft",),
                pages=(f"{proposal_page}/versions/1/paper",),
            )
        ],
        "reports.proposal_documents.access.load_document": [
            Thing(
                "proposal",
                "proposal.view",
                {**proposal, "number": "1", "kind": kind},
                _proposal_states(),
                _own(),
                missing_in=("draft",),
                pages=(f"{proposal_page}/versions/1/paper",),
            )
            for kind in ("receipt", "proposal")
        ],
        "proposals.bulk_import.access.load_import": [
            Thing(
                "import",
                "import.view",
                {"key": world.sheet_import},
                _import_states(world.sheet_import),
                pages=(f"/proposals/imports/{world.sheet_import}",),
            )
        ],
        "proposals.access.load_file": [
            Thing(
                "proposal",
                "proposal.view",
                {**proposal, "file_key": world.proposal_file, "page": "1"},
                _proposal_states(),
                _own(),
                has_files=True,
            )
        ],
        "portfolio.access.load_project": [
            of_project("project.view"),
            Thing(
                "project",
                "project.view",
                project,
                {"awaiting_charter": (*states["awaiting_charter"], UNSIGNED)},
                lambda visitor, state: _project_stands(visitor, state) - {"charter_signed"},
                pages=(f"/projects/{world.project}",),
            ),
        ],
        "indicators.access.load_project_figures": [of_project("indicator.view")],
        "indicators.access.load_month": [
            of_project("indicator.view", period="2022-09"),
            *(of_month(month) for month in ("2022-06", "2022-08")),
        ],
        "indicators.access.load_entry": [of_project("indicator.view", entry_key=world.entry)],
        "scenarios.access.load_project_scenarios": [of_project("scenario.view")],
        "scenarios.access.load_scenario": [
            of_project("scenario.view", scenario_key=world.scenario)
        ],
        "scenarios.access.load_merchant": [
            of_project("scenario.view", merchant_key=world.merchant),
            of_project("scenario.view", merchant_key=world.halted),
        ],
        "identity.access.load_person": [
            *(person(whom, "open", "disabled") for whom in ("reviewer3", "nobody")),
            *(person(whom, "open") for whom in ("office", "system", "security")),
        ],
        "releases.access.load_release": [
            Thing(
                "release",
                "release.view",
                {"key": world.release},
                _release_states(world.release),
                _release_stands,
                pages=(f"/releases/{world.release}",),
            )
        ],
        "identity.access.load_unit": [Thing("none", "units.list", {"key": world.unit})],
        "workdays.access.load_day": [
            Thing(
                "none",
                "workdays.list",
                {"key": world.calendar_day},
                pages=(f"/workdays/days/{world.calendar_day}",),
            )
        ],
        "workdays.access.load_year": [
            Thing("none", "workdays.list", {"year": year}, pages=(f"/workdays/{year}",))
            for year in ("2031", "2032")
        ],
        "inbox.notices.access.load_own": [
            Thing("inbox", "inbox.view", {}, stands=_word({}, "receiver"))
        ],
        "reports.leading.access.load_report": [
            Thing(
                "report",
                "report.view",
                {"key": world.report},
                {code: (f"UPDATE report SET status = '{code}'",) for code in REPORT.codes},
                pages=(f"/reports/{world.report}",),
            )
        ],
        "inbox.letters.access.load_letter": [
            Thing(
                "letter",
                "letter.view",
                letter,
                _letter_states(world.letter),
                to,
                pages=(letter_page,),
            )
        ],
        "inbox.letters.access.load_addressed": [
            Thing(
                "letter",
                "letter.view",
                {**letter, "recipient_key": world.letter_recipient},
                _letter_states(world.letter),
                to,
                pages=(letter_page,),
            )
        ],
        "": [Thing("none", "", {}, pages=("/letters/send?all=1",))],
    }


def _unsigned(states: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {state: (*sql, "DELETE FROM pledge") for state, sql in states.items()}

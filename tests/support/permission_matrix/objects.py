"""The objects that addresses name: their states and each visitor's relations to them.

The relations are written by hand, so that a loader that computes them wrongly is noticed.
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
from tests.support.permission_matrix.populated_portal import PopulatedPortal

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
REVIEWERS = ("reviewer", "reviewer2", "former")

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


Relations = Callable[[str, str], frozenset[str]]


def no_relations(_visitor: str, _state: str) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class PolicyObject:
    """A kind of object as one loader finds it."""

    kind: str
    view: str
    arguments: Mapping[str, str]
    states: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"": ()})
    relations: Callable[[str, str], frozenset[str]] = no_relations
    missing_in: tuple[str, ...] = ()
    has_files: bool = False
    pages: tuple[str, ...] = ()  # where its buttons and forms are


def _relation_of(known: Mapping[str, str], *always: str) -> Callable[[str, str], frozenset[str]]:
    return lambda visitor, _: frozenset({known[visitor]} if visitor in known else ()) | set(always)


def _own(*always: str, more: Mapping[str, str] = MappingProxyType({})) -> Relations:
    """Who takes part must keep out of the judging of what one takes part in."""

    def relations(visitor: str, _state: str) -> frozenset[str]:
        word = {IN_PROPOSAL[visitor], "conflicted"} if visitor in IN_PROPOSAL else set[str]()
        return frozenset(word | ({more[visitor]} if visitor in more else set()) | set(always))

    return relations


def _call_own(*always: str) -> Relations:
    """The same for the call; `former` has stood back from a proposal of it."""
    known = dict.fromkeys((*IN_PROPOSAL, "former"), "conflicted")
    return _relation_of(known, *always)


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


def _call_relations(visitor: str, state: str) -> frozenset[str]:
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


def _sheet_relations(visitor: str, state: str) -> frozenset[str]:
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


def _decision_relations(visitor: str, _state: str) -> frozenset[str]:
    known = {
        "office": "proposer",
        **dict.fromkeys(REVIEWERS, "reviewer"),
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


def _project_relations(visitor: str, _state: str) -> frozenset[str]:
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


RELEASE_RELATIONS = {"office": ("asker",), "office2": ("releaser",), "reviewer2": ("concerned",)}


def _release_relations(visitor: str, _state: str) -> frozenset[str]:
    return frozenset({*RELEASE_RELATIONS.get(visitor, ()), "reviewer_only"})


def _letter_relations(visitor: str, _state: str) -> frozenset[str]:
    mine = {"recipient"} if visitor in ("applicant", "leader") else set[str]()
    own = {"conflicted"} if visitor in (*IN_PROPOSAL, "former") else set[str]()
    return frozenset(mine | own)


def _letter_states(key: str) -> dict[str, tuple[str, ...]]:
    void = "voided_by_id = drafted_by_id, voided_at = drafted_at, void_reason = '重复'"
    return {
        code: (f"UPDATE letter SET status = '{code}', {void} WHERE key = '{key}'",)
        for code in LETTER.codes
    }


def policy_objects(portal: PopulatedPortal) -> dict[str, list[PolicyObject]]:
    """What each loader finds, by the loader's name; several where the kind of person matters."""
    call, project = {"key": portal.call}, {"key": portal.project}
    states = _project_states(portal.project)

    def of_project(view: str, **more: str) -> PolicyObject:
        page = f"/projects/{portal.project}"
        pages = (page, f"{page}/indicators/check", f"{page}/indicators/entry/2022-09")
        return PolicyObject(
            "project", view, {**project, **more}, states, _project_relations, pages=pages
        )

    def of_month(month: str) -> PolicyObject:
        at = f"/projects/{portal.project}/indicators"
        pages = (f"{at}/check", f"{at}/text/{month}")
        of, only = {**project, "period": month}, {"running": states["running"]}
        return PolicyObject("project", "indicator.view", of, only, _project_relations, pages=pages)

    def person(whom: str, *states: str) -> PolicyObject:
        key, page = portal.keys[whom], f"/people/{portal.keys[whom]}"
        known = {state: _person_states(key)[state] for state in states}
        return PolicyObject(
            "person", "people.view", {"key": key}, known, _person(whom), pages=(page,)
        )

    reviewing = _call_states("UPDATE call SET review_closed_at = NULL", *UNDER_REVIEW[2:])
    early = ("draft", "published", "open")
    call_page, round_page = f"/calls/{portal.call}", f"/rounds/{portal.call}"
    proposal = {"key": portal.proposal}
    proposal_page = f"/proposals/{portal.proposal}"
    own_sheet = _sheet_states(portal.sheet)
    sheet_page = f"/reviews/{portal.sheet}"
    letter, letter_page = {"key": portal.letter}, f"/letters/{portal.letter}"
    to = _letter_relations
    in_call = _relation_of(dict.fromkeys(REVIEWERS, "assigned_in_call"))
    return {
        "calls.access.load_call": [
            PolicyObject(
                "call",
                "call.view",
                call,
                _call_states(
                    *(*NO_PROJECTS, *NO_DECISION, *MORE_TIME, "DELETE FROM formality_check")
                ),
                _call_relations,
                pages=(
                    *(call_page, f"{call_page}/criteria", f"{call_page}/edit", round_page),
                    *(f"{call_page}/extend", f"{call_page}/codes"),
                    *(f"{call_page}/overview/remind", f"/checks/lists/{portal.call}"),
                ),
            )
        ],
        "calls.deadlines.access.load_code": [
            PolicyObject(
                "call",
                "call.view",
                {**call, "code_key": portal.late_code},
                _call_states(*MORE_TIME),
                _relation_of({}, "round_closed"),
                pages=(f"{call_page}/codes",),
            )
        ],
        "calls.notice.access.load_revision": [
            PolicyObject(
                "call",
                "call.view",
                {**call, "number": "1"},
                _call_states(),
                _relation_of({}, "round_closed"),
            )
        ],
        "calls.access.load_attached": [
            PolicyObject(
                "call",
                "call.view",
                {**call, "file_key": portal.call_file},
                _call_states(),
                _relation_of({}, "round_closed"),
                has_files=True,
            )
        ],
        "reviews.access.load_round": [
            PolicyObject(
                "call", "round.view", call, reviewing, _call_own(), early, pages=(round_page,)
            )
        ],
        "reviews.access.load_reminder": [
            PolicyObject(
                "call",
                "round.view",
                {**call, "person_key": portal.keys["reviewer"]},
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
            PolicyObject(
                "proposal",
                "round.sheets",
                {**call, "proposal_key": portal.proposal},
                reviewing,
                _own(more={"former": "conflicted"}),
                early,
            )
        ],
        "reviews.access.load_office_sheet": [
            PolicyObject(
                "sheet",
                "round.sheets",
                {"key": portal.sheet},
                own_sheet,
                _own("round_open", more={"former": "conflicted"}),
            )
        ],
        "reviews.sheets.access.load_own_sheet": [
            PolicyObject(
                "sheet",
                "review.view",
                {"key": portal.sheet},
                own_sheet,
                _sheet_relations,
                pages=(sheet_page,),
            ),
            PolicyObject(
                "sheet",
                "review.view",
                {"key": portal.recused_sheet},
                {"recused": UNDER_REVIEW},
                _relation_of({"former": "recused"}),
            ),
        ],
        "reviews.sheets.access.load_own_file": [
            PolicyObject(
                "sheet",
                "review.view",
                {"key": portal.sheet, "file_key": portal.proposal_file, "page": "1"},
                own_sheet,
                _sheet_relations,
            )
        ],
        "reviews.sheets.access.load_pledge": [
            PolicyObject(
                "call", "review.pledge", call, _unsigned(reviewing), in_call, pages=("/reviews",)
            )
        ],
        "decisions.access.load_ranking": [
            PolicyObject(
                "call", "ranking.view", call, _call_states(), _call_own("decision_submitted")
            )
        ],
        "decisions.access.load_reviewed_call": [
            PolicyObject(
                "call",
                "call.view",
                call,
                _call_states(*NO_PROJECTS, *NO_DECISION),
                _call_own("round_closed"),
                pages=(f"{round_page}/ranking",),
            )
        ],
        "decisions.access.load_decision": [
            PolicyObject(
                "decision",
                "decision.view",
                {"key": portal.decision},
                _decision_states(),
                _decision_relations,
                pages=(f"/decisions/{portal.decision}", f"/decisions/{portal.decision}/edit"),
            )
        ],
        "proposals.access.load_proposal": [
            PolicyObject(
                "proposal",
                "proposal.view",
                {**proposal, "slug": "basics", "snapshot": portal.proposal_draft},
                _proposal_states(),
                _own(),
                pages=(
                    *(f"{proposal_page}{p}" for p in ("", "/edit/files", "/edit/basics", "/joint")),
                    f"/checks/{portal.proposal}",
                ),
            )
        ],
        "proposals.access.load_version": [
            PolicyObject(
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
            PolicyObject(
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
            PolicyObject(
                "import",
                "import.view",
                {"key": portal.sheet_import},
                _import_states(portal.sheet_import),
                pages=(f"/proposals/imports/{portal.sheet_import}",),
            )
        ],
        "proposals.access.load_file": [
            PolicyObject(
                "proposal",
                "proposal.view",
                {**proposal, "file_key": portal.proposal_file, "page": "1"},
                _proposal_states(),
                _own(),
                has_files=True,
            )
        ],
        "portfolio.access.load_project": [
            of_project("project.view"),
            PolicyObject(
                "project",
                "project.view",
                project,
                {"awaiting_charter": (*states["awaiting_charter"], UNSIGNED)},
                lambda visitor, state: _project_relations(visitor, state) - {"charter_signed"},
                pages=(f"/projects/{portal.project}",),
            ),
        ],
        "indicators.access.load_project_figures": [of_project("indicator.view")],
        "indicators.access.load_month": [
            of_project("indicator.view", period="2022-09"),
            *(of_month(month) for month in ("2022-06", "2022-08")),
        ],
        "indicators.access.load_entry": [of_project("indicator.view", entry_key=portal.entry)],
        "scenarios.access.load_project_scenarios": [of_project("scenario.view")],
        "scenarios.access.load_scenario": [
            of_project("scenario.view", scenario_key=portal.scenario)
        ],
        "scenarios.access.load_merchant": [
            of_project("scenario.view", merchant_key=portal.merchant),
            of_project("scenario.view", merchant_key=portal.paused_merchant),
        ],
        "identity.access.load_person": [
            *(person(whom, "open", "disabled") for whom in ("reviewer3", "nobody")),
            *(person(whom, "open") for whom in ("office", "system", "security")),
        ],
        "releases.access.load_release": [
            PolicyObject(
                "release",
                "release.view",
                {"key": portal.release},
                _release_states(portal.release),
                _release_relations,
                pages=(f"/releases/{portal.release}",),
            )
        ],
        "identity.access.load_unit": [PolicyObject("none", "units.list", {"key": portal.unit})],
        "workdays.access.load_day": [
            PolicyObject(
                "none",
                "workdays.list",
                {"key": portal.calendar_day},
                pages=(f"/workdays/days/{portal.calendar_day}",),
            )
        ],
        "workdays.access.load_year": [
            PolicyObject("none", "workdays.list", {"year": year}, pages=(f"/workdays/{year}",))
            for year in ("2031", "2032")
        ],
        "inbox.notices.access.load_own": [
            PolicyObject("inbox", "inbox.view", {}, relations=_relation_of({}, "receiver"))
        ],
        "reports.leading.access.load_report": [
            PolicyObject(
                "report",
                "report.view",
                {"key": portal.report},
                {code: (f"UPDATE report SET status = '{code}'",) for code in REPORT.codes},
                pages=(f"/reports/{portal.report}",),
            )
        ],
        "inbox.letters.access.load_letter": [
            PolicyObject(
                "letter",
                "letter.view",
                letter,
                _letter_states(portal.letter),
                to,
                pages=(letter_page,),
            )
        ],
        "inbox.letters.access.load_addressed": [
            PolicyObject(
                "letter",
                "letter.view",
                {**letter, "recipient_key": portal.letter_recipient},
                _letter_states(portal.letter),
                to,
                pages=(letter_page,),
            )
        ],
        "": [PolicyObject("none", "", {}, pages=("/letters/send?all=1",))],
    }


def _unsigned(states: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {state: (*sql, "DELETE FROM pledge") for state, sql in states.items()}

"""The objects that addresses name, by the loader that finds them: a table for each feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.permission_matrix.populated_portal import PopulatedPortal
from tests.support.permission_matrix.relations import (
    REVIEWERS,
    Relations,
    call_conflicts,
    call_relations,
    decision_relations,
    letter_relations,
    no_relations,
    person_relations,
    project_relations,
    proposal_relations,
    relation_of,
    release_relations,
    sheet_relations,
)
from tests.support.permission_matrix.states import (
    MORE_TIME,
    NO_DECISION,
    NO_PROJECTS,
    UNDER_REVIEW,
    UNSIGNED,
    States,
    call_states,
    decision_states,
    import_states,
    letter_states,
    people_import_states,
    person_states,
    project_states,
    proposal_states,
    release_states,
    report_states,
    sheet_states,
    upload_states,
    without_pledges,
)

VISITORS: dict[str, frozenset[str] | None] = {
    "anonymous": None,
    **dict.fromkeys(("applicant", "leader", "member", "partner"), frozenset({"applicant"})),
    **dict.fromkeys(("colleague", "stranger"), frozenset({"applicant"})),
    **dict.fromkeys(("reviewer", "reviewer2", "former", "recused"), frozenset({"reviewer"})),
    **dict.fromkeys(("office", "office2"), frozenset({"office"})),
    **dict.fromkeys(("leading", "leading2"), frozenset({"leading"})),
    **{role: frozenset({role}) for role in ("system", "security", "audit")},
}


@dataclass(frozen=True, eq=False)  # each is its own key
class PolicyObject:
    """A kind of object as one loader finds it."""

    kind: str
    view: str
    arguments: Mapping[str, str]
    states: States = field(default_factory=lambda: {"": ()})
    relations: Relations = no_relations
    missing_in: tuple[str, ...] = ()
    has_files: bool = False
    pages: tuple[str, ...] = ()  # where its buttons and forms are


ByLoader = dict[str, list[PolicyObject]]


def policy_objects(portal: PopulatedPortal) -> ByLoader:
    """What each loader finds, by the loader's name; several where the kind of person matters."""
    return {
        **_identity(portal),
        **_workdays(portal),
        **_handover(portal),
        **_inbox(portal),
        **_releases(portal),
        **_calls(portal),
        **_proposals(portal),
        **_reviews(portal),
        **_decisions(portal),
        **_portfolio(portal),
        **_indicators(portal),
        **_scenarios(portal),
        **_reports(portal),
        **_enrolment(portal),
        "": [PolicyObject("none", "", {}, pages=("/letters/send?all=1", "/account/mail"))],
    }


def _identity(portal: PopulatedPortal) -> ByLoader:
    def person(whom: str, *states: str) -> PolicyObject:
        key = portal.keys[whom]
        known = {state: person_states(key)[state] for state in states}
        return PolicyObject(
            "person",
            "people.view",
            {"key": key},
            known,
            person_relations(whom),
            pages=(f"/people/{key}",),
        )

    return {
        "identity.access.load_person": [
            *(person(whom, "open", "disabled") for whom in ("reviewer3", "nobody")),
            *(person(whom, "open") for whom in ("office", "system", "security", "waiting")),
        ],
        "identity.access.load_unit": [PolicyObject("none", "units.list", {"key": portal.unit})],
    }


def _workdays(portal: PopulatedPortal) -> ByLoader:
    return {
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
    }


def _handover(portal: PopulatedPortal) -> ByLoader:
    def giver(whom: str, *states: str) -> PolicyObject:
        key = portal.keys[whom]
        return PolicyObject(
            "person",
            "handover.view",
            {"key": key},
            {state: person_states(key)[state] for state in states},
            person_relations(whom),
            pages=(f"/handovers/people/{key}",),
        )

    return {
        "handover.access.load_giver": [
            *(giver(whom, "open") for whom in ("leader", "office", "system")),
        ],
        "handover.access.load_handover": [
            PolicyObject("none", "handover.list", {"key": portal.handover})
        ],
    }


def _inbox(portal: PopulatedPortal) -> ByLoader:
    def letter(**more: str) -> PolicyObject:
        return PolicyObject(
            "letter",
            "letter.view",
            {"key": portal.letter, **more},
            letter_states(portal.letter),
            letter_relations,
            pages=(f"/letters/{portal.letter}",),
        )

    return {
        "inbox.notices.access.load_own": [
            PolicyObject("inbox", "inbox.view", {}, relations=relation_of({}, "receiver"))
        ],
        "inbox.letters.access.load_letter": [letter()],
        "inbox.letters.access.load_addressed": [letter(recipient_key=portal.letter_recipient)],
    }


def _releases(portal: PopulatedPortal) -> ByLoader:
    return {
        "releases.access.load_release": [
            PolicyObject(
                "release",
                "release.view",
                {"key": portal.release},
                release_states(portal.release),
                release_relations,
                pages=(f"/releases/{portal.release}",),
            )
        ],
    }


def _calls(portal: PopulatedPortal) -> ByLoader:
    call, page = {"key": portal.call}, f"/calls/{portal.call}"
    closed = relation_of({}, "round_closed")
    return {
        "calls.access.load_call": [
            PolicyObject(
                "call",
                "call.view",
                call,
                call_states(*NO_PROJECTS, *NO_DECISION, *MORE_TIME, "DELETE FROM formality_check"),
                call_relations,
                pages=(
                    *(page, f"{page}/criteria", f"{page}/edit", f"/rounds/{portal.call}"),
                    *(f"{page}/extend", f"{page}/codes"),
                    *(f"{page}/overview/remind", f"/checks/lists/{portal.call}"),
                ),
            )
        ],
        "calls.deadlines.access.load_code": [
            PolicyObject(
                "call",
                "call.view",
                {**call, "code_key": portal.late_code},
                call_states(*MORE_TIME),
                closed,
                pages=(f"{page}/codes",),
            )
        ],
        "calls.notice.access.load_revision": [
            PolicyObject("call", "call.view", {**call, "number": "1"}, call_states(), closed)
        ],
        "calls.access.load_attached": [
            PolicyObject(
                "call",
                "call.view",
                {**call, "file_key": portal.call_file},
                call_states(),
                closed,
                has_files=True,
            )
        ],
    }


def _proposals(portal: PopulatedPortal) -> ByLoader:
    proposal, page = {"key": portal.proposal}, f"/proposals/{portal.proposal}"
    return {
        "proposals.access.load_proposal": [
            PolicyObject(
                "proposal",
                "proposal.view",
                {**proposal, "slug": "basics", "snapshot": portal.proposal_draft},
                proposal_states(),
                proposal_relations(),
                pages=(
                    *(f"{page}{p}" for p in ("", "/edit/files", "/edit/basics", "/joint")),
                    f"/checks/{portal.proposal}",
                ),
            )
        ],
        "proposals.access.load_version": [
            PolicyObject(
                "proposal",
                "proposal.view",
                {**proposal, "number": "1"},
                proposal_states(),
                proposal_relations(),
                missing_in=("draft",),
                pages=(f"{page}/versions/1/paper",),
            )
        ],
        "proposals.access.load_file": [
            PolicyObject(
                "proposal",
                "proposal.view",
                {**proposal, "file_key": portal.proposal_file, "page": "1"},
                proposal_states(),
                proposal_relations(),
                has_files=True,
            )
        ],
        "proposals.bulk_import.access.load_import": [
            PolicyObject(
                "import",
                "import.view",
                {"key": portal.sheet_import},
                import_states(portal.sheet_import),
                pages=(f"/proposals/imports/{portal.sheet_import}",),
            )
        ],
        "importing.matching.access.load_upload": [
            PolicyObject(
                "upload",
                "upload.view",
                {"key": portal.upload},
                upload_states(portal.upload),
                relation_of({}, "of_office"),
                pages=(f"/imports/{portal.upload}/heading", f"/imports/{portal.upload}/columns"),
            ),
            PolicyObject(
                "upload",
                "upload.view",
                {"key": portal.people_upload},
                upload_states(portal.people_upload),
                relation_of({}, "of_administrators"),
                pages=tuple(
                    f"/imports/{portal.people_upload}/{step}" for step in ("heading", "columns")
                ),
            ),
        ],
    }


def _enrolment(portal: PopulatedPortal) -> ByLoader:
    return {
        "enrolment.access.load_import": [
            PolicyObject(
                "people_import",
                "people_import.view",
                {"key": portal.people_import},
                people_import_states(portal.people_import),
                pages=(f"/people/imports/{portal.people_import}",),
            )
        ],
    }


def _reviews(portal: PopulatedPortal) -> ByLoader:
    reviewing = call_states("UPDATE call SET review_closed_at = NULL", *UNDER_REVIEW[2:])
    return {**_rounds(portal, reviewing), **_sheets(portal, reviewing)}


def _rounds(portal: PopulatedPortal, reviewing: States) -> ByLoader:
    call, early = {"key": portal.call}, ("draft", "published", "open")
    pages = (f"/rounds/{portal.call}",)
    drafts = {
        state: (*sql, "UPDATE score_sheet SET status = 'draft'") for state, sql in reviewing.items()
    }
    return {
        "reviews.access.load_round": [
            PolicyObject(
                "call", "round.view", call, reviewing, call_conflicts(), early, pages=pages
            )
        ],
        "reviews.access.load_reminder": [
            PolicyObject(
                "call",
                "round.view",
                {**call, "person_key": portal.keys["reviewer"]},
                drafts,
                call_conflicts(),
                early,
                pages=pages,
            )
        ],
        "reviews.access.load_entry": [
            PolicyObject(
                "proposal",
                "round.sheets",
                {**call, "proposal_key": portal.proposal},
                reviewing,
                proposal_relations(more={"former": "conflicted"}),
                early,
            )
        ],
        "reviews.access.load_office_sheet": [
            PolicyObject(
                "sheet",
                "round.sheets",
                {"key": portal.sheet},
                sheet_states(portal.sheet),
                proposal_relations("round_open", more={"former": "conflicted"}),
            )
        ],
    }


def _sheets(portal: PopulatedPortal, reviewing: States) -> ByLoader:
    own_sheet = sheet_states(portal.sheet)
    return {
        "reviews.sheets.access.load_own_sheet": [
            PolicyObject(
                "sheet",
                "review.view",
                {"key": portal.sheet},
                own_sheet,
                sheet_relations,
                pages=(f"/reviews/{portal.sheet}",),
            ),
            PolicyObject(
                "sheet",
                "review.view",
                {"key": portal.recused_sheet},
                {"recused": UNDER_REVIEW},
                relation_of({"former": "recused"}),
            ),
        ],
        "reviews.sheets.access.load_own_file": [
            PolicyObject(
                "sheet",
                "review.view",
                {"key": portal.sheet, "file_key": portal.proposal_file, "page": "1"},
                own_sheet,
                sheet_relations,
            )
        ],
        "reviews.sheets.access.load_pledge": [
            PolicyObject(
                "call",
                "review.pledge",
                {"key": portal.call},
                without_pledges(reviewing),
                relation_of(dict.fromkeys(REVIEWERS, "assigned_in_call")),
                pages=("/reviews",),
            )
        ],
    }


def _decisions(portal: PopulatedPortal) -> ByLoader:
    call = {"key": portal.call}
    return {
        "decisions.access.load_ranking": [
            PolicyObject(
                "call", "ranking.view", call, call_states(), call_conflicts("decision_submitted")
            )
        ],
        "decisions.access.load_reviewed_call": [
            PolicyObject(
                "call",
                "call.view",
                call,
                call_states(*NO_PROJECTS, *NO_DECISION),
                call_conflicts("round_closed"),
                pages=(f"/rounds/{portal.call}/ranking",),
            )
        ],
        "decisions.access.load_decision": [
            PolicyObject(
                "decision",
                "decision.view",
                {"key": portal.decision},
                decision_states(),
                decision_relations,
                pages=(f"/decisions/{portal.decision}", f"/decisions/{portal.decision}/edit"),
            )
        ],
    }


def _of_project(portal: PopulatedPortal, view: str, **more: str) -> PolicyObject:
    page = f"/projects/{portal.project}"
    return PolicyObject(
        "project",
        view,
        {"key": portal.project, **more},
        project_states(portal.project),
        project_relations,
        pages=(page, f"{page}/indicators/check", f"{page}/indicators/entry/2022-09"),
    )


def _portfolio(portal: PopulatedPortal) -> ByLoader:
    awaiting_charter = project_states(portal.project)["awaiting_charter"]
    return {
        "portfolio.access.load_project": [
            _of_project(portal, "project.view"),
            PolicyObject(
                "project",
                "project.view",
                {"key": portal.project},
                {"awaiting_charter": (*awaiting_charter, UNSIGNED)},
                lambda visitor, state: project_relations(visitor, state) - {"charter_signed"},
                pages=(f"/projects/{portal.project}",),
            ),
        ],
    }


def _indicators(portal: PopulatedPortal) -> ByLoader:
    at = f"/projects/{portal.project}/indicators"
    running = {"running": project_states(portal.project)["running"]}

    def month(code: str) -> PolicyObject:
        return PolicyObject(
            "project",
            "indicator.view",
            {"key": portal.project, "period": code},
            running,
            project_relations,
            pages=(f"{at}/check", f"{at}/text/{code}"),
        )

    return {
        "indicators.access.load_project_figures": [_of_project(portal, "indicator.view")],
        "indicators.access.load_month": [
            _of_project(portal, "indicator.view", period="2022-09"),
            *(month(code) for code in ("2022-06", "2022-08")),
        ],
        "indicators.access.load_entry": [
            _of_project(portal, "indicator.view", entry_key=portal.entry)
        ],
    }


def _scenarios(portal: PopulatedPortal) -> ByLoader:
    return {
        "scenarios.access.load_project_scenarios": [_of_project(portal, "scenario.view")],
        "scenarios.access.load_scenario": [
            _of_project(portal, "scenario.view", scenario_key=portal.scenario)
        ],
        "scenarios.access.load_merchant": [
            _of_project(portal, "scenario.view", merchant_key=key)
            for key in (portal.merchant, portal.paused_merchant)
        ],
    }


def _reports(portal: PopulatedPortal) -> ByLoader:
    return {
        "reports.proposal_documents.access.load_document": [
            PolicyObject(
                "proposal",
                "proposal.view",
                {"key": portal.proposal, "number": "1", "kind": kind},
                proposal_states(),
                proposal_relations(),
                missing_in=("draft",),
                pages=(f"/proposals/{portal.proposal}/versions/1/paper",),
            )
            for kind in ("receipt", "proposal")
        ],
        "reports.leading.access.load_report": [
            PolicyObject(
                "report",
                "report.view",
                {"key": portal.report},
                report_states(),
                pages=(f"/reports/{portal.report}",),
            )
        ],
    }

"""The states of the objects that addresses name, each with the SQL that brings it about."""

from __future__ import annotations

import json
from collections.abc import Mapping

from lab.calls.rules.lifecycle import CALL
from lab.decisions.rules.lifecycle import DECISION
from lab.enrolment.rules.lifecycle import PEOPLE_IMPORT
from lab.importing.rules.lifecycle import UPLOAD
from lab.inbox.rules.lifecycle import LETTER
from lab.portfolio.rules.lifecycle import PROJECT
from lab.proposals.rules.bulk_import.lifecycle import IMPORT
from lab.proposals.rules.corrections import ALL_FIELDS
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.releases.rules.lifecycle import RELEASE
from lab.reports.rules.lifecycle import REPORT
from lab.reviews.rules.lifecycle import SHEET

States = Mapping[str, tuple[str, ...]]

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


def call_states(*more: str) -> States:
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


def proposal_states() -> States:
    early = ("draft", "submitted", "checked", "returned", "refused", "accepted", "withdrawn")
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


def sheet_states(key: str) -> States:
    return {
        code: (
            *UNDER_REVIEW,
            f"UPDATE score_sheet SET status = '{code}', closed_reason = '已说明', "
            f"return_reason = '请补充' WHERE key = '{key}'",
        )
        for code in SHEET.codes
    }


def decision_states() -> States:
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


def import_states(key: str) -> States:
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


def people_import_states(key: str) -> States:
    return {
        code: (
            f"UPDATE people_import SET status = '{code}', failure = '1行有问题。', "
            f"imported_by_id = made_by_id, imported_at = checked_at, closed_at = checked_at "
            f"WHERE key = '{key}'",
        )
        for code in PEOPLE_IMPORT.codes
    }


def upload_states(key: str) -> States:
    """A workbook for a call that still takes drafts."""
    still = "opens_at = '2022-06-30 00:00:00', closes_at = '2022-12-01 00:00:00'"
    return {
        code: (
            *NO_PROJECTS,
            *NO_DECISION,
            f"UPDATE call SET status = 'open', {still}",
            f"UPDATE import_upload SET status = '{code}', failure = '不能读取。' "
            f"WHERE key = '{key}'",
        )
        for code in UPLOAD.codes
    }


def project_states(key: str) -> States:
    return {
        code: (
            "UPDATE project SET landed_note = '已上线', accepted_note = '通过', "
            "status_reason = '暂缓', light_override = 'yellow', light_reason = '人工判断', "
            f"status = '{code}' WHERE key = '{key}'",
        )
        for code in PROJECT.codes
    }


def person_states(key: str) -> States:
    disabled = f"UPDATE person SET disabled_at = '2022-10-01 00:00:00' WHERE key = '{key}'"
    return {"open": (), "disabled": (disabled,)}


def release_states(key: str) -> States:
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


def letter_states(key: str) -> States:
    void = "voided_by_id = drafted_by_id, voided_at = drafted_at, void_reason = '重复'"
    return {
        code: (f"UPDATE letter SET status = '{code}', {void} WHERE key = '{key}'",)
        for code in LETTER.codes
    }


def without_pledges(states: States) -> States:
    return {state: (*sql, "DELETE FROM pledge") for state, sql in states.items()}


def report_states() -> States:
    return {code: (f"UPDATE report SET status = '{code}'",) for code in REPORT.codes}

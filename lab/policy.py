"""The permission table: who may do what to which resource in which state.

Pure. An action that is not in the table is denied. Pages, lists, exports and reports call the same
function, so nothing is offered that the server would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

# Roles that a person holds everywhere.
APPLICANT, REVIEWER, OFFICE, LEADING = "applicant", "reviewer", "office", "leading"
SYSTEM, SECURITY, AUDIT = "system", "security", "audit"
ANYONE, PUBLIC = "anyone", "public"  # signed in; not even signed in
BUSINESS_ROLES = (APPLICANT, REVIEWER, OFFICE, LEADING)
ADMIN_ROLES = (SYSTEM, SECURITY, AUDIT)
STAFF = "staff"  # any person with a business account, whatever roles
ROLE_LABELS = {
    APPLICANT: "申报人",
    REVIEWER: "评委",
    OFFICE: "实施办公室",
    LEADING: "领导小组",
    SYSTEM: "系统管理员",
    SECURITY: "安全管理员",
    AUDIT: "审计管理员",
    STAFF: "业务人员",
    ANYONE: "已登录人员",
    PUBLIC: "所有人",
}


@dataclass(frozen=True)
class Actor:
    """The person who acts: global roles and unit. id 0 means not signed in."""

    id: int
    roles: frozenset[str]
    unit_id: int | None = None

    @property
    def is_staff(self) -> bool:
        return self.id != 0 and not self.roles & set(ADMIN_ROLES)


NOBODY = Actor(0, frozenset())


@dataclass(frozen=True)
class Resource:
    """The resource acted on, and how the actor relates to it.

    `relations` names the relations (owner, leader, member, assigned, recused …); `state` is its
    status.
    """

    kind: str
    state: str = ""
    relations: frozenset[str] = frozenset()


class Verdict(Enum):
    """ALLOW; STATE: allowed, but not in this state; DENY: not this person."""

    ALLOW = "allow"
    STATE = "state"
    DENY = "deny"


@dataclass(frozen=True)
class Grant:
    """One cell: holders of `role` with one of `relations`, in one of `states`.

    Empty `relations` or `states` mean any. A relation in `unless` always denies.
    """

    role: str
    relations: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()

    def matches_person(self, actor: Actor, resource: Resource) -> bool:
        if not holds(actor, self.role) or self.unless & resource.relations:
            return False
        return not self.relations or bool(self.relations & resource.relations)

    def matches_state(self, resource: Resource) -> bool:
        return not self.states or resource.state in self.states


def holds(actor: Actor, role: str) -> bool:
    """Return whether the actor has the role, including the catch-all roles."""
    if role == PUBLIC:
        return True
    if role == ANYONE:
        return actor.id != 0
    if role == STAFF:
        return actor.is_staff
    return role in actor.roles


def may(role: str, *relations: str, states: str = "", unless: str = "") -> Grant:
    """Build a cell in the table's notation: `states` and `unless` are space-separated codes."""
    return Grant(role, frozenset(relations), frozenset(states.split()), frozenset(unless.split()))


# How an actor may stand to what is acted on. Loaders compute these; nothing else is a relation.
RELATIONS = {
    "owner": "entered the proposal",
    "leader": "is to lead the proposed project",
    "member": "belongs to the proposed team",
    "partner": "was asked to confirm the proposal for the partner unit",
    "staff": "the account acted on is one of business staff, not an administrator's",
    "ordinary": "the account acted on is one of staff outside the office and the leading group",
    "plain": "the account acted on holds no more than 申报人",
    "of_reviewer": "the account acted on holds 评委, whatever else",
    "without_password": "the account acted on waits for its owner, and may have a slip",
    "self": "the account acted on is one's own",
    "asker": "asked for the action that waits for a second person",
    "concerned": "is the person whom the action that waits touches",
    "linked": "had the asker's first password in hand, or the asker his, at any remove",
    "linked_concerned": "the same between the actor and the person whom the action touches",
    "releaser": "may release the action by the row release.<code> of this table",
    "reviewer_only": "the action is on an account that holds 评委 and nothing above",
    "beyond_reviewer": "the action is on an account of office, leading group or administrators",
    "receiver": "the notice is addressed to the actor",
    "assigned": "reviews this proposal",
    "assigned_pledged": "reviews this proposal, has signed the round's pledge, the round is open",
    "assigned_open": "reviews this proposal and the round is open",
    "assigned_in_call": "has at least one proposal of this call to review",
    "recused": "has a recorded conflict with this proposal",
    "conflicted": "takes part in the proposal, or in one of the call, or stands back from it",
    "extension": "belongs to a unit that has more time in this call, which still runs",
    "round_open": "the call of this sheet is under review, its round not closed",
    "round_closed": "the review round of this call is closed, a ranking is stored",
    "decision_submitted": "the office has put this call's list before the leading group",
    "proposer": "put the list before the leading group",
    "reviewer": "reviewed a proposal on the list",
    "announced": "belongs to the team of a project whose result was made public",
    "team_leader": "leads the project",
    "team_member": "belongs to the project's team",
    "charter_signed": "the project's team leader has signed the charter",
    "recipient": "the letter is addressed to the actor",
    "of_office": "the workbook is meant for an import of the office",
    "of_administrators": "the workbook is meant for an import of the system administrators",
    "visible": "may view the object that the file hangs on",
}

# Groups of states, by kind of object and by their names on the object's lifecycle, which stands in
# a layer above: a test compares the two.
_CALL_EDITABLE = "draft published open"
_CALL_CHECKLIST_EDITABLE = "draft published open closed"
_CALL_BEFORE_REVIEW = "published open closed"
_CALL_COLLECTING = "open closed"
_CALL_ASSIGNABLE = "closed reviewing"
_CALL_PUBLIC = "published open closed reviewing announced archived"
_CALL_SINCE_REVIEW = "reviewing announced archived"
_CALL_SINCE_RESULT = "announced archived"
_PROPOSAL_WRITING = "draft returned"
_PROPOSAL_BEFORE_CHECK = "draft submitted returned"
_PROPOSAL_NUMBERED = (
    "submitted checked returned refused accepted reviewing reviewed approved reserved declined"
    " withdrawn"
)
_PROPOSAL_RETRACTABLE = "submitted returned"
_PROPOSAL_WITHDRAWABLE = "submitted returned accepted"
_PROPOSAL_REVIEW_OVER = "reviewed approved reserved declined"
_PROPOSAL_DECIDED = "approved reserved declined"
_IMPORT_CHECKED = "ready failed imported abandoned"
_PEOPLE_IMPORT_CHECKED = "ready failed imported abandoned"
_SHEET_OWED = "draft returned"
_SHEET_ASSIGNED = "draft submitted returned"
_SHEET_VISIBLE = "draft submitted returned abstained"
_DECISION_EDITABLE = "draft sent_back"
_DECISION_PUT_FORWARD = "submitted approved published"
_PROJECT_LIVE = "awaiting_charter running paused trial landed awaiting_acceptance accepted"
_PROJECT_UNDER_WAY = "running paused trial landed awaiting_acceptance accepted"
_PROJECT_IN_PROGRESS = "running trial"
_PROJECT_REPORTING = "running trial landed"
_PROJECT_TERMINABLE = "running paused trial"
_REPORT_FINISHED = "ready failed"

# What the office and the leading group do in review and decision of proposals, and the states in
# which the outcome is public, "" for never: the rule on conflicts applies (see `_impartial`).
CONFLICTED = "conflicted"
IMPARTIAL = {
    **dict.fromkeys(
        (
            *("letter.view", "letter.edit", "letter.send", "letter.void", "letter.resend"),
            *("proposal.check", "proposal.check_draft", "proposal.refuse_overdue"),
            "proposal.correct_avoided",
            *("proposal.decide_withdrawal", "proposal.withdraw_for"),
            *("proposal.result", "proposal.export", "paper.view", "paper.make", "paper.download"),
            *("round.sheets", "round.return_sheet", "round.close"),
            *("decision.start", "decision.edit", "decision.submit"),
            *("decision.approve", "decision.send_back", "decision.publish"),
        ),
        "",
    ),
    "ranking.view": _CALL_SINCE_RESULT,
    "decision.view": "published",
}
_TEAM = ("team_leader", "team_member")

_SECOND = "asker concerned linked"  # the second person is none of these
# A reviewer's account is the office's; one with a seat, or an administrator's, is not.
_OF_ACCOUNT = (
    may(OFFICE, "reviewer_only", states="pending", unless=_SECOND),
    may(SYSTEM, "beyond_reviewer", states="pending", unless=_SECOND),
    may(SECURITY, "beyond_reviewer", states="pending", unless=_SECOND),
)
_BY_ADMINISTRATORS = (
    may(SYSTEM, states="pending", unless=_SECOND),
    may(SECURITY, states="pending", unless=_SECOND),
)

_ROWS: dict[str, tuple[Grant, ...]] = {
    # sign-in and one's own account
    "identity.sign_in": (may(PUBLIC),),
    "identity.sign_out": (may(ANYONE),),
    "identity.password": (may(ANYONE),),
    "identity.forgotten": (may(PUBLIC),),
    "identity.new_password": (may(PUBLIC),),
    "identity.activate": (may(PUBLIC),),
    "identity.mail": (may(ANYONE),),
    "editing.presence": (may(ANYONE),),
    "editing.draft": (may(ANYONE),),
    "static": (may(PUBLIC),),
    "health": (may(PUBLIC),),
    "home.view": (may(ANYONE),),
    "inbox.view": (may(ANYONE),),
    "inbox.read": (may(ANYONE, "receiver"),),
    "inbox.letters": (may(STAFF),),
    # letters: nobody of the office handles a letter to himself
    "letter.list": (may(OFFICE),),
    "letter.view": (may(OFFICE, unless="recipient"), may(STAFF, "recipient", states="sent")),
    "letter.edit": (may(OFFICE, states="draft", unless="recipient"),),
    "letter.send": (may(OFFICE, states="draft", unless="recipient"),),
    "letter.send_many": (may(OFFICE),),  # each letter is asked about again
    "letter.void": (may(OFFICE, states="draft", unless="recipient"),),
    "letter.resend": (may(OFFICE, states="sent", unless="recipient"),),
    # people and units
    "people.list": (may(OFFICE), may(SYSTEM), may(SECURITY)),
    "people.search": (may(STAFF),),  # names and units, for forms in which people are named
    "people.view": (may(OFFICE, "staff"), may(SYSTEM), may(SECURITY, "staff")),
    "people.create": (may(OFFICE), may(SYSTEM)),
    "people.create_admin": (may(SYSTEM),),
    "people.edit": (may(OFFICE, "staff"), may(SYSTEM)),
    # many accounts at once, by workbook; they have no password and are opened with slips
    "people.import": (may(SYSTEM),),
    "people_import.view": (may(SYSTEM),),
    "people_import.confirm": (may(SYSTEM, states="ready"),),
    "people_import.abandon": (may(SYSTEM, states="ready"),),
    "people_import.download": (may(SYSTEM, states=_PEOPLE_IMPORT_CHECKED),),
    "people.slips": (may(SYSTEM),),
    "people.issue_slip": (
        may(OFFICE, "without_password", unless="self"),
        may(SYSTEM, "without_password", unless="self"),
    ),
    "people.print_slips": (may(OFFICE), may(SYSTEM)),  # those that the browser just issued
    # roles that the workbook names: asked for by who makes accounts, granted by another
    "role_request.list": (may(SECURITY),),
    "role_request.decide_many": (may(SECURITY),),  # each is asked about again
    "role_request.decide": (may(SECURITY, states="pending", unless=_SECOND),),
    # what one person does alone with an account of no more than 申报人 …
    "people.reset_password": (
        may(OFFICE, "plain", unless="self"),
        may(SYSTEM, "plain", unless="self"),
    ),
    "people.enable": (
        may(OFFICE, "plain", states="disabled", unless="self"),
        may(SYSTEM, "plain", states="disabled", unless="self"),
    ),
    # … and asks for with every other, see release.*
    "people.ask_reset": (
        may(OFFICE, "ordinary", unless="plain self"),
        may(SYSTEM, unless="plain self"),
    ),
    "people.ask_enable": (
        may(OFFICE, "ordinary", states="disabled", unless="plain self"),
        may(SYSTEM, states="disabled", unless="plain self"),
    ),
    "people.ask_unit": (
        may(OFFICE, "of_reviewer", unless="self"),
        may(SYSTEM, "of_reviewer", unless="self"),
    ),
    "people.disable": (may(OFFICE, "ordinary", unless="self"), may(SYSTEM, unless="self")),
    "people.grant": (may(SECURITY, "staff", unless="self"),),
    # what a person holds, handed over to others; nobody hands over their own
    "handover.list": (may(OFFICE),),
    "handover.view": (may(OFFICE, "staff"),),
    "handover.carry_out": (may(OFFICE, "staff", unless="self"),),
    # actions that wait for a second person: the row release.<code> says who that is
    "release.list": (may(OFFICE), may(LEADING), may(SYSTEM), may(SECURITY), may(AUDIT)),
    "release.view": (may(ANYONE, "asker", "concerned", "releaser"), may(AUDIT)),
    "release.decide": (may(ANYONE, "releaser", states="pending"),),
    "release.withdraw": (may(ANYONE, "asker", states="pending"),),
    "release.slip": (may(ANYONE, "asker", states="done"),),
    # Whose hands the first password went through must not himself agree that others' will do.
    "release.reset_password": (
        may(OFFICE, "reviewer_only", states="pending", unless=_SECOND),
        may(SYSTEM, "beyond_reviewer", states="pending", unless=f"{_SECOND} linked_concerned"),
        may(SECURITY, "beyond_reviewer", states="pending", unless=f"{_SECOND} linked_concerned"),
    ),
    "release.change_unit": _OF_ACCOUNT,
    "release.enable": _OF_ACCOUNT,
    "release.grant_roles": _BY_ADMINISTRATORS,
    "release.create_admin": _BY_ADMINISTRATORS,
    "units.list": (may(OFFICE), may(SYSTEM)),
    "units.edit": (may(OFFICE), may(SYSTEM)),
    # holidays and make-up working days, by which every due date is counted
    "workdays.list": (may(STAFF),),
    "workdays.edit": (may(OFFICE),),
    "audit.view": (may(AUDIT),),
    "audit.verify": (may(AUDIT),),
    "system.status": (may(SYSTEM), may(SECURITY), may(AUDIT)),
    # calls
    "call.list": (may(STAFF),),
    "call.view": (
        may(OFFICE),
        may(STAFF, states=_CALL_PUBLIC),
    ),
    "call.create": (may(OFFICE),),
    "call.edit": (may(OFFICE, states=_CALL_EDITABLE),),
    "call.criteria": (may(OFFICE, states="draft"),),
    "call.publish": (may(OFFICE, states="draft"),),
    "call.open": (may(OFFICE, states="published"),),
    "call.close": (may(OFFICE, states="open"),),
    "call.open_review": (may(OFFICE, states="closed"),),
    "call.archive": (may(OFFICE, states="announced"),),
    "call.extend": (may(OFFICE, states=_CALL_BEFORE_REVIEW),),
    "call.late_code": (may(OFFICE, states="closed"),),
    "call.use_code": (may(APPLICANT, states="closed"),),
    "call.revisions": (
        may(OFFICE),
        may(STAFF, states=_CALL_PUBLIC),
    ),
    "call.compare": (may(STAFF),),
    "call.overview": (may(OFFICE, states=_CALL_PUBLIC),),
    "call.remind": (may(OFFICE, states=_CALL_COLLECTING),),
    # proposals: `resource` is the proposal
    "proposal.list": (may(APPLICANT), may(OFFICE), may(LEADING)),
    "proposal.create": (  # resource: the call
        may(APPLICANT, states="open"),
        may(APPLICANT, "extension", states="closed"),
    ),
    "proposal.view": (
        may(STAFF, "owner", "leader", "member", "partner"),
        may(OFFICE, states=_PROPOSAL_NUMBERED),
        may(LEADING, states=_PROPOSAL_REVIEW_OVER, unless=CONFLICTED),
    ),
    "proposal.edit": (may(STAFF, "owner", "leader", states=_PROPOSAL_WRITING),),
    "proposal.attach": (may(STAFF, "owner", "leader", states=_PROPOSAL_WRITING),),
    "proposal.joint": (
        may(STAFF, "owner", "leader", "member", "partner"),
        may(OFFICE, states="submitted", unless=CONFLICTED),
    ),
    # One that came by mail is submitted before its partner unit confirms; the office asks as well.
    "proposal.ask": (
        may(STAFF, "owner", "leader", states=_PROPOSAL_BEFORE_CHECK),
        may(OFFICE, states="submitted", unless=CONFLICTED),
    ),
    "proposal.remind_partner": (
        may(STAFF, "owner", "leader", states=_PROPOSAL_BEFORE_CHECK),
        may(OFFICE, states="submitted", unless=CONFLICTED),
    ),
    "proposal.call_back": (may(STAFF, "owner", "leader", states=_PROPOSAL_WRITING),),
    "proposal.confirm": (may(STAFF, "partner", states=_PROPOSAL_BEFORE_CHECK),),
    "proposal.submit": (may(STAFF, "owner", "leader", states=_PROPOSAL_WRITING),),
    "proposal.similar": (
        may(STAFF, "owner", "leader", states=_PROPOSAL_WRITING),
        may(OFFICE, states="submitted", unless=CONFLICTED),
    ),
    "proposal.withdraw": (may(STAFF, "owner", "leader", states=_PROPOSAL_RETRACTABLE),),
    "proposal.ask_withdrawal": (may(STAFF, "owner", "leader", states=_PROPOSAL_WITHDRAWABLE),),
    "proposal.drop_withdrawal": (may(STAFF, "owner", "leader", states=_PROPOSAL_WITHDRAWABLE),),
    "proposal.decide_withdrawal": (may(OFFICE, states=_PROPOSAL_WITHDRAWABLE),),
    "proposal.withdraw_for": (may(OFFICE, states=_PROPOSAL_WITHDRAWABLE),),
    "proposal.reuse": (may(STAFF, "owner", "leader", states="withdrawn"),),
    "proposal.delete": (may(STAFF, "owner", states="draft"),),
    "proposal.result": (
        may(STAFF, "owner", "leader", "member", states=_PROPOSAL_DECIDED),
        may(OFFICE, states=_PROPOSAL_DECIDED),
    ),
    "proposal.export": (may(STAFF, "owner", "leader"), may(OFFICE, states=_PROPOSAL_NUMBERED)),
    "proposal.export_list": (may(APPLICANT), may(OFFICE)),
    "proposal.queue": (may(OFFICE),),
    "proposal.check": (may(OFFICE, states="submitted"),),
    "proposal.check_draft": (may(OFFICE, states="submitted"),),
    "proposal.refuse_overdue": (may(OFFICE, states="returned"),),
    "proposal.correct_avoided": (may(OFFICE, states="checked accepted reviewing"),),
    "check.checklist": (may(OFFICE, states=_CALL_CHECKLIST_EDITABLE),),  # resource: the call
    # sheets of proposals that came by mail: `resource` is the call, then the sheet
    "import.list": (may(OFFICE),),
    "proposal.import": (may(OFFICE, states=_CALL_COLLECTING),),
    "import.view": (may(OFFICE),),
    "import.confirm": (may(OFFICE, states="ready"),),
    "import.abandon": (may(OFFICE, states="ready"),),
    "import.download": (may(OFFICE, states=_IMPORT_CHECKED),),
    "import.map": (may(OFFICE, states="failed"),),
    # workbooks of any form, whose columns are matched with fields
    "upload.view": (may(OFFICE, "of_office"), may(SYSTEM, "of_administrators")),
    "upload.map": (
        may(OFFICE, "of_office", states="mapping"),
        may(SYSTEM, "of_administrators", states="mapping"),
    ),
    # A submitted version printed: it holds more than reviewers and leading group see.
    "paper.view": (may(STAFF, "owner", "leader", "member"), may(OFFICE, states=_PROPOSAL_NUMBERED)),
    "paper.make": (may(STAFF, "owner", "leader", "member"), may(OFFICE, states=_PROPOSAL_NUMBERED)),
    "paper.download": (
        may(STAFF, "owner", "leader", "member"),
        may(OFFICE, states=_PROPOSAL_NUMBERED),
    ),
    # review: resource of round.* is the call; of review.* the assignment
    "round.view": (may(OFFICE),),
    "round.sheets": (may(OFFICE),),  # resource: the proposal or the sheet
    "round.assign": (may(OFFICE, states=_CALL_ASSIGNABLE),),
    "round.close": (may(OFFICE, states="reviewing"),),
    "round.remind": (may(OFFICE, states="reviewing"),),
    "round.return_sheet": (may(OFFICE, "round_open", states="submitted"),),
    "ranking.view": (
        may(OFFICE, states=_CALL_SINCE_REVIEW),
        may(LEADING, "decision_submitted", states=_CALL_SINCE_REVIEW),
    ),
    "review.list": (may(REVIEWER),),
    "review.pledge": (may(REVIEWER, "assigned_in_call", states="reviewing"),),
    "review.view": (may(REVIEWER, "assigned", states=_SHEET_VISIBLE, unless="recused"),),
    "review.score": (may(REVIEWER, "assigned_pledged", states=_SHEET_OWED, unless="recused"),),
    "review.submit": (may(REVIEWER, "assigned_pledged", states=_SHEET_OWED, unless="recused"),),
    "review.recuse": (may(REVIEWER, "assigned_open", states=_SHEET_ASSIGNED),),
    "review.abstain": (may(REVIEWER, "assigned_pledged", states=_SHEET_OWED, unless="recused"),),
    # decision
    "decision.list": (may(OFFICE), may(LEADING)),
    "decision.view": (
        may(OFFICE),
        may(LEADING, states=_DECISION_PUT_FORWARD),
    ),
    "decision.start": (may(OFFICE, "round_closed", states="reviewing"),),  # resource: the call
    "decision.edit": (may(OFFICE, states=_DECISION_EDITABLE),),
    "decision.submit": (may(OFFICE, states=_DECISION_EDITABLE),),
    "decision.approve": (may(LEADING, states="submitted", unless="proposer reviewer"),),
    "decision.send_back": (may(LEADING, states="submitted", unless="proposer reviewer"),),
    "decision.publish": (may(OFFICE, states="approved"),),
    # portfolio
    "project.list": (may(STAFF),),
    "project.view": (
        may(OFFICE),
        may(LEADING),
        may(STAFF, "announced", *_TEAM),
    ),
    "project.team": (may(OFFICE, states=_PROJECT_LIVE),),
    "project.milestone": (
        may(OFFICE, states=_PROJECT_LIVE),
        may(STAFF, "team_leader", states=_PROJECT_LIVE),
    ),
    "project.texts": (
        may(OFFICE, states=_PROJECT_LIVE),
        may(STAFF, "team_leader", states=_PROJECT_LIVE),
    ),
    "project.sign_charter": (may(STAFF, "team_leader", states="awaiting_charter"),),
    "project.start": (may(OFFICE, "charter_signed", states="awaiting_charter"),),
    "project.pause": (may(OFFICE, states=_PROJECT_IN_PROGRESS),),
    "project.resume": (may(OFFICE, states="paused"),),
    "project.trial": (may(OFFICE, states="running"),),
    "project.land": (may(OFFICE, states=_PROJECT_IN_PROGRESS, unless=" ".join(_TEAM)),),
    "project.apply_acceptance": (may(STAFF, "team_leader", states="landed"),),
    "project.accept": (may(OFFICE, states="awaiting_acceptance", unless=" ".join(_TEAM)),),
    "project.close": (may(OFFICE, states="accepted"),),
    "project.terminate": (may(LEADING, states=_PROJECT_TERMINABLE),),
    "project.light": (may(OFFICE, states=_PROJECT_LIVE, unless=" ".join(_TEAM)),),
    # indicators: resource is the project, or the entry for confirm/approve/return/correct
    "indicator.view": (may(OFFICE), may(LEADING), may(STAFF, *_TEAM)),
    "indicator.enter": (may(STAFF, *_TEAM, states=_PROJECT_REPORTING),),
    "indicator.submit": (may(STAFF, *_TEAM, states=_PROJECT_REPORTING),),
    "indicator.confirm": (may(STAFF, "team_leader", states=_PROJECT_UNDER_WAY),),
    "indicator.approve": (may(OFFICE, states=_PROJECT_UNDER_WAY, unless=" ".join(_TEAM)),),
    "indicator.return": (
        may(OFFICE, states=_PROJECT_REPORTING, unless=" ".join(_TEAM)),
        may(STAFF, "team_leader", states=_PROJECT_REPORTING),
    ),
    "indicator.correct": (may(STAFF, *_TEAM, states=_PROJECT_REPORTING),),
    "indicator.lock": (may(OFFICE, unless=" ".join(_TEAM)),),
    "indicator.reopen": (may(OFFICE, unless=" ".join(_TEAM)),),
    "indicator.confirm_text": (may(STAFF, "team_leader", states=_PROJECT_UNDER_WAY),),
    # scenarios and merchants: resource is the project
    "scenario.view": (may(OFFICE), may(LEADING), may(STAFF, *_TEAM)),
    "scenario.edit": (may(STAFF, *_TEAM, states=_PROJECT_REPORTING),),
    "merchant.edit": (may(STAFF, *_TEAM, states=_PROJECT_REPORTING),),
    "merchant.compare": (may(OFFICE),),
    "merchant.link": (may(OFFICE),),
    # reports
    "report.list": (may(OFFICE), may(LEADING)),
    "report.create": (may(OFFICE), may(LEADING)),
    "report.view": (may(OFFICE), may(LEADING)),
    # of a ready one only when its file is missing or altered
    "report.retry": (may(OFFICE, states=_REPORT_FINISHED), may(LEADING, states=_REPORT_FINISHED)),
    "report.verify": (may(STAFF),),
    "report.download": (may(OFFICE, states="ready"), may(LEADING, states="ready")),
    # files: resource is the object that the file hangs on; its own view action is asked as well
    "file.download": (may(STAFF, "visible"),),
    "file.preview": (may(STAFF, "visible"),),
}


def _impartial(
    rows: Mapping[str, tuple[Grant, ...]],
) -> dict[str, tuple[Grant, ...]]:
    """Apply the one rule on conflicts.

    Nobody of the office or the leading group sees, or takes part in, the review of a proposal of
    their own, or the decision on it, before the result is public.
    """
    table = dict(rows)
    for action, released in IMPARTIAL.items():
        table[action] = tuple(
            cell for grant in rows[action] for cell in _without_conflict(grant, released)
        )
    return table


def _without_conflict(grant: Grant, released: str) -> tuple[Grant, ...]:
    if grant.role not in (OFFICE, LEADING):
        return (grant,)
    restricted = replace(grant, unless=grant.unless | {CONFLICTED})
    return (restricted, may(grant.role, CONFLICTED, states=released)) if released else (restricted,)


TABLE = _impartial(_ROWS)


def decide(action: str, actor: Actor, resource: Resource | None = None) -> Verdict:
    """Return the verdict for an action. An unknown action is DENY."""
    resource = resource or Resource("none")
    persons = [g for g in TABLE.get(action, ()) if g.matches_person(actor, resource)]
    if not persons:
        return Verdict.DENY
    if any(grant.matches_state(resource) for grant in persons):
        return Verdict.ALLOW
    return Verdict.STATE


def allowed(action: str, actor: Actor, resource: Resource | None = None) -> bool:
    return decide(action, actor, resource) is Verdict.ALLOW

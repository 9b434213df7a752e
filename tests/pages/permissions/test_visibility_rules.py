"""What lists, files and the start page keep from whom: one rule of visibility each."""

from __future__ import annotations

import io
from datetime import timedelta

from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.db import transition
from lab.extensions import db
from lab.files.storing.uploads import receive_all
from lab.identity.models.account import RoleGrant
from lab.policy import STAFF, may
from lab.proposals.attachments import service as attachments_service
from lab.proposals.core.visibility.contents import resource_of
from lab.proposals.core.visibility.grants import grant_condition
from lab.proposals.models.proposal import Proposal
from lab.proposals.submission import service as proposals
from lab.proposals.withdrawal.service import request_withdrawal
from lab.proposals.writing import service as drafts
from tests.support.builders import files as builders_files
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    accepted_proposal,
    check,
    confirm,
    filled_draft,
    submitted_proposal,
)
from tests.support.cast import Cast, actor, person
from tests.support.client import PageClient, text_of


def reviewed(proposal: Proposal) -> Proposal:
    """The same proposal after its review."""
    for act in ("open_review", "close_review"):
        transition(proposal, act)
    audit.record("test.review", proposal)
    db.session.commit()
    return proposal


# -- calls to choose from ----------------------------------------------------------------------

CHOICES = (
    ("applicant", ["都是草稿", "还在审查", "已经评审"]),
    ("stranger", ["外人的"]),
    ("office", ["外人的", "还在审查", "已经评审"]),
    ("leading", ["已经评审"]),
)


def test_only_calls_with_proposals_one_may_open_are_offered(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        drafted, checked, judged, theirs = (
            open_call(cast, batch=batch, title=title)
            for batch, title in enumerate(("都是草稿", "还在审查", "已经评审", "外人的"), 1)
        )
        filled_draft(cast, drafted)
        submitted_proposal(cast, checked)
        reviewed(accepted_proposal(cast, judged))
        other = submitted_proposal(cast, theirs, leader_id=cast.stranger, people=[])
        other.owner_id = cast.stranger
        audit.record("proposal.save", other)
        db.session.commit()
    for who, titles in CHOICES:
        page = client.as_(getattr(cast, who)).get("/proposals").text
        offered = lxml_html.fromstring(page).xpath("//select[@name='call']/option[@value!='']")
        assert sorted(option.text for option in offered) == sorted(titles), who


# -- attachments -------------------------------------------------------------------------------


def test_a_handed_in_attachment_is_missing_for_outsiders(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        proposal = filled_draft(cast, open_call(cast))
        upload = FileStorage(io.BytesIO(builders_files.pdf()), "意向书.pdf")
        drafts.save_draft(
            drafts.SaveDraft(proposal, None, {}, uploads=[upload], person_id=cast.applicant)
        )
        db.session.commit()
        confirm(proposal)
        proposals.submit(proposal, cast.applicant, pledged=True)
        db.session.commit()
        path = f"/proposals/{proposal.key}/files/{proposal.files[0].file.key}"
    for who in (cast.applicant, cast.leader, cast.member, cast.office):
        with client.as_(who).http.get(path) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), who
    for who in (cast.stranger, cast.reviewer, cast.leading, cast.system):
        client.as_(who).get(path, status=404)


def test_how_a_file_came_about_is_read_by_those_inside_alone(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        proposal = filled_draft(cast, open_call(cast))
        _hand_in(cast, proposal, "意向书.pdf")
        check(proposal, cast, "returned", due_on=clock.today() + timedelta(days=5))
        _hand_in(cast, proposal, "意向书（改）.pdf", replaces=proposal.files[0].file.key)
        page = f"/proposals/{proposal.key}/files/{proposal.files[-1].file.key}/preview"
    for who, told in (("applicant", True), ("leader", True), ("office", True), ("partner", False)):
        shown = text_of(client.as_(getattr(cast, who)).get(page))
        assert ("仅申报人和实施办公室可见" in shown) is told, who


def _hand_in(cast: Cast, proposal: Proposal, name: str, replaces: str = "") -> None:
    received, refused = receive_all([FileStorage(io.BytesIO(builders_files.pdf(name)), name)])
    assert not refused
    attachments_service.attach(proposal, received[0], cast.applicant, replaces=replaces)
    db.session.commit()
    confirm(proposal)
    proposals.submit(proposal, cast.applicant, pledged=True)
    db.session.commit()


# -- the start page ----------------------------------------------------------------------------


def test_the_own_request_to_withdraw_waits_for_a_colleague(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        proposal = accepted_proposal(cast, open_call(cast))
        request_withdrawal(proposal, cast.applicant, "合作方退出。")
        for who in (cast.member, cast.partner):
            account = person(who)
            account.grants.append(RoleGrant(role="office"))
            audit.record("people.grant", account)
        db.session.commit()
    for who, told in ((cast.office, True), (cast.member, False), (cast.partner, False)):
        assert ("答复撤回申请" in text_of(client.as_(who).get("/"))) is told, who


def test_the_own_proposal_waits_for_a_colleagues_formality_check(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        submitted_proposal(cast, open_call(cast))
        account = person(cast.member)
        account.grants.append(RoleGrant(role="office"))
        audit.record("people.grant", account)
        db.session.commit()
    for who, told in ((cast.office, True), (cast.member, False)):
        assert ("形式审查1份申报书" in text_of(client.as_(who).get("/"))) is told, who


# -- cells of the policy as conditions ---------------------------------------------------------

CELLS = {
    "any-but-own": may(STAFF, unless="conflicted"),
    "reviewed-but-own": may(STAFF, states="reviewed approved", unless="conflicted"),
    "acting": may(STAFF, "owner", "leader"),
    "member-reviewed": may(STAFF, "member", states="reviewed"),
    "partner": may(STAFF, "partner"),
}


def test_lists_hide_what_a_cell_of_the_policy_hides(ctx: Flask, cast: Cast) -> None:
    call = open_call(cast)
    submitted_proposal(cast, call)
    reviewed(accepted_proposal(cast, call))
    reviewed(accepted_proposal(cast, call, people=[{"person_id": cast.leading, "duty": "指导"}]))
    everything = db.session.scalars(select(Proposal)).all()
    for who in (cast.leading, cast.leading2, cast.applicant, cast.member, cast.partner):
        me = actor(who)
        seen = [(row.key, resource_of(me, row)) for row in everything]
        for name, cell in CELLS.items():
            opened = {k for k, s in seen if cell.matches_person(me, s) and cell.matches_state(s)}
            listed = set(db.session.scalars(select(Proposal.key).where(grant_condition(me, cell))))
            assert listed == opened, (name, who)

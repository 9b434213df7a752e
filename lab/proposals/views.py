"""Lists of proposals, the page of one, its versions and attachments."""

from __future__ import annotations

import json
from typing import Any

from flask import render_template, request

from lab import clock
from lab.calls.pages.queries import open_calls
from lab.calls.rules.timing import accepts_until
from lab.inbox import queries_letters
from lab.policy import APPLICANT
from lab.proposals import (
    changes,
    content,
    deadlines,
    queries,
    queries_import,
    queries_joint,
    queries_lists,
    queries_withdrawal,
    visibility,
    visibility_files,
    withdrawal,
)
from lab.proposals.access import Submitted, load_proposal, load_version
from lab.proposals.blueprint import bp, file_url
from lab.proposals.core import editing as core_editing
from lab.proposals.layout import PLEDGE
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.matching import readable
from lab.proposals.models import Proposal
from lab.proposals.pages import next_step
from lab.proposals.progress import time_words
from lab.proposals.standing import relations
from lab.web import nav
from lab.web.guards import actor, guard

nav.register(
    section="征集评审",
    label="申报书",
    endpoint="proposals.index",
    action="proposal.list",
    order=210,
)


def list_page(
    template: str, *, drafts: bool, status: str = "", apart: bool = False, **extra: Any
) -> str:
    """A list with its filters and counts; `status` is the one chosen when none is asked for;
    `apart` puts what waits for the person into a list of its own."""
    args = {"status": status, **request.args.to_dict()}
    if "q" in args:
        args["q"] = readable(args["q"])
    person = actor()
    counts = queries_lists.count_by_state(person, args, drafts=drafts)
    return render_template(
        template,
        waiting=queries_lists.waiting_for(person, args) if apart else (),
        page=queries_lists.list_proposals(person, args, drafts=drafts, apart=apart),
        counts=counts,
        total=sum(count.number for count in counts),
        chosen=args["status"],
        calls=queries_lists.call_choices(person),
        args=args,
        **extra,
    )


@bp.get("")
@guard("proposal.list")
def index() -> str:
    applicant = APPLICANT in actor().roles
    only_own = not actor().roles - {APPLICANT}
    return list_page(
        "proposals/index.html",
        drafts=applicant,
        apart=applicant,
        heading="我的申报" if only_own else "申报书",
        open_calls=[
            (call, time_words(call.closes_at, clock.now()))
            for call in (open_calls(actor().unit_id) if applicant else ())
        ],
    )


@bp.get("/<key>")
@guard("proposal.view", load_proposal)
def show(proposal: Proposal) -> str:
    now, until = clock.now(), deadlines.taken_until(proposal)
    person, stands = actor(), relations(actor(), proposal)
    inside = visibility.is_inside(person, proposal)
    seen = visibility.text_for(person, proposal)
    return render_template(
        "proposals/show.html",
        proposal=proposal,
        name=seen.content.title or visibility.UNNAMED,
        state=PROPOSAL.state(proposal.status),
        next=(coming := next_step.next_step(proposal, until)),
        turn=coming.turn_for(bool(stands & {"owner", "leader"})),
        time_words=time_words(coming.until, now),
        withdrawals=queries_withdrawal.withdrawals(proposal.id) if inside else (),
        way=withdrawal.way(proposal, until, now),
        in_time=accepts_until(proposal.call, until, now),
        content=seen.content,
        pledge=PLEDGE,
        joint=queries_joint.joint_state(proposal) if stands else None,
        private=seen.private if inside else None,
        checks=queries.checks(proposal.id) if inside else (),
        returned=core_editing.returned_state(proposal),
        due_on=core_editing.due_on(proposal) if proposal.status == "returned" else None,
        versions=queries.versions(proposal.id) if inside else (),
        late=deadlines.came_late(proposal) if inside else None,
        places=visibility_files.files_for(person, proposal) if inside else (),
        letters=queries_letters.about(person, "Proposal", proposal.key) if inside else (),
        origin=queries_import.origin_of(proposal.id) if inside else None,
        file_url=file_url(proposal),
    )


@bp.get("/<key>/versions/<int:number>")
@guard("proposal.view", load_version)
def version(found: Submitted) -> str:
    row = found.version
    return render_template(
        "proposals/version.html",
        proposal=found.proposal,
        name=visibility.official_name(found.proposal),
        version=row,
        content=content.read(json.loads(row.content)),
        file_url=file_url(found.proposal),
    )


@bp.get("/<key>/versions/<int:number>/changes")
@guard("proposal.view", load_version)
def version_changes(found: Submitted) -> str:
    return render_template(
        "proposals/changes.html",
        proposal=found.proposal,
        name=visibility.official_name(found.proposal),
        version=found.version,
        changes=changes.of_version(found.proposal.id, found.version.number),
    )

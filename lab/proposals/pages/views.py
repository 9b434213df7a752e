"""Lists of proposals, the page of one, its versions and attachments."""

from __future__ import annotations

import json
from typing import Any

from flask import render_template, request

from lab import clock
from lab.calls.pages.queries import open_calls
from lab.calls.rules.timing import is_within_deadline
from lab.inbox.letters import columns as letters_columns
from lab.inbox.letters import queries as letters_queries
from lab.policy import APPLICANT
from lab.proposals.access import Submitted, load_proposal, load_version
from lab.proposals.blueprint import bp, file_url
from lab.proposals.bulk_import import queries as bulk_import_queries
from lab.proposals.core import comparison, content_reader, deadlines
from lab.proposals.core import editing as core_editing
from lab.proposals.core import queries as core_queries
from lab.proposals.core.visibility import contents
from lab.proposals.core.visibility import files as visibility_files
from lab.proposals.core.visibility.relations import relations
from lab.proposals.joint import queries as joint_queries
from lab.proposals.models.proposal import Proposal
from lab.proposals.pages import next_step
from lab.proposals.pages import queries as pages_queries
from lab.proposals.rules import withdrawal
from lab.proposals.rules.form_schema import PLEDGE
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.proposals.rules.matching import readable
from lab.proposals.rules.progress import format_time_left
from lab.proposals.withdrawal import queries as withdrawal_queries
from lab.web.request.guards import actor, guard


def list_page(
    template: str, *, drafts: bool, status: str = "", apart: bool = False, **extra: Any
) -> str:
    """A list with its filters and counts; `status` is the one chosen when none is asked for;
    `apart` puts what waits for the person into a list of its own."""
    args = {"status": status, **request.args.to_dict()}
    if "q" in args:
        args["q"] = readable(args["q"])
    person = actor()
    counts = pages_queries.count_by_state(person, args, drafts=drafts)
    return render_template(
        template,
        waiting=pages_queries.waiting_for(person, args) if apart else (),
        page=pages_queries.list_proposals(person, args, drafts=drafts, apart=apart),
        counts=counts,
        total=sum(count.number for count in counts),
        chosen=args["status"],
        calls=pages_queries.call_choices(person),
        args=args,
        **extra,
    )


@bp.get("")
@guard("proposal.list")
def index() -> str:
    applicant = APPLICANT in actor().roles
    only_own = not actor().roles - {APPLICANT}
    return list_page(
        "proposals/pages/index.html",
        drafts=applicant,
        apart=applicant,
        heading="我的申报" if only_own else "申报书",
        open_calls=[
            (call, format_time_left(call.closes_at, clock.now()))
            for call in (open_calls(actor().unit_id) if applicant else ())
        ],
    )


@bp.get("/<key>")
@guard("proposal.view", load_proposal)
def show(proposal: Proposal) -> str:
    now, until = clock.now(), deadlines.submission_deadline(proposal)
    person, stands = actor(), relations(actor(), proposal)
    inside = contents.is_inside(person, proposal)
    seen = contents.text_for(person, proposal)
    return render_template(
        "proposals/pages/show.html",
        proposal=proposal,
        name=seen.content.title or contents.UNNAMED,
        state=PROPOSAL.state(proposal.status),
        next=(coming := next_step.next_step(proposal, until)),
        turn=coming.turn_for(bool(stands & {"owner", "leader"})),
        time_words=format_time_left(coming.until, now),
        withdrawals=withdrawal_queries.withdrawals(proposal.id) if inside else (),
        way=withdrawal.way(proposal, until, now),
        in_time=is_within_deadline(proposal.call, until, now),
        content=seen.content,
        pledge=PLEDGE,
        joint=joint_queries.joint_state(proposal) if stands else None,
        private=seen.private if inside and seen.private.owner else None,
        checks=core_queries.checks(proposal.id) if inside else (),
        returned=core_editing.returned_state(proposal),
        due_on=core_editing.due_on(proposal),
        versions=core_queries.versions(proposal.id) if inside else (),
        late=deadlines.came_late(proposal) if inside else None,
        places=visibility_files.files_for(person, proposal) if inside else (),
        letters=letters_queries.about(person, "Proposal", proposal.key) if inside else (),
        letter_columns=letters_columns.LETTERS_ABOUT,
        origin=bulk_import_queries.origin_of(proposal.id) if inside else None,
        file_url=file_url(proposal),
    )


@bp.get("/<key>/versions/<int:number>")
@guard("proposal.view", load_version)
def version(found: Submitted) -> str:
    row = found.version
    return render_template(
        "proposals/pages/version.html",
        proposal=found.proposal,
        name=contents.official_name(found.proposal),
        version=row,
        content=content_reader.read(json.loads(row.content)),
        file_url=file_url(found.proposal),
    )


@bp.get("/<key>/versions/<int:number>/changes")
@guard("proposal.view", load_version)
def version_changes(found: Submitted) -> str:
    return render_template(
        "proposals/pages/changes.html",
        proposal=found.proposal,
        name=contents.official_name(found.proposal),
        version=found.version,
        changes=comparison.of_version(found.proposal.id, found.version.number),
    )

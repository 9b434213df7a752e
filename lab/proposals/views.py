"""Lists of proposals, the page of one, its versions and attachments."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from lab import clock
from lab.calls.queries import open_calls
from lab.calls.timing import accepts_submissions
from lab.files.models import StoredFile
from lab.files.service import mimetype, path_of
from lab.policy import APPLICANT, OFFICE
from lab.proposals import changes, content, queries, queries_import, queries_lists, service
from lab.proposals.access import Submitted, load_file, load_proposal, load_version, relations
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.models import Proposal
from lab.proposals.progress import what_next
from lab.web import nav
from lab.web.downloads import send_private
from lab.web.guards import actor, guard

bp = Blueprint("proposals", __name__, url_prefix="/proposals")
nav.register(
    section="征集评审",
    label="申报书",
    endpoint="proposals.index",
    action="proposal.list",
    order=210,
)


def list_page(template: str, *, drafts: bool, status: str = "", **extra: Any) -> str:
    """A list with its filters and counts; `status` is the one chosen when none is asked for."""
    args = {"status": status, **request.args.to_dict()}
    person = actor()
    counts = queries_lists.count_by_state(person, args, drafts=drafts)
    return render_template(
        template,
        page=queries_lists.list_proposals(person, args, drafts=drafts),
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
        heading="我的申报" if only_own else "申报书",
        open_calls=open_calls() if applicant else (),
    )


@bp.get("/<key>")
@guard("proposal.view", load_proposal)
def show(proposal: Proposal) -> str:
    now = clock.now()
    due_on = service.due_on(proposal)
    inside = relations(actor(), proposal) or OFFICE in actor().roles
    return render_template(
        "proposals/show.html",
        proposal=proposal,
        name=service.title_of(proposal),
        state=PROPOSAL.state(proposal.status),
        next=what_next(
            proposal.status,
            accepts_submissions(proposal.call, now),
            proposal.call.closes_at,
            due_on,
        ),
        content=content.live(proposal),
        private=content.private(proposal) if inside else None,
        checks=queries.checks(proposal.id) if inside else (),
        versions=queries.versions(proposal.id) if inside else (),
        origin=queries_import.origin_of(proposal.id) if inside else None,
        file_url=file_url(proposal),
    )


def file_url(proposal: Proposal) -> Any:
    """For `_content.html`: the address of an attachment by its key."""
    return lambda key: url_for("proposals.download", key=proposal.key, file_key=key)


@bp.get("/<key>/versions/<int:number>")
@guard("proposal.view", load_version)
def version(found: Submitted) -> str:
    row = found.version
    return render_template(
        "proposals/version.html",
        proposal=found.proposal,
        name=service.title_of(found.proposal),
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
        name=service.title_of(found.proposal),
        version=found.version,
        changes=changes.of_version(found.proposal.id, found.version.number),
    )


@bp.get("/<key>/files/<file_key>")
@guard("file.download", load_file)
def download(file: StoredFile) -> Response:
    return send_private(path_of(file), file.name, mimetype(file))

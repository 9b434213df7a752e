"""Proposal lists, the page of one, its versions and attachments."""

from __future__ import annotations

from flask import render_template, request

from lab.proposals.access import Submitted, load_proposal, load_version
from lab.proposals.blueprint import bp, file_url
from lab.proposals.models.proposal import Proposal
from lab.proposals.pages import columns, queries_list, queries_page
from lab.web.request.guards import actor, guard


@bp.get("")
@guard("proposal.list")
def index() -> str:
    page = queries_list.proposal_list(actor(), request.args)
    return render_template("proposals/pages/index.html", columns=columns, page=page)


@bp.get("/<key>")
@guard("proposal.view", load_proposal)
def show(proposal: Proposal) -> str:
    return render_template(
        "proposals/pages/show.html",
        columns=columns,
        page=queries_page.proposal_page(proposal, actor()),
        file_url=file_url(proposal),
    )


@bp.get("/<key>/versions/<int:number>")
@guard("proposal.view", load_version)
def version(submitted: Submitted) -> str:
    return render_template(
        "proposals/pages/version.html",
        page=queries_page.version_page(submitted.proposal, submitted.version),
        file_url=file_url(submitted.proposal),
    )


@bp.get("/<key>/versions/<int:number>/changes")
@guard("proposal.view", load_version)
def version_changes(submitted: Submitted) -> str:
    page = queries_page.changes_page(submitted.proposal, submitted.version)
    return render_template("proposals/pages/changes.html", page=page)

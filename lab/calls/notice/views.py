"""Revisions of a notice, and the comparison of calls."""

from __future__ import annotations

from flask import render_template, request

from lab.calls.blueprint import bp
from lab.calls.notice.access import Revised, load_revision
from lab.calls.notice.queries import revision_page
from lab.calls.notice.queries_page import comparison_page
from lab.policy import OFFICE
from lab.web.request.guards import actor, can, guard


@bp.get("/<key>/revisions/<int:number>")
@guard("call.revisions", load_revision)
def revision(notice_revision: Revised) -> str:
    return render_template(
        "calls/notice/revision.html",
        call=notice_revision.call,
        revision=revision_page(notice_revision.row),
    )


@bp.get("/compare")
@guard("call.compare")
def compare() -> str:
    page = comparison_page(
        request.args.getlist("call"), drafts=can("call.create"), figures=OFFICE in actor().roles
    )
    return render_template("calls/notice/compare.html", page=page)

"""A submitted version to take away: receipt and proposal as PDF, content as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from lab.files.documents import pages
from lab.proposals.access import Submitted, load_version
from lab.proposals.core.visibility.contents import name_for
from lab.rejected import Rejected
from lab.reports.proposal_documents import queries, service
from lab.reports.proposal_documents.queries import Sheet, load_document
from lab.web.downloads import send_private
from lab.web.forms import ButtonForm
from lab.web.request.guards import actor, guard

bp = Blueprint("papers", __name__, url_prefix="/proposals/<key>/versions/<int:number>")


def _address(found: Submitted) -> str:
    return url_for("papers.show", key=found.proposal.key, number=found.version.number)


@bp.get("/paper")
@guard("paper.view", load_version)
def show(found: Submitted) -> str:
    return render_template(
        "reports/proposal_documents/documents.html",
        proposal=found.proposal,
        name=name_for(actor(), found.proposal),
        version=found.version,
        papers=queries.rows(found.version.id),
    )


@bp.get("/paper/<kind>/state")
@guard("paper.view", load_document, unattended=True)
def state(sheet: Sheet) -> Response:
    """For the waiting page."""
    return pages.state_answer(service.DOCUMENT, sheet.paper, _address(sheet.submitted))


@bp.post("/paper/<kind>")
@guard("paper.make", load_document)
def make(sheet: Sheet) -> BaseResponse:
    ButtonForm().validate()
    service.make(sheet.submitted, sheet.kind, g.person)
    flash(f"{queries.KINDS[sheet.kind]}正在生成。", "success")
    return redirect(_address(sheet.submitted), 303)


@bp.post("/paper/<kind>/download")
@guard("paper.download", load_document)
def download(sheet: Sheet) -> Response:
    """A POST, because each download is noted in the audit log."""
    ButtonForm().validate()
    if sheet.paper is None:
        raise Rejected("文件还没有生成，请先生成。")
    found = sheet.submitted
    name = f"{queries.KINDS[sheet.kind]}{found.proposal.number}（第{found.version.number}版）.pdf"
    detail = service.download_detail(found, sheet.kind)
    return pages.download(service.DOCUMENT, sheet.paper, name, detail)


@bp.post("/export")
@guard("proposal.export", load_version)
def export(found: Submitted) -> Response:
    """The canonical content, byte for byte what the fingerprint was taken of."""
    ButtonForm().validate()
    service.note_export(found)
    name = f"{found.proposal.number}（第{found.version.number}版）.json"
    return send_private(found.version.content.encode(), name, "application/json")

"""Downloads of a submitted version: receipt and proposal as PDF, content as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from lab.files.documents import pages
from lab.proposals.access import Submitted, load_version
from lab.rejected import Rejected
from lab.reports.proposal_documents import queries, service
from lab.reports.proposal_documents.access import RequestedDocument, load_document
from lab.reports.proposal_documents.queries_page import documents_page
from lab.web.downloads import send_private
from lab.web.forms import ButtonForm
from lab.web.request.guards import actor, guard

bp = Blueprint("papers", __name__, url_prefix="/proposals/<key>/versions/<int:number>")


def _address(submitted: Submitted) -> str:
    return url_for("papers.show", key=submitted.proposal.key, number=submitted.version.number)


@bp.get("/paper")
@guard("paper.view", load_version)
def show(submitted: Submitted) -> str:
    page = documents_page(submitted, actor())
    return render_template("reports/proposal_documents/documents.html", page=page)


@bp.get("/paper/<kind>/state")
@guard("paper.view", load_document, unattended=True)
def state(requested: RequestedDocument) -> Response:
    """Answer the waiting page."""
    return pages.state_answer(service.DOCUMENT, requested.document, _address(requested.submitted))


@bp.post("/paper/<kind>")
@guard("paper.make", load_document)
def make(requested: RequestedDocument) -> BaseResponse:
    ButtonForm().validate()
    service.order_document(requested.submitted, requested.kind, g.person)
    return redirect(_address(requested.submitted), 303)


@bp.post("/paper/<kind>/download")
@guard("paper.download", load_document)
def download(requested: RequestedDocument) -> Response:
    """Download as a POST, because each download is audited."""
    ButtonForm().validate()
    if requested.document is None:
        raise Rejected("文件还没有生成，请先生成。")
    submitted = requested.submitted
    label, number = queries.KIND_LABELS[requested.kind], submitted.proposal.number
    name = f"{label}{number}（第{submitted.version.number}版）.pdf"
    detail = service.download_detail(submitted, requested.kind)
    return pages.download(service.DOCUMENT, requested.document, name, detail)


@bp.post("/export")
@guard("proposal.export", load_version)
def export(submitted: Submitted) -> Response:
    """Send the canonical content byte for byte, as it was fingerprinted."""
    ButtonForm().validate()
    service.record_export(submitted)
    name = f"{submitted.proposal.number}（第{submitted.version.number}版）.json"
    return send_private(submitted.version.content.encode(), name, "application/json")

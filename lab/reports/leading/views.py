"""The report centre."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lab import clock
from lab.files.documents import pages
from lab.reports.leading import columns, queries, service
from lab.reports.leading.access import load_report
from lab.reports.leading.forms import ReportForm
from lab.reports.leading.queries_page import list_reports
from lab.reports.models import Report
from lab.reports.proposal_documents import queries as proposal_documents_queries
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard

bp = Blueprint("reports", __name__, url_prefix="/reports")


@bp.get("/")
@guard("report.list")
def index() -> str:
    page = list_reports(actor(), request.args)
    return render_template("reports/leading/index.html", columns=columns, page=page)


def _form() -> ReportForm:
    form = ReportForm()
    form.call.choices = queries.scope_choices()
    return form


@bp.get("/new")
@guard("report.create")
def new() -> str:
    form = _form()
    form.cutoff.data = clock.today()
    return render_template("reports/leading/new.html", form=form)


@bp.post("/new")
@guard("report.create")
def create() -> BaseResponse:
    form = _form()
    return handle_edit(
        form,
        save=lambda: _issue(form),
        page=lambda: render_template("reports/leading/new.html", form=form),
        done=lambda report: redirect_with(
            "报告数据已锁定。", url_for("reports.view", key=report.key)
        ),
    )


def _issue(form: ReportForm) -> Report:
    queries.reject_withheld(actor(), form.call_id())
    return service.issue_report(form.cutoff.data, form.decisions(), form.call_id())


@bp.get("/verify")
@guard("report.verify")
def verify() -> str:
    code = request.args.get("code", "").strip()
    return render_template(
        "reports/leading/verify.html",
        code=code,
        reports=queries.find_by_hash(actor(), code),
        proposals=proposal_documents_queries.find_by_fingerprint(actor(), code),
    )


@bp.get("/<key>")
@guard("report.view", load_report)
def view(report: Report) -> str:
    return render_template("reports/leading/view.html", report=queries.report_row(report.id))


@bp.get("/<key>/state")
@guard("report.view", load_report, unattended=True)
def state(report: Report) -> Response:
    """Answer the waiting page."""
    return pages.state_answer(service.DOCUMENT, report, url_for("reports.view", key=report.key))


@bp.post("/<key>/retry")
@guard("report.retry", load_report)
def retry(report: Report) -> BaseResponse:
    ButtonForm().validate()
    service.retry_report(report)
    return redirect(url_for("reports.view", key=report.key), 303)


@bp.post("/<key>/download")
@guard("report.download", load_report)
def download(report: Report) -> Response:
    """Download as a POST, because each download is audited."""
    ButtonForm().validate()
    name = f"{report.title}（{report.number}，截至{clock.cn_date(report.cutoff)}）.pdf"
    return pages.download(service.DOCUMENT, report, name, {"hash": report.file_hash})

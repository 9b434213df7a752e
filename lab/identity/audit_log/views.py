"""The audit log for the audit administrator."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.audit import queries
from lab.audit.check import format_head
from lab.audit.queries import AuditFilter
from lab.identity.audit_log import columns, service
from lab.identity.audit_log.forms import FilterForm
from lab.identity.audit_log.queries_page import audit_log_page
from lab.web.forms import ButtonForm
from lab.web.request.guards import guard

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
@guard("audit.view")
def index() -> str:
    form = FilterForm(formdata=request.args)
    form.action.choices = queries.action_choices()
    form.validate()
    criteria = AuditFilter(
        **{name: form[name].data or default for name, default in vars(AuditFilter()).items()}
    )
    page = audit_log_page(criteria, request.args)
    return render_template("identity/audit_log/audit.html", columns=columns, page=page, form=form)


@bp.post("/verify")
@guard("audit.verify")
def verify() -> Response:
    ButtonForm().validate()
    report = service.verify_log()
    if report.finding is None:
        head = format_head(report.rows, report.head)
        flash(f"审计日志完好：共{report.rows}条，链头{head}。", "success")
    else:
        flash(f"审计日志有问题：{report.finding.message}请立即报告安全管理员。", "danger")
    for note in report.notes:
        flash(note, "warning")
    return redirect(url_for("audit.index"), 303)

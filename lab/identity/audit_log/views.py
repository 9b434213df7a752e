"""The audit log for the audit administrator."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab import audit
from lab.audit import queries
from lab.audit.check import format_head, verify_chain
from lab.audit.queries import AuditFilter
from lab.db import reading
from lab.extensions import db
from lab.identity.audit_log import columns
from lab.identity.audit_log.queries_page import audit_log_page
from lab.web.fields import DateField, SelectField, TextField
from lab.web.forms import ButtonForm, Form
from lab.web.request.guards import guard

bp = Blueprint("audit", __name__, url_prefix="/audit")


class FilterForm(Form):
    """The filter; sent by GET, so it carries no token."""

    class Meta(Form.Meta):
        csrf = False

    actor = TextField("人员", limit=60)
    action = SelectField("事项", blank="全部")
    object_key = TextField("对象标识", limit=64)
    first = DateField("起始日期")
    last = DateField("截止日期")


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
    """Verify the chain without holding the write lock, then record the verification."""
    ButtonForm().validate()
    db.session.rollback()
    with reading() as session:
        report = verify_chain(session)
    detail = {"rows": report.rows, "sound": report.is_intact}
    audit.record("audit.verify", detail=detail, result="ok" if report.is_intact else "failed")
    if report.finding is None:
        head = format_head(report.rows, report.head)
        flash(f"审计日志完好：共{report.rows}条，链头{head}。", "success")
    else:
        flash(f"审计日志有问题：{report.finding.message}请立即报告安全管理员。", "danger")
    for note in report.notes:
        flash(note, "warning")
    return redirect(url_for("audit.index"), 303)

"""A reviewer's pages: own list, pledge, scoring form, recusal, abstention."""

from __future__ import annotations

from typing import Any

from flask import Response as FlaskResponse
from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.calls.models.call import Call
from lab.db import EditConflict
from lab.editing import answers, leftovers
from lab.editing.answers import Answer
from lab.errors import wants_json
from lab.files.inspection.active import explanation
from lab.files.models import StoredFile
from lab.files.previews import redrawing
from lab.files.previews.pages import picture_answer, state_answer
from lab.files.storing.serving import send_stored
from lab.proposals.core import queries as proposals
from lab.proposals.core.content import for_reviewers
from lab.reviews.blueprint import Page, bp
from lab.reviews.core.frozen_rules import rules_of
from lab.reviews.models import ScoreSheet
from lab.reviews.rules import pledge as pledges
from lab.reviews.rules.lifecycle import OWED, SHEET, SheetState
from lab.reviews.scoring.explanation import formula_text
from lab.reviews.sheets import service
from lab.reviews.sheets.access import has_pledged, load_own_file, load_own_sheet, load_pledge
from lab.reviews.sheets.forms import (
    AbstainForm,
    RecuseForm,
    SheetForm,
    answers_in,
    sheet_form,
    show_missing,
    unread,
    values_of,
)
from lab.reviews.sheets.queries import criteria_of, own_rounds, own_total
from lab.web.forms import ButtonForm
from lab.web.pages.clash import conflict_page
from lab.web.request.guards import commit_on_error, guard

PARTS = (
    ("basics", "基本信息"),
    ("background", "背景与模式"),
    ("plan", "实施方案"),
    ("milestones", "里程碑"),
    ("targets", "预期指标"),
    ("budget", "预算"),
    ("risks", "风险、示范与复制"),
    ("files", "附件"),
    ("opinion", "单位意见"),
)


def _to_list() -> Response:
    return redirect(url_for("reviews.own"), 303)


@bp.get("/reviews")
@guard("review.list")
def own() -> str:
    return render_template("reviews/sheets/own.html", rounds=own_rounds(g.person.id))


@bp.get("/reviews/pledge/<key>")
@guard("review.pledge", load_pledge)
def pledge(call: Call) -> str:
    mine = [r for r in own_rounds(g.person.id) if r.call_key == call.key]
    return render_template(
        "reviews/sheets/pledge.html", round=mine[0], pledge=pledges, form=ButtonForm()
    )


@bp.post("/reviews/pledge/<key>")
@guard("review.pledge", load_pledge)
def sign_pledge(call: Call) -> Response:
    service.sign_pledge(call, g.person)
    flash("承诺已签署，可以开始评审。", "success")
    return _to_list()


# -- scoring -----------------------------------------------------------------------------------


def _sheet_page(sheet: ScoreSheet, form: SheetForm | None, status: int = 200) -> Page:
    call = sheet.proposal.call
    content = proposals.reviewer_view(sheet.proposal_id, sheet.proposal_version)
    page = render_template(
        "reviews/sheets/sheet.html",
        sheet=sheet,
        state=SHEET.state(sheet.status),
        content=for_reviewers(content),
        criteria=criteria_of(sheet),
        parts=PARTS,
        file_url=lambda file_key: url_for("reviews.download", key=sheet.key, file_key=file_key),
        formula=formula_text(rules_of(call).criteria),
        stored=values_of(sheet),
        total=own_total(sheet),
        form=form,
        states=SheetState,
        subject=g.subject,
    )
    return page, status


def _form_path(sheet: ScoreSheet) -> str:
    return url_for("reviews.sheet", key=sheet.key)


def _made(sheet: ScoreSheet) -> SheetForm:
    form = sheet_form(
        sheet.proposal.call.criteria, data={**values_of(sheet), "version": sheet.version}
    )
    leftovers.show_invalid_input(form, sheet.leftovers)
    return form


@bp.get("/reviews/<key>")
@guard("review.view", load_own_sheet)
def sheet(sheet: ScoreSheet) -> Page | Response:
    call = sheet.proposal.call
    if sheet.status not in OWED:
        return _sheet_page(sheet, None)
    if not has_pledged(call.id, g.person.id):
        flash("请先签署本轮评审承诺，再查看申报材料。", "info")
        return redirect(url_for("reviews.pledge", key=call.key), 303)
    return _sheet_page(sheet, _made(sheet))


def _conflict(
    sheet: ScoreSheet, form: SheetForm, stored: dict[str, Any], version: int
) -> Page | Answer | Response:
    if wants_json():
        return answers.conflict()
    return conflict_page(form, stored, version, _form_path(sheet))


def _save_invalid(sheet: ScoreSheet, form: SheetForm) -> Page:
    """Show what is wrong; what was typed is saved all the same."""
    commit_on_error()
    form.rebase(sheet.version)
    return _sheet_page(sheet, form, 422)


def _write(sheet: ScoreSheet, *, submit: bool) -> Page | Answer | Response:
    rows, stored = sheet.proposal.call.criteria, values_of(sheet)
    form, tab = sheet_form(rows), answers.sent_by(_form_path(sheet))
    readable = form.validate()
    if form.version.errors:
        return answers.broken() if wants_json() else _sheet_page(sheet, form, 422)
    typed = answers_in(form, rows, stored)
    try:
        if not (readable and submit):
            kept = unread(form, stored)
            service.save_sheet(sheet, form.version.data, typed, leftovers=kept, tab=tab)
        elif missing := service.submit_sheet(sheet, form.version.data, typed, tab=tab):
            show_missing(form, missing)
            return _save_invalid(sheet, form)
    except EditConflict:
        return _conflict(sheet, form, values_of(sheet), sheet.version)
    return _written(sheet, form, readable, submit)


def _written(
    sheet: ScoreSheet, form: SheetForm, readable: bool, submit: bool
) -> Page | Answer | Response:
    if wants_json():
        return answers.saved(sheet.version, answers.faults(form))
    if not readable:
        return _save_invalid(sheet, form)
    if submit:
        flash(f"对“{sheet.proposal.title}”的评审已提交。", "success")
        return _to_list()
    flash("已保存。保存不等于提交，全部填好后请点击“提交评审”。", "success")
    return redirect(_form_path(sheet), 303)


@bp.post("/reviews/<key>")
@guard("review.score", load_own_sheet)
def save(sheet: ScoreSheet) -> Page | Answer | Response:
    return _write(sheet, submit=False)


@bp.post("/reviews/<key>/submit")
@guard("review.submit", load_own_sheet)
def submit(sheet: ScoreSheet) -> Page | Answer | Response:
    # The page of a clash posts here again without the button's name: that only saves.
    return _write(sheet, submit=request.form.get("act") == "submit")


@bp.get("/reviews/<key>/files/<file_key>")
@guard("review.view", load_own_file)
def download(file: StoredFile) -> Response:
    if file.found:  # its page says why, and shows it
        key = request.view_args["key"] if request.view_args else ""
        return redirect(url_for("reviews.preview", key=key, file_key=file.key), 303)
    return send_stored(file)


@bp.get("/reviews/<key>/files/<file_key>/preview")
@guard("review.view", load_own_file)
def preview(file: StoredFile) -> str:
    key = request.view_args["key"] if request.view_args else ""
    return render_template(
        "reviews/sheets/preview.html",
        sheet_key=key,
        file=file,
        withheld=explanation(file.found) if file.found else "",
        shown=redrawing.shown(file),
        address=url_for("reviews.download", key=key, file_key=file.key),
    )


@bp.get("/reviews/<key>/files/<file_key>/preview/state")
@guard("review.view", load_own_file, unattended=True)
def preview_state(file: StoredFile) -> FlaskResponse:
    return state_answer(file, request.path.removesuffix("/state"))


@bp.get("/reviews/<key>/files/<file_key>/preview/<int:page>")
@guard("review.view", load_own_file)
def preview_page(file: StoredFile) -> FlaskResponse:
    return picture_answer(file) or abort(404)


# -- stepping back -----------------------------------------------------------------------------


@bp.get("/reviews/<key>/recuse")
@guard("review.recuse", load_own_sheet)
def recuse(sheet: ScoreSheet) -> str:
    return render_template("reviews/sheets/recuse.html", sheet=sheet, form=RecuseForm())


@bp.post("/reviews/<key>/recuse")
@guard("review.recuse", load_own_sheet)
def do_recuse(sheet: ScoreSheet) -> Page | Response:
    form = RecuseForm()
    if not form.validate():
        return render_template("reviews/sheets/recuse.html", sheet=sheet, form=form), 422
    service.recuse(sheet, g.person, form.kind.data, form.reason.data)
    flash("已登记回避，该项目不再出现在您的评审中。", "success")
    return _to_list()


@bp.get("/reviews/<key>/abstain")
@guard("review.abstain", load_own_sheet)
def abstain(sheet: ScoreSheet) -> str:
    return render_template("reviews/sheets/abstain.html", sheet=sheet, form=AbstainForm())


@bp.post("/reviews/<key>/abstain")
@guard("review.abstain", load_own_sheet)
def do_abstain(sheet: ScoreSheet) -> Page | Response:
    form = AbstainForm()
    if not form.validate():
        return render_template("reviews/sheets/abstain.html", sheet=sheet, form=form), 422
    service.abstain(sheet, form.reason.data)
    flash("已登记弃评。", "success")
    return _to_list()

"""A reviewer's pages: own list, pledge, score form, recusal, abstention."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.calls.models.call import Call
from lab.editing import invalid_input, responses
from lab.editing.draft_cycle import DraftSaved, handle_draft
from lab.files.models import StoredFile
from lab.files.previews.preview_page import file_page
from lab.files.previews.responses import picture_response, state_response
from lab.files.storing.serving import send_stored
from lab.reviews.blueprint import bp
from lab.reviews.models import ScoreSheet
from lab.reviews.rules.lifecycle import OWED
from lab.reviews.scoring.completeness import MissingItem
from lab.reviews.sheets import columns, queries_page, service
from lab.reviews.sheets.access import has_pledged, load_own_file, load_own_sheet, load_pledge
from lab.reviews.sheets.forms import (
    AbstainForm,
    RecuseForm,
    SheetForm,
    answers_from,
    sheet_form,
    show_missing,
    stored_values,
    unparsed_fields,
)
from lab.reviews.sheets.queries import own_rounds
from lab.web.forms import ButtonForm
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard

SAVED = "已保存。保存不等于提交，全部填好后请点击“提交评审”。"


def _to_list(message: str) -> Response:
    return redirect_with(message, url_for("reviews.own_reviews"))


@bp.get("/reviews")
@guard("review.list")
def own_reviews() -> str:
    return render_template(
        "reviews/sheets/own.html", columns=columns, rounds=own_rounds(g.person.id)
    )


@bp.get("/reviews/pledge/<key>")
@guard("review.pledge", load_pledge)
def pledge(call: Call) -> str:
    page = queries_page.pledge_page(call, g.person.id)
    return render_template(
        "reviews/sheets/pledge.html", columns=columns, page=page, form=ButtonForm()
    )


@bp.post("/reviews/pledge/<key>")
@guard("review.pledge", load_pledge)
def sign_pledge(call: Call) -> Response:
    service.sign_pledge(call, g.person)
    return _to_list("承诺已签署，可以开始评审。")


# -- scoring -----------------------------------------------------------------------------------


def _sheet_page(sheet: ScoreSheet, form: SheetForm | None) -> str:
    return render_template(
        "reviews/sheets/sheet.html",
        columns=columns,
        page=queries_page.sheet_page(sheet, stored_values(sheet)),
        form=form,
    )


def _form_path(sheet: ScoreSheet) -> str:
    return url_for("reviews.sheet", key=sheet.key)


def _sheet_form(sheet: ScoreSheet) -> SheetForm:
    form = sheet_form(
        sheet.proposal.call.criteria, data={**stored_values(sheet), "version": sheet.version}
    )
    invalid_input.show_invalid_input(form, sheet.invalid_input)
    return form


@bp.get("/reviews/<key>")
@guard("review.view", load_own_sheet)
def sheet(sheet: ScoreSheet) -> str | Response:
    call = sheet.proposal.call
    if sheet.status not in OWED:
        return _sheet_page(sheet, None)
    if not has_pledged(call.id, g.person.id):
        flash("请先签署本轮评审承诺，再查看申报材料。", "info")
        return redirect(url_for("reviews.pledge", key=call.key), 303)
    return _sheet_page(sheet, _sheet_form(sheet))


def _write(sheet: ScoreSheet, *, submit: bool) -> Response:
    form, path = sheet_form(sheet.proposal.call.criteria), _form_path(sheet)
    return handle_draft(
        form,
        save=lambda valid: _store(sheet, form, valid=valid, submit=submit),
        page=lambda: _sheet_page(sheet, form),
        conflict=lambda: conflict_page(form, stored_values(sheet), sheet.version, path),
        done=lambda _: _submitted(sheet) if submit else redirect_with(SAVED, path),
        correctable=False,
    )


def _store(sheet: ScoreSheet, form: SheetForm, *, valid: bool, submit: bool) -> DraftSaved:
    stored, version = stored_values(sheet), form.version.data
    typed = answers_from(form, sheet.proposal.call.criteria, stored)
    tab, missing = responses.editor_tab(_form_path(sheet)), list[MissingItem]()
    if valid and submit:
        missing = service.submit_sheet(sheet, version, typed, tab=tab)
        show_missing(form, missing)
    else:
        service.save_sheet(
            sheet, version, typed, invalid_input=unparsed_fields(form, stored), tab=tab
        )
    return DraftSaved(sheet.version, complete=valid and not missing)


def _submitted(sheet: ScoreSheet) -> Response:
    return _to_list(f"对“{sheet.proposal.title}”的评审已提交。")


@bp.post("/reviews/<key>")
@guard("review.score", load_own_sheet)
def save(sheet: ScoreSheet) -> Response:
    return _write(sheet, submit=False)


@bp.post("/reviews/<key>/submit")
@guard("review.submit", load_own_sheet)
def submit(sheet: ScoreSheet) -> Response:
    # The conflict page posts here again without the button's name: that only saves.
    return _write(sheet, submit=request.form.get("act") == "submit")


@bp.get("/reviews/<key>/files/<file_key>")
@guard("review.view", load_own_file)
def download(file: StoredFile) -> Response:
    if file.active_codes:  # its page says why, and shows it
        key = request.view_args["key"] if request.view_args else ""
        return redirect(url_for("reviews.preview", key=key, file_key=file.key), 303)
    return send_stored(file)


@bp.get("/reviews/<key>/files/<file_key>/preview")
@guard("review.view", load_own_file)
def preview(file: StoredFile) -> str:
    key = request.view_args["key"] if request.view_args else ""
    return render_template("reviews/sheets/preview.html", sheet_key=key, preview=file_page(file))


@bp.get("/reviews/<key>/files/<file_key>/preview/state")
@guard("review.view", load_own_file, unattended=True)
def preview_state(file: StoredFile) -> FlaskResponse:
    return state_response(file, request.path.removesuffix("/state"))


@bp.get("/reviews/<key>/files/<file_key>/preview/<int:page>")
@guard("review.view", load_own_file)
def preview_page(file: StoredFile) -> FlaskResponse:
    return picture_response(file) or abort(404)


# -- stepping back -----------------------------------------------------------------------------


@bp.get("/reviews/<key>/recuse")
@guard("review.recuse", load_own_sheet)
def recuse(sheet: ScoreSheet) -> str:
    return _recuse_page(sheet, RecuseForm())


def _recuse_page(sheet: ScoreSheet, form: RecuseForm) -> str:
    return render_template("reviews/sheets/recuse.html", sheet=sheet, form=form)


@bp.post("/reviews/<key>/recuse")
@guard("review.recuse", load_own_sheet)
def do_recuse(sheet: ScoreSheet) -> Response:
    form = RecuseForm()
    return handle_edit(
        form,
        save=lambda: service.declare_recusal(sheet, g.person, form.kind.data, form.reason.data),
        page=lambda: _recuse_page(sheet, form),
        done=lambda _: _to_list("已登记回避，该项目不再出现在您的评审中。"),
        correctable=False,
    )


@bp.get("/reviews/<key>/abstain")
@guard("review.abstain", load_own_sheet)
def abstain(sheet: ScoreSheet) -> str:
    return _abstain_page(sheet, AbstainForm())


def _abstain_page(sheet: ScoreSheet, form: AbstainForm) -> str:
    return render_template("reviews/sheets/abstain.html", sheet=sheet, form=form)


@bp.post("/reviews/<key>/abstain")
@guard("review.abstain", load_own_sheet)
def do_abstain(sheet: ScoreSheet) -> Response:
    form = AbstainForm()
    return handle_edit(
        form,
        save=lambda: service.abstain_from(sheet, form.reason.data),
        page=lambda: _abstain_page(sheet, form),
        done=lambda _: _to_list("已登记弃评。"),
        correctable=False,
    )

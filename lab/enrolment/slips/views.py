"""Pages of slips: who waits for one, print them, print one."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.enrolment.slips import columns, printing, queries
from lab.enrolment.slips.forms import IssueForm
from lab.identity.access import load_person
from lab.identity.models.account import Person
from lab.posts.kept_answers import KeptAnswer
from lab.posts.redirects import take_secret
from lab.web.downloads import send_private
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit
from lab.web.request.guards import guard

NO_FILE = "没有可以下载的启用单：须先发放，并在十分钟内下载。"
bp = Blueprint("slips", __name__, url_prefix="/people")


def _form(keys: list[str]) -> IssueForm:
    form = IssueForm()
    form.people.choices = [(key, key) for key in keys]
    return form


def _page(form: IssueForm, ticked: list[str] | None = None) -> str:
    page = queries.waiting_page(request.args, ticked)
    return render_template("enrolment/slips/waiting.html", columns=columns, page=page, form=form)


@bp.get("/slips")
@guard("people.slips")
def index() -> str:
    return _page(_form([]))


@bp.post("/slips")
@guard("people.slips")
def issue() -> Response:
    keys = request.form.getlist("people")
    form = _form(keys)
    back = url_for("slips.index", batch=request.args.get("batch") or None)
    return handle_edit(
        form,
        save=lambda: printing.issue_and_keep(queries.person_ids(keys), g.person, back),
        page=lambda: _page(form, keys),
        done=_to_print,
    )


@bp.post("/<key>/slip")
@guard("people.issue_slip", load_person)
def issue_one(person: Person) -> Response:
    ButtonForm().validate()
    back = url_for("people.show", key=person.key)
    return _to_print(printing.issue_and_keep([person.id], g.person, back))


def _to_print(kept: str) -> Response:
    return redirect(url_for("slips.file", kept=kept), 303)


@bp.get("/slips/file")
@guard("people.print_slips")
def file() -> Response | str:
    """Return the PDF of slips that were just issued, a single time."""
    kept = take_secret(request.args.get("kept", ""))
    if kept is None:
        kept = KeptAnswer(None, again=NO_FILE, back=url_for("people.index"))
    if kept.page is None:
        return render_template("enrolment/slips/no_file.html", kept=kept)
    return send_private(printing.pdf_of(kept.page), "账号启用单.pdf", "application/pdf")

"""Letters: the outbox of the office, one letter, and what a person has received."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.inbox.blueprint import bp as inbox_bp
from lab.inbox.letters import columns, queries, queries_page, service
from lab.inbox.letters.access import load_addressed, load_letter
from lab.inbox.letters.forms import LetterForm, SendForm, VoidForm
from lab.inbox.models.letters import Letter, LetterRecipient
from lab.rejected import Rejected
from lab.web.forms import ButtonForm
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with, reject_with
from lab.web.request.guards import actor, can, guard
from lab.web.request.selection import read_selected

bp = Blueprint("letters", __name__, url_prefix="/letters")
STALE_MESSAGE = "函件内容在您打开页面后有修改，没有发送。请核对后再发送。"


@bp.get("")
@guard("letter.list")
def index() -> str:
    page = queries_page.outbox(actor(), request.args)
    return render_template("inbox/letters/letters.html", columns=columns, page=page)


# -- one letter --------------------------------------------------------------------------------


@bp.get("/<key>")
@guard("letter.view", load_letter)
def show(letter: Letter) -> str:
    if "recipient" in g.resource.relations or not can("letter.list"):
        return _as_received(letter, preview=False)
    page = queries_page.letter_page(letter)
    return render_template("inbox/letters/office.html", columns=columns, page=page)


@bp.get("/<key>/preview")
@guard("letter.send", load_letter)
def preview(letter: Letter) -> str:
    return _as_received(letter, preview=True)


def _as_received(letter: Letter, *, preview: bool) -> str:
    path = queries.object_path(letter)
    return render_template(
        "inbox/letters/letter.html", letter=letter, object_path=path, preview=preview
    )


@bp.get("/<key>/edit")
@guard("letter.edit", load_letter)
def edit(letter: Letter) -> str:
    return _edit_page(letter, LetterForm(obj=letter))


def _edit_page(letter: Letter, form: LetterForm) -> str:
    return render_template("inbox/letters/edit.html", letter=letter, form=form)


@bp.post("/<key>/edit")
@guard("letter.edit", load_letter)
def save(letter: Letter) -> Response:
    form = LetterForm()
    return handle_edit(
        form,
        save=lambda: service.edit_letter(
            letter, form.version.data, form.subject.data, form.body.data
        ),
        page=lambda: _edit_page(letter, form),
        conflict=lambda: _conflict_page(letter, form),
        done=lambda _: _back(letter, "已保存。"),
    )


def _conflict_page(letter: Letter, form: LetterForm) -> Response:
    stored = {"subject": letter.subject, "body": letter.body}
    return conflict_page(form, stored, letter.version, url_for("letters.edit", key=letter.key))


@bp.post("/<key>/send")
@guard("letter.send", load_letter)
def send(letter: Letter) -> Response:
    form = SendForm()
    return handle_edit(
        form,
        save=lambda: service.send_letter(letter, form.version.data, g.person.id),
        page=reject_with("页面不完整，请返回刷新后再发送。"),
        conflict=reject_with(STALE_MESSAGE),
        done=lambda _: _back(
            letter, f"已发送给{'、'.join(row.name for row in letter.recipients)}。"
        ),
        correctable=False,
    )


@bp.get("/<key>/void")
@guard("letter.void", load_letter)
def void_page(letter: Letter) -> str:
    return _void_page(letter, VoidForm(data={"version": letter.version}))


def _void_page(letter: Letter, form: VoidForm) -> str:
    return render_template("inbox/letters/void.html", letter=letter, form=form)


@bp.post("/<key>/void")
@guard("letter.void", load_letter)
def make_void(letter: Letter) -> Response:
    form, address = VoidForm(), _address(letter)
    return handle_edit(
        form,
        save=lambda: service.void_letter(letter, form.version.data, g.person.id, form.reason.data),
        page=lambda: _void_page(letter, form),
        conflict=lambda: conflict_page(
            form, {"reason": letter.void_reason}, letter.version, address
        ),
        done=lambda _: _back(letter, "函件已作废，不会发送。"),
        correctable=False,
    )


@bp.post("/<key>/mail/<recipient_key>/resend")
@guard("letter.resend", load_addressed)
def resend(row: LetterRecipient) -> Response:
    ButtonForm().validate()
    service.resend_mail(row)
    return _back(row.letter, f"给{row.name}的邮件已排队，稍后发送。")


def _address(letter: Letter) -> str:
    return url_for("letters.show", key=letter.key)


def _back(letter: Letter, message: str) -> Response:
    return redirect_with(message, _address(letter))


# -- several at once ---------------------------------------------------------------------------


@bp.get("/send")
@guard("letter.send_many")
def confirm() -> str:
    keys = None if request.args.get("all") == "1" else request.args.getlist("letter")
    rows = queries.selected_drafts(actor(), keys, request.args)
    return render_template("inbox/letters/send.html", columns=columns, rows=rows)


@bp.post("/send")
@guard("letter.send_many")
def send_many() -> Response:
    if not ButtonForm().validate():
        raise Rejected("页面已过期，请返回发件箱重新选择。")
    selected = read_selected("letter")[: queries.PAGE_SIZE]
    sent, left = service.send_letters(selected, actor())
    rest = f"；{left}件已由他人办理或修改，没有发送" if left else ""
    tone = "warning" if left else "success"
    return redirect_with(f"已发送{sent}件{rest}。", url_for("letters.index"), tone)


# -- what a person has received ----------------------------------------------------------------


@inbox_bp.get("/letters")
@guard("inbox.letters")
def received() -> str:
    page = queries.list_received(g.person.id, request.args)
    return render_template("inbox/letters/received.html", page=page)

"""Sign-in, sign-out and one's own password."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.audit import suspension
from lab.identity.addresses import queries as addresses_queries
from lab.identity.addresses import service as addresses_service
from lab.identity.blueprint import bp
from lab.identity.core import sessions
from lab.identity.core.attempts.attempts import TooManyAttempts
from lab.identity.passwords import queries as passwords_queries
from lab.identity.passwords import service as passwords_service
from lab.identity.passwords.forms import PasswordForm
from lab.identity.rules.throttle import THROTTLE_NOTE
from lab.identity.sign_in import service as sign_in_service
from lab.identity.sign_in.forms import SignInForm
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard
from lab.web.request.resubmission import waiting_fields, writer_of
from lab.web.request.resume_pages import resubmit_page, sign_in_page
from lab.web.request.safe_paths import safe_path

WRONG_PASSWORD_MESSAGE = f"登录名或密码不对，或账号暂时不能登录。{THROTTLE_NOTE}"
MAX_ECHO = 40  # a longer name is nobody's, and is not shown again


OTHER_PERSON_MESSAGE = "登录的不是填写人本人的账号，没有登录。请用填写人本人的账号登录。"


def _page(form: SignInForm, status: int = 200) -> Response:
    """Return the sign-in page, or the page with the pending text where there is some."""
    has_pending_text = request.method == "POST" and "resume" in request.args
    former = sessions.former_person() if has_pending_text else ""
    if former:
        errors = [error for field in form for error in field.errors]
        return _resume_page(former, status, errors[0] if errors else "")
    if len(form.name.shown()) > MAX_ECHO:
        form.name.raw_data, form.name.data = [], ""
    page = render_template("identity/sign_in/sign_in.html", form=form)
    return make_response(page, status)


def _resume_page(former: str, status: int, message: str) -> Response:
    address = safe_path(request.args["resume"])
    return sign_in_page(waiting_fields(), former, status, address=address, message=message)


@bp.get("/sign-in")
@guard("identity.sign_in")
def sign_in() -> Response:
    return _page(SignInForm())


@bp.post("/sign-in")
@guard("identity.sign_in")
def do_sign_in() -> Response:
    form = SignInForm()
    if not form.validate():
        return _page(form, 422)
    try:
        right = sign_in_service.sign_in(form.name.data, form.password.data)
    except TooManyAttempts as error:
        return _too_soon_page(form, error)
    if not right:
        form.name.errors = [WRONG_PASSWORD_MESSAGE]
        return _page(form, 422)
    _flash_account_changes()
    if "resume" in request.args:
        return _resume(safe_path(request.args["resume"]))
    return redirect(safe_path(request.args.get("next", "/")), 303)


def _flash_account_changes() -> None:
    """Flash what others did to the account; postponed while nothing can be written."""
    if not suspension.is_suspended():
        _flash_resets()
        _flash_address_changes()


def _flash_address_changes() -> None:
    """Flash changes by others to one's own address since the owner was last told."""
    sentences = addresses_queries.unseen_change_notes(g.person)
    for note in sentences:
        flash(note, "warning")
    if sentences:
        addresses_service.mark_changes_seen(g.person.id)


def _too_soon_page(form: SignInForm, error: TooManyAttempts) -> Response:
    form.name.errors = [error.message]
    response = _page(form, 429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _flash_resets() -> None:
    """Flash resets by others; who must set a password reads them on that page (see `password`)."""
    if g.must_change:
        return
    sentences = passwords_queries.unseen_resets(g.person)
    for note in sentences:
        flash(note, "warning")
    if sentences:
        passwords_service.mark_resets_seen(g.person.id)


def _resume(address: str) -> Response:
    """Resume the post that met an expired sign-in; one more click sends it."""
    fields = waiting_fields()
    if writer_of(fields) not in ("", g.person.key):
        sign_in_service.sign_out()
        return _resume_page(sessions.former_person(), 200, OTHER_PERSON_MESSAGE)
    first = bool(g.must_change)  # then nothing is taken before the new password
    page: Response = resubmit_page(
        fields, 200, address=address, must_change=first, just_signed_in=not first
    )
    return page


@bp.post("/sign-out")
@guard("identity.sign_out")
def sign_out() -> Response:
    ButtonForm().validate()
    sign_in_service.sign_out()
    flash("已退出登录。", "success")
    return redirect(url_for("identity.sign_in"), 303)


@bp.get("/account/password")
@guard("identity.password")
def password() -> str:
    return _password_page(PasswordForm())


def _password_page(form: PasswordForm) -> str:
    resets = passwords_queries.unseen_resets(g.person)
    return render_template("identity/passwords/password.html", form=form, resets=resets)


@bp.post("/account/password")
@guard("identity.password")
def change_password() -> Response:
    form = PasswordForm()
    return handle_edit(
        form,
        save=lambda: passwords_service.change_password(
            g.person.id, form.password.data, form.new_password.data
        ),
        page=lambda: _password_page(form),
        done=lambda _: redirect_with("密码已修改。", "/"),
    )

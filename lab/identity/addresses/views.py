"""The own e-mail address: what it is, who set it, and confirming it by a link."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab.identity.addresses import queries, service
from lab.identity.addresses.forms import MailForm
from lab.identity.blueprint import bp
from lab.identity.core import account_mail, links
from lab.identity.core.link_pages import expired_page, link_token
from lab.identity.models.addresses import ADDRESS
from lab.web.forms import ButtonForm
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_action, handle_edit, redirect_with
from lab.web.request.guards import guard
from lab.web.request.headers import without_referrer


def _page(form: MailForm) -> str:
    return render_template(
        "identity/addresses/mail.html",
        form=form,
        address=queries.address_page(g.person),
        mail_server=account_mail.is_configured(),
    )


@bp.get("/account/mail")
@guard("identity.mail")
def mail() -> str:
    return _page(MailForm(obj=g.person))


@bp.post("/account/mail")
@guard("identity.mail")
def save_mail() -> Response:
    form = MailForm()
    return handle_edit(
        form,
        save=lambda: service.set_own_mail(
            g.person, form.version.data, form.email.data, bool(form.mail_wanted.data)
        ),
        page=lambda: _page(form),
        conflict=lambda: _conflict_page(form),
        done=lambda _: redirect_with("已保存。", url_for("identity.mail")),
    )


def _conflict_page(form: MailForm) -> Response:
    stored = {"email": g.person.email, "mail_wanted": g.person.mail_wanted}
    return conflict_page(form, stored, g.person.version, url_for("identity.mail"))


@bp.post("/account/mail/confirmation")
@guard("identity.mail")
def ask_confirmation() -> Response:
    ButtonForm().validate()
    service.request_confirmation(g.person)
    flash("确认邮件即将发出，请在24小时内打开其中的链接。一天最多发五封。", "success")
    return redirect(url_for("identity.mail"), 303)


@bp.get("/account/mail/confirm")
@guard("identity.mail")
def confirm() -> Response:
    link = links.find_valid_link(link_token(), ADDRESS)
    is_current = link is not None and (link.person_id, link.email) == (g.person.id, g.person.email)
    return _confirm_page() if is_current else expired_page(200)


def _confirm_page() -> Response:
    page = render_template(
        "identity/addresses/mail_confirm.html", email=g.person.email, token=link_token()
    )
    return without_referrer(make_response(page))


@bp.post("/account/mail/confirm")
@guard("identity.mail")
def confirm_address() -> Response:
    message = "邮箱已确认。七天后可用于找回密码。"
    return handle_action(
        save=lambda: service.confirm_address(g.person, link_token()),
        done=lambda _: redirect_with(message, url_for("identity.mail")),
        rejected=lambda _: expired_page(),
    )

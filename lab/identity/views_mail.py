"""One's own e-mail address."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab.db import Clash
from lab.identity import service
from lab.identity.forms import MailForm
from lab.identity.views import bp
from lab.web.clash import clash_page
from lab.web.guards import guard


@bp.get("/account/mail")
@guard("identity.mail")
def mail() -> str:
    return render_template("identity/mail.html", form=MailForm(obj=g.person))


@bp.post("/account/mail")
@guard("identity.mail")
def save_mail() -> Response | tuple[str, int]:
    form = MailForm()
    if not form.validate():
        return render_template("identity/mail.html", form=form), 422
    try:
        service.set_own_mail(
            g.person, form.version.data, form.email.data, bool(form.mail_wanted.data)
        )
    except Clash:
        stored = {"email": g.person.email, "mail_wanted": g.person.mail_wanted}
        return clash_page(form, stored, g.person.version, url_for("identity.mail"))
    flash("已保存。", "success")
    return redirect(url_for("identity.mail"), 303)

"""Pages of requests that need a second person: list, one request, decision."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.identity.core.attempts.password_confirmation import require_password
from lab.releases import access
from lab.releases.access import load_release
from lab.releases.models import Release
from lab.releases.requests import columns, queries, service
from lab.releases.requests.forms import DecisionForms, RejectionForm, ReleaseForm, WithdrawForm
from lab.releases.requests.queries_page import release_list_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard

bp = Blueprint("releases", __name__, url_prefix="/releases")


@bp.get("")
@guard("release.list")
def index() -> str:
    page = release_list_page(actor(), request.args)
    return render_template("releases/requests/index.html", columns=columns, page=page)


def _page(
    release: Release, agree: ReleaseForm | None = None, reject: RejectionForm | None = None
) -> str:
    data = {"version": release.version}
    forms = DecisionForms(
        agree=agree or ReleaseForm(formdata=None, data=data),
        reject=reject or RejectionForm(formdata=None, data=data),
    )
    page = queries.release_page(release, actor())
    return render_template("releases/requests/show.html", columns=columns, page=page, forms=forms)


@bp.get("/<key>")
@guard(access.VIEW, load_release)
def show(release: Release) -> str:
    return _page(release)


def _back(release: Release, done: str) -> Response:
    return redirect_with(done, url_for("releases.show", key=release.key))


@bp.post("/<key>/agree")
@guard("release.decide", load_release)
def agree(release: Release) -> Response:
    form = ReleaseForm()
    return handle_edit(
        form,
        save=lambda: _agree(release, form),
        page=lambda: _page(release, agree=form),
        done=lambda _: _back(release, "已同意并办理。"),
    )


def _agree(release: Release, form: ReleaseForm) -> None:
    require_password(g.person.id, form.password.data)
    service.approve_release(release, form.version.data, g.person)


@bp.post("/<key>/refuse")
@guard("release.decide", load_release)
def reject(release: Release) -> Response:
    form = RejectionForm()
    return handle_edit(
        form,
        save=lambda: service.reject_release(release, form.version.data, g.person, form.answer.data),
        page=lambda: _page(release, reject=form),
        done=lambda _: _back(release, "已记为不同意，并通知申请人。"),
        correctable=False,
    )


@bp.post("/<key>/withdraw")
@guard("release.withdraw", load_release)
def withdraw(release: Release) -> Response:
    form = WithdrawForm()
    return handle_edit(
        form,
        save=lambda: service.withdraw_release(release, form.version.data, g.person),
        page=lambda: _page(release),
        done=lambda _: _back(release, "已撤回申请。"),
        correctable=False,
    )

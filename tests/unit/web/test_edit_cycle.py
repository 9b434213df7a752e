"""The cycle of an edit page: what was typed is saved, or comes back with what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask, Response, get_flashed_messages, request
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from lab.db import EditConflict
from lab.extensions import db
from lab.rejected import Rejected
from lab.web.fields import TextField
from lab.web.forms import EditForm
from lab.web.pages.edit_cycle import handle_action, handle_edit, redirect_with

NAME_TAKEN, CLOSED = "名称已经有了。", "现在不能修改。"


class ToyForm(EditForm):
    class Meta(EditForm.Meta):
        csrf = False

    name = TextField("名称", required=True, limit=8)


def save(name: str) -> str:
    """Write first: what follows decides whether it stays."""
    db.session.execute(text("INSERT INTO toy VALUES (:name)"), {"name": name})
    if name == "taken":
        raise Rejected(NAME_TAKEN, "name")
    if name == "closed":
        raise Rejected(CLOSED)
    if name == "stale":
        raise EditConflict(SimpleNamespace())
    return name.upper()


def draw(form: ToyForm) -> str:
    db.session.commit()  # as an answer that stores a draft all the same
    return f"typed {form.name.data}, field {form.name.errors}, form {form.form_errors}"


def edit(*, correctable: bool = True, general: bool = False) -> Response:
    form = ToyForm()
    return handle_edit(
        form,
        save=lambda: save(form.name.data),
        page=lambda: draw(form),
        done=lambda result: redirect_with(f"saved {result}", "/list"),
        conflict=None if general else lambda: (f"compare {form.name.data}", 409),
        correctable=correctable,
    )


def go_back(error: Rejected) -> BaseResponse:
    db.session.commit()  # as at the edge, where a redirect is no error
    return redirect_with(error.message, "/list")


def press() -> Response:
    return handle_action(
        save=lambda: save(request.form["name"]),
        done=lambda result: redirect_with(f"saved {result}", "/list"),
        rejected=go_back,
    )


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask("toy")
    app.config.update(SECRET_KEY="only-for-this-test", SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    app.add_url_rule("/edit", "edit", edit, methods=["POST"])
    app.add_url_rule(
        "/final", "final", lambda: edit(correctable=False, general=True), methods=["POST"]
    )
    app.add_url_rule("/press", "press", press, methods=["POST"])
    app.add_url_rule("/list", "list", lambda: str(get_flashed_messages()))
    app.register_error_handler(Rejected, lambda error: (error.message, 409))
    app.register_error_handler(EditConflict, lambda error: ("general page", 409))
    with app.app_context(), app.test_client() as client:
        db.session.execute(text("CREATE TABLE toy (name)"))
        db.session.commit()
        yield client
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("address", "name", "status", "shown"),
    [
        ("/edit", "", 422, "typed , field ['请填写名称。'], form []"),
        ("/edit", "taken", 422, f"typed taken, field ['{NAME_TAKEN}'], form []"),
        ("/edit", "closed", 422, f"typed closed, field [], form ['{CLOSED}']"),
        ("/edit", "stale", 409, "compare stale"),
        ("/final", "closed", 409, CLOSED),
        ("/final", "stale", 409, "general page"),
        ("/press", "stale", 409, "general page"),
    ],
)
def test_what_was_not_saved_comes_back_with_the_reason(
    client: FlaskClient, address: str, name: str, status: int, shown: str
) -> None:
    answer = client.post(address, data={"name": name, "version": 1})
    assert (answer.status_code, answer.text) == (status, shown)


def test_what_was_saved_is_said_once_on_the_next_page(client: FlaskClient) -> None:
    answer = client.post("/edit", data={"name": "new", "version": 1})
    assert (answer.status_code, answer.location) == (303, "/list")
    assert client.get("/list").text == "['saved NEW']"
    assert client.get("/list").text == "[]"


@pytest.mark.parametrize(
    ("name", "shown"), [("new", "saved NEW"), ("closed", CLOSED)], ids=["done", "rejected"]
)
def test_a_button_goes_on_whatever_came_of_it(client: FlaskClient, name: str, shown: str) -> None:
    answer = client.post("/press", data={"name": name})
    assert (answer.status_code, answer.location) == (303, "/list")
    assert client.get("/list").text == f"['{shown}']"


@pytest.mark.parametrize("address", ["/edit", "/press"])
def test_what_a_rule_rejected_is_not_half_written(client: FlaskClient, address: str) -> None:
    client.post(address, data={"name": "closed", "version": 1})
    assert db.session.scalar(text("SELECT count(*) FROM toy")) == 0

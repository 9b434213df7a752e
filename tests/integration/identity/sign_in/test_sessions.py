"""How long a sign-in lasts, and everything that ends it at once, copied cookies included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from lab import audit, clock
from lab.config.settings import SettingsError
from lab.db import EditConflict
from lab.extensions import db
from lab.factory import create_app
from lab.identity.passwords import service as passwords_service
from lab.identity.passwords import service_resets
from lab.identity.people import service as people_service
from tests.conftest import settings_for
from tests.support.cast import PASSWORD, Cast, person
from tests.support.client import PageClient

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)
NEW = "Xinde-2022-mima"


def alive(client: PageClient) -> bool:
    return client.http.get("/").status_code == 200


def copy_of(client: PageClient) -> PageClient:
    """Another browser with the same cookie, as somebody would have who copied it."""
    other = PageClient(client.app)
    cookie = client.http.get_cookie("lab")
    assert cookie is not None
    other.http.set_cookie("lab", cookie.value)
    return other


def test_signing_out_ends_copies_too(both_client: PageClient, both_cast: Cast) -> None:
    mine = both_client.as_(both_cast.applicant)
    copied = copy_of(mine)
    assert alive(copied)
    mine.post("/sign-out")
    assert not alive(mine) and not alive(copied)


def test_signing_out_in_one_browser_leaves_the_other_signed_in(
    both_client: PageClient, both_cast: Cast
) -> None:
    office, home = both_client.as_(both_cast.applicant), both_client.as_(both_cast.applicant)
    office.post("/sign-out")
    assert not alive(office) and alive(home)


def test_a_new_password_ends_every_other_session(both_client: PageClient, both_cast: Cast) -> None:
    mine, other = both_client.as_(both_cast.applicant), both_client.as_(both_cast.applicant)
    copied = copy_of(mine)
    mine.submit(
        "/account/password",
        {"password": PASSWORD, "new_password": NEW, "repeat_password": NEW},
    )
    assert alive(mine), "who changed it goes on working"
    assert not alive(copied) and not alive(other)


def test_roles_disabling_and_a_reset_end_sessions_at_once(
    both_app: Flask, both_client: PageClient, both_cast: Cast
) -> None:
    acts = (
        lambda p: service_resets.reset_password(p.id, NEW),
        lambda p: people_service.set_roles(p, p.version, ["applicant", "reviewer"]),
        people_service.disable,
    )
    for act in acts:
        visitor = both_client.as_(both_cast.member)
        assert visitor.http.get("/").status_code in (200, 303)
        with both_app.test_request_context("/", method="POST"):
            act(person(both_cast.member))
            db.session.commit()
            db.session.remove()
        assert visitor.http.get("/").headers["Location"].startswith("/sign-in")


def test_a_sign_in_ends_after_thirty_idle_minutes(both_client: PageClient, both_cast: Cast) -> None:
    with clock.freeze(NOON):
        visitor = both_client.as_(both_cast.applicant)
    for minutes in (29, 58, 87):  # each visit begins the half hour anew
        with clock.freeze(NOON + timedelta(minutes=minutes)):
            assert alive(visitor)
    with clock.freeze(NOON + timedelta(minutes=87 + 30)):
        assert alive(visitor)
    with clock.freeze(NOON + timedelta(minutes=87 + 30 + 30, seconds=1)):
        assert not alive(visitor)


def test_a_sign_in_ends_after_twelve_hours_of_work(client: PageClient, cast: Cast) -> None:
    with clock.freeze(NOON):
        visitor = client.as_(cast.applicant)
    for quarter in range(1, 48):
        with clock.freeze(NOON + timedelta(minutes=15 * quarter)):
            assert alive(visitor)
    with clock.freeze(NOON + timedelta(hours=12)):
        assert alive(visitor)
    with clock.freeze(NOON + timedelta(hours=12, seconds=1)):
        assert not alive(visitor)


def test_signing_in_gives_a_new_cookie(client: PageClient, cast: Cast) -> None:
    client.get("/sign-in")
    before = client.http.get_cookie("lab")
    client.submit("/sign-in", {"name": "applicant", "password": PASSWORD})
    after = client.http.get_cookie("lab")
    assert before is not None and after is not None and before.value != after.value


def test_the_first_password_must_be_changed_before_anything_else(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.test_request_context("/", method="POST"):
        service_resets.reset_password(cast.stranger, NEW)
        db.session.commit()
        db.session.remove()
    client.submit("/sign-in", {"name": "stranger", "password": NEW})
    assert client.http.get("/").headers["Location"] == "/account/password"
    newer = "Gengxin-2022-mima"
    client.submit(
        "/account/password", {"password": NEW, "new_password": newer, "repeat_password": newer}
    )
    assert alive(client)


def test_the_last_five_passwords_are_not_taken_again(app: Flask, cast: Cast) -> None:
    def change(old: str, new: str) -> str:
        with app.test_request_context("/", method="POST"):
            try:
                passwords_service.change_password(cast.stranger, old, new)
            except Exception as error:
                db.session.rollback()
                return str(error)
            finally:
                db.session.commit()
                db.session.remove()
        return ""

    chain = [PASSWORD, *(f"Mima-{n}-jiu-2022" for n in range(5))]
    for old, new in pairwise(chain):
        assert change(old, new) == ""
    for used in chain[1:]:
        assert "最近五次" in change(chain[-1], used)
    assert change(chain[-1], PASSWORD) == "", "the sixth last may come back"


def test_a_password_older_than_ninety_days_must_be_changed(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        set_at = person(cast.applicant).password_at
        assert set_at is not None
    with clock.freeze(set_at + timedelta(days=91)):
        client.submit("/sign-in", {"name": "applicant", "password": PASSWORD})
        assert client.http.get("/").headers["Location"] == "/account/password"


def test_a_stale_roles_form_is_noticed(both_app: Flask, both_cast: Cast) -> None:
    with both_app.test_request_context("/", method="POST"):
        one = person(both_cast.member)
        version = one.version
        people_service.set_roles(one, version, ["applicant", "reviewer"])
        db.session.commit()
        with pytest.raises(EditConflict):
            people_service.set_roles(one, version, ["applicant", "office"])
        db.session.rollback()


def test_production_refuses_open_demonstration_accounts(app: Flask, cast: Cast) -> None:
    instance = Path(app.config["INSTANCE"])
    production = settings_for(
        instance, LAB_MODE="production", LAB_BASE_URL="https://portal.lab.test"
    )
    with app.app_context():
        person(cast.applicant).is_demo = True
        audit.record("people.edit")
        db.session.commit()
        db.session.remove()
    with pytest.raises(SystemExit, match="1个演示账号"):
        create_app(production)
    assert app.test_cli_runner().invoke(args=["accounts", "disable-demo"]).exit_code == 0
    assert create_app(production)
    with pytest.raises(SettingsError):
        settings_for(instance, LAB_MODE="production", LAB_SECURE_COOKIES="0")

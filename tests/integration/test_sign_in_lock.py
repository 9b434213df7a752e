"""Guessing passwords: five tries, then fifteen minutes' rest, however many try at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.identity import passwords
from lab.identity.attempts import FAILURES_PER_NAME, LOCK
from lab.identity.confirming import confirm_password
from lab.identity.service import disable, sign_in
from tests.cast import PASSWORD, Cast, person
from tests.client import PageClient
from tests.crowd import at_once

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The passwords that were really compared with a person's hash while it was still allowed."""
    tried: list[str] = []
    real = passwords.matches

    def noting(stored: str, password: str) -> bool:
        tried.append(password)
        return real(stored, password)

    monkeypatch.setattr(passwords, "matches", noting)
    yield tried


def attempt(app: Flask, name: str, password: str, address: str = "10.0.0.1") -> bool:
    where = {"REMOTE_ADDR": address}
    with app.test_request_context("/sign-in", method="POST", environ_base=where):
        try:
            right = sign_in(name, password)
            db.session.commit()
            return right
        finally:
            db.session.remove()


def test_twenty_tries_at_once_with_the_right_password_let_five_in_at_most(
    both_app: Flask, both_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed: list[int] = []
    monkeypatch.setattr("lab.identity.attempts.forgive", lambda *_: allowed.append(1))
    with clock.freeze(NOON):
        right = at_once(both_app, 20, lambda _: attempt(both_app, "applicant", PASSWORD))
    assert sum(right) == len(allowed) == FAILURES_PER_NAME


def test_the_sixth_try_fails_with_the_right_password_until_the_lock_is_over(
    both_app: Flask, both_cast: Cast
) -> None:
    with clock.freeze(NOON):
        for _ in range(FAILURES_PER_NAME):
            assert not attempt(both_app, "applicant", "wrong")
        assert not attempt(both_app, "applicant", PASSWORD)
        assert attempt(both_app, "leader", PASSWORD), "nobody else is locked"
    with clock.freeze(NOON + LOCK - timedelta(seconds=1)):
        assert not attempt(both_app, "applicant", PASSWORD)
    with clock.freeze(NOON + LOCK):
        assert attempt(both_app, "applicant", PASSWORD)


def test_a_right_password_takes_back_the_failures_before_it(
    both_app: Flask, both_cast: Cast
) -> None:
    with clock.freeze(NOON):
        for _ in range(3):
            for _ in range(FAILURES_PER_NAME - 1):
                assert not attempt(both_app, "applicant", "wrong")
            assert attempt(both_app, "applicant", PASSWORD)


def confirm(app: Flask, person_id: int, password: str) -> bool:
    where = {"REMOTE_ADDR": "10.0.0.1"}
    with app.test_request_context("/decisions", method="POST", environ_base=where):
        try:
            return confirm_password(person_id, password)
        finally:
            db.session.remove()


def test_asking_again_for_the_password_counts_together_with_signing_in(
    both_app: Flask, both_cast: Cast
) -> None:
    office = both_cast.office
    with clock.freeze(NOON):
        for _ in range(FAILURES_PER_NAME - 1):
            assert not attempt(both_app, "office", "wrong")
        assert confirm(both_app, office, PASSWORD), "and takes the failures back"
        for _ in range(FAILURES_PER_NAME - 1):
            assert not confirm(both_app, office, "wrong")
        assert not attempt(both_app, "office", "wrong")
        assert not confirm(both_app, office, PASSWORD)
        assert not attempt(both_app, "office", PASSWORD)
    with clock.freeze(NOON + LOCK):
        assert confirm(both_app, office, PASSWORD)


def test_one_address_gets_twenty_tries_whatever_names_it_tries(
    both_app: Flask, both_cast: Cast
) -> None:
    with clock.freeze(NOON):
        for number in range(20):
            assert not attempt(both_app, f"guess{number}", "wrong")
        assert not attempt(both_app, "office", PASSWORD)
        assert attempt(both_app, "office", PASSWORD, address="10.0.0.2")


def test_a_name_is_the_same_name_however_it_is_written(app: Flask, cast: Cast) -> None:
    with clock.freeze(NOON):
        for name in ("applicant", " Applicant", "APPLICANT ", "aPPlicant", "applicant"):
            assert not attempt(app, name, "wrong")
        assert not attempt(app, "applicant", PASSWORD)


def test_each_failure_costs_one_comparison_and_leaves_one_line(
    app: Flask, cast: Cast, verified: list[str]
) -> None:
    with app.app_context():
        disable(person(cast.stranger))
        db.session.commit()
        db.session.remove()
    for name in ("nobody", "stranger", "office"):
        attempt(app, name, "wrong")
    assert verified == ["wrong"] * 3
    with app.app_context():
        query = select(AuditEvent.object_key).where(AuditEvent.action == "identity.sign_in")
        assert sorted(db.session.scalars(query)) == ["nobody", "office", "stranger"]


def test_somebody_signed_in_may_sign_in_as_somebody_else_at_once(
    client: PageClient, cast: Cast
) -> None:
    visitor = client.as_(cast.applicant)
    visitor.post("/sign-in", {"name": "office", "password": "wrong"}, status=422)
    visitor.post("/sign-in", {"name": "office", "password": PASSWORD})
    assert "经办甲" in visitor.get("/").text


def test_an_invented_person_cannot_sign_in_in_production(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        person(cast.applicant).is_demo = True
        audit.record("people.edit")
        db.session.commit()
        db.session.remove()
    assert attempt(app, "applicant", PASSWORD)
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mode="production"))
    assert not attempt(app, "applicant", PASSWORD)
    assert attempt(app, "leader", PASSWORD)

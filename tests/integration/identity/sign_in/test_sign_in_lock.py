"""Guessing passwords: pauses and delays by the database, however many try at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.db import writing
from lab.extensions import db
from lab.identity.core.attempts import rows as attempt_rows
from lab.identity.core.attempts.attempts import TooManyAttempts
from lab.identity.core.attempts.password_confirmation import confirm_password
from lab.identity.models.account import SignInFailure
from lab.identity.passwords.service import change_password
from lab.identity.passwords.service_resets import reset_password
from lab.identity.people.service import disable
from lab.identity.rules import passwords
from lab.identity.rules.throttle import ADDRESS_FREE, LONGEST_TRY, NAME_A_DAY, PAIR_FREE
from lab.identity.sign_in.service import sign_in
from lab.rejected import Rejected
from tests.support.cast import PASSWORD, Cast, person
from tests.support.client import PageClient
from tests.support.concurrency import at_once

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def stored_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that typed passwords were compared with, without the cost of comparing wrong ones;
    "" where nothing was to be compared."""
    tried: list[str] = []
    real = passwords.password_matches

    def noting(stored: str, password: str) -> bool:
        tried.append(stored)
        return password != "wrong" and real(stored, password)

    monkeypatch.setattr(passwords, "password_matches", noting)
    return tried


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The passwords that were really compared with a person's hash while it was still allowed."""
    tried: list[str] = []
    real = passwords.password_matches

    def noting(stored: str, password: str) -> bool:
        tried.append(password)
        return real(stored, password)

    monkeypatch.setattr(passwords, "password_matches", noting)
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


def after(**span: float) -> AbstractContextManager[None]:
    return clock.freeze(NOON + timedelta(**span))


def fail(app: Flask, name: str, times: int, address: str = "10.0.0.1") -> None:
    for _ in range(times):
        assert not attempt(app, name, "wrong", address)


# -- one name from one address -----------------------------------------------------------------


def test_of_twenty_wrong_tries_at_once_five_are_compared(
    both_app: Flask, both_cast: Cast, stored_hashes: list[str]
) -> None:
    with clock.freeze(NOON):
        right = at_once(both_app, 20, lambda _: attempt(both_app, "applicant", "wrong"))
    assert not any(right)
    assert sum(map(bool, stored_hashes)) == PAIR_FREE, "all others met an empty hash"


def test_the_pause_of_a_pair_doubles_and_ends(both_app: Flask, both_cast: Cast) -> None:
    with clock.freeze(NOON):
        fail(both_app, "applicant", PAIR_FREE)
        assert not attempt(both_app, "applicant", PASSWORD)
        assert attempt(both_app, "leader", PASSWORD), "nobody else has to wait"
        assert attempt(both_app, "applicant", PASSWORD, "10.0.0.2"), "nor the same from elsewhere"
    with after(seconds=59):
        assert not attempt(both_app, "applicant", PASSWORD)
    with after(seconds=60):
        fail(both_app, "applicant", 1)
    with after(seconds=60 + 119):
        assert not attempt(both_app, "applicant", PASSWORD), "tries in the pause do not prolong it"
    with after(seconds=60 + 120):
        assert attempt(both_app, "applicant", PASSWORD)
        fail(both_app, "applicant", PAIR_FREE - 1)
        assert attempt(both_app, "applicant", PASSWORD), "the right one took back all before it"


def test_a_clock_set_back_never_makes_the_pause_longer(both_app: Flask, both_cast: Cast) -> None:
    with after(days=3):
        fail(both_app, "applicant", PAIR_FREE)
        for number in range(ADDRESS_FREE):
            fail(both_app, f"guess{number}", 1, "10.0.0.9")
    with after(minutes=0):
        assert not attempt(both_app, "applicant", PASSWORD)
        with pytest.raises(TooManyAttempts):
            attempt(both_app, "leader", PASSWORD, "10.0.0.9")
    with after(minutes=1):
        assert attempt(both_app, "applicant", PASSWORD)
        assert attempt(both_app, "leader", PASSWORD, "10.0.0.9")


# -- one name over all addresses ---------------------------------------------------------------


def spend_the_day(app: Flask, name: str) -> None:
    for number in range(NAME_A_DAY // PAIR_FREE):
        fail(app, name, PAIR_FREE, f"10.1.0.{number}")


def test_known_addresses_sign_in_after_thirty_failures(both_app: Flask, both_cast: Cast) -> None:
    with clock.freeze(NOON):
        assert attempt(both_app, "applicant", PASSWORD, "10.0.0.1")
        spend_the_day(both_app, "applicant")
        assert not attempt(both_app, "applicant", PASSWORD, "10.0.0.2")
        assert attempt(both_app, "applicant", PASSWORD, "10.0.0.1")
    with after(hours=23, minutes=59):
        assert not attempt(both_app, "applicant", PASSWORD, "10.0.0.2")
    with after(hours=24):
        assert attempt(both_app, "applicant", PASSWORD, "10.0.0.2")


def test_a_known_machine_is_known_by_its_ipv6_network(both_app: Flask, both_cast: Cast) -> None:
    with clock.freeze(NOON):
        assert attempt(both_app, "applicant", PASSWORD, "2001:db8::1")
        spend_the_day(both_app, "applicant")
        assert not attempt(both_app, "applicant", PASSWORD, "2001:db8:0:1::1")
        assert attempt(both_app, "applicant", PASSWORD, "2001:db8::2")


def test_tries_at_once_from_everywhere_stop_at_thirty(
    both_app: Flask, both_cast: Cast, stored_hashes: list[str]
) -> None:
    with clock.freeze(NOON):
        spend_the_day(both_app, "applicant")
        stored_hashes.clear()
        with both_app.app_context(), writing() as session:
            newest = select(SignInFailure.id).where(SignInFailure.subject == "name:applicant")
            attempt_rows.delete_attempts(session, SignInFailure.id.in_(newest.limit(3)))
        at_once(both_app, 12, lambda n: attempt(both_app, "applicant", "wrong", f"10.2.0.{n}"))
    assert sum(map(bool, stored_hashes)) == 3


def test_a_reset_ends_the_thirty_of_the_day(both_app: Flask, both_cast: Cast) -> None:
    with clock.freeze(NOON):
        spend_the_day(both_app, "applicant")
        with both_app.test_request_context("/", method="POST"):
            reset_password(both_cast.applicant, "Chushi-2022-mima")
            db.session.commit()
            db.session.remove()
        assert attempt(both_app, "applicant", "Chushi-2022-mima", "10.0.0.2")


# -- one address over all names ----------------------------------------------------------------


def test_an_address_waits_at_most_five_seconds(
    both_app: Flask, both_cast: Cast, stored_hashes: list[str]
) -> None:
    with after(seconds=0):
        for number in range(ADDRESS_FREE - 1):
            fail(both_app, f"guess{number}", 1)
    seconds = 0
    for wanted in (1, 2, 3, 4, 5, 5, 5):
        with after(seconds=seconds):
            fail(both_app, f"later{seconds}", 1)
            with pytest.raises(TooManyAttempts) as said:
                attempt(both_app, "leader", PASSWORD)
        assert said.value.seconds == wanted
        seconds += wanted
    compared = len(stored_hashes)
    with after(seconds=seconds - 1), pytest.raises(TooManyAttempts, match="请1秒后再试"):
        attempt(both_app, "leader", PASSWORD)
    assert len(stored_hashes) == compared, "answered at once"
    with after(seconds=seconds - 1):
        assert attempt(both_app, "leader", PASSWORD, "10.0.0.2"), "other addresses do not wait"
    for _ in range(6):
        with after(seconds=seconds):
            assert attempt(both_app, "leader", PASSWORD), "never a lock"
    with after(seconds=seconds):
        fail(both_app, "guess", 1)
        assert attempt(both_app, "leader", PASSWORD), "the delay is gone"


def test_machines_of_one_network_of_ipv6_count_as_one(app: Flask, cast: Cast) -> None:
    with clock.freeze(NOON):
        for number in range(PAIR_FREE):
            fail(app, "applicant", 1, f"2001:db8::{number}")
        assert not attempt(app, "applicant", PASSWORD, "2001:db8::ffff")
        assert attempt(app, "applicant", PASSWORD, "2001:db8:0:1::1")


# -- other places that ask for the password ----------------------------------------------------


def confirm(app: Flask, person_id: int, password: str) -> bool:
    where = {"REMOTE_ADDR": "10.0.0.1"}
    with app.test_request_context("/decisions", method="POST", environ_base=where):
        try:
            return confirm_password(person_id, password)
        finally:
            db.session.remove()


def change(app: Flask, person_id: int, old: str) -> str:
    where = {"REMOTE_ADDR": "10.0.0.1"}
    with app.test_request_context("/account/password", method="POST", environ_base=where):
        try:
            change_password(person_id, old, "weak")
        except Rejected as error:
            return error.field or ""
        finally:
            db.session.remove()
    return "done"


def test_password_confirmations_count_with_sign_ins(both_app: Flask, both_cast: Cast) -> None:
    office = both_cast.office
    with clock.freeze(NOON):
        fail(both_app, "office", PAIR_FREE - 1)
        assert confirm(both_app, office, PASSWORD), "and takes the failures back"
        for _ in range(PAIR_FREE - 2):
            assert not confirm(both_app, office, "wrong")
        assert change(both_app, office, "wrong") == "password"
        fail(both_app, "office", 1)
        assert not confirm(both_app, office, PASSWORD)
        assert not attempt(both_app, "office", PASSWORD)
        assert change(both_app, office, PASSWORD) == "password"
    with after(minutes=1):
        assert change(both_app, office, PASSWORD) == "new_password", "too weak, but signed in"
        assert confirm(both_app, office, PASSWORD)


# -- what is no failure of anybody -------------------------------------------------------------


def test_a_fault_of_the_portal_is_no_failed_sign_in(
    both_app: Flask, both_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise OperationalError("database is locked", None, Exception())

    with clock.freeze(NOON):
        for place in (
            "rules.passwords.password_matches",
            "core.attempts.attempts._settle_attempt",
            "core.sessions.start",
        ):
            with monkeypatch.context() as patch:
                patch.setattr(f"lab.identity.{place}", broken)
                for _ in range(PAIR_FREE):
                    with pytest.raises(OperationalError):
                        attempt(both_app, "applicant", PASSWORD)
            assert attempt(both_app, "applicant", PASSWORD)


def test_a_try_that_a_killed_process_left_ends_by_itself(both_app: Flask, both_cast: Cast) -> None:
    def left(*_: object) -> None:
        raise SystemExit

    with clock.freeze(NOON), pytest.MonkeyPatch.context() as patch:
        patch.setattr("lab.identity.rules.passwords.password_matches", left)
        patch.setattr("lab.identity.core.attempts.attempts._release", left)
        for _ in range(PAIR_FREE):
            with pytest.raises(SystemExit):
                attempt(both_app, "applicant", PASSWORD)
    with clock.freeze(NOON + LONGEST_TRY - timedelta(seconds=1)):
        assert not attempt(both_app, "applicant", PASSWORD)
    with clock.freeze(NOON + LONGEST_TRY):
        assert attempt(both_app, "applicant", PASSWORD)


def test_what_no_longer_counts_is_deleted(both_app: Flask, both_cast: Cast) -> None:
    with clock.freeze(NOON):
        fail(both_app, "applicant", 3)
    with after(hours=24, seconds=1), both_app.app_context():
        attempt_rows.purge_expired()
        assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 0
        db.session.remove()


# -- who is asked ------------------------------------------------------------------------------


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
        assert sorted(db.session.scalars(query)) == ["", "office", "stranger"]


@pytest.mark.parametrize("typed", [PASSWORD, "KMPW TGDX 4827", "kmpwtgdx4827rhsa"])
def test_what_is_nobodys_name_is_counted_but_recorded_nowhere(
    app: Flask, cast: Cast, typed: str
) -> None:
    with clock.freeze(NOON):
        for _ in range(7):
            attempt(app, typed, "wrong")
    with app.app_context():
        subjects = list(db.session.scalars(select(SignInFailure.subject)))
        query = select(AuditEvent.object_key).where(AuditEvent.action == "identity.sign_in")
        assert set(db.session.scalars(query)) == {""}
        assert sum(subject.startswith("pair:") for subject in subjects) == 5  # then it pauses
        assert not [text for text in subjects if typed.lower()[:8] in text]


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

"""The three administrators exclude each other and every business role, in the database itself."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lab.extensions import db
from lab.identity.people import service as people_service
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, TABLE
from lab.rejected import Rejected
from tests.support.cast import Cast, person

GRANT = (
    "INSERT INTO role_grant (person_id, person_kind, role, granted_at) "
    "VALUES (:person, :kind, :role, '2022-07-01 00:00:00')"
)


def test_the_database_gives_an_administrator_no_business_role(
    both_ctx: Flask, both_cast: Cast
) -> None:
    for admin, role in product(ADMIN_ROLES, BUSINESS_ROLES):
        for kind in (admin, "staff"):
            with pytest.raises(IntegrityError):
                values = {"person": getattr(both_cast, admin), "kind": kind, "role": role}
                db.session.execute(text(GRANT), values)
                db.session.commit()
            db.session.rollback()


def test_the_database_keeps_staff_out_of_admin_roles(both_ctx: Flask, both_cast: Cast) -> None:
    for role in ADMIN_ROLES:
        with pytest.raises(IntegrityError):
            values = {"person": both_cast.applicant, "kind": "staff", "role": role}
            db.session.execute(text(GRANT), values)
        db.session.rollback()


def test_business_staff_cannot_become_administrators(both_ctx: Flask, both_cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(
            text("UPDATE person SET kind = 'system' WHERE id = :id"), {"id": both_cast.office}
        )
        db.session.commit()
    db.session.rollback()


def test_a_person_has_one_kind(both_ctx: Flask, both_cast: Cast) -> None:
    for admin in ADMIN_ROLES:
        assert person(getattr(both_cast, admin)).roles == {admin}
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE person SET kind = 'both' WHERE kind = 'system'"))
    db.session.rollback()


def test_the_service_rejects_with_a_message(both_ctx: Flask, both_cast: Cast) -> None:
    admin = person(both_cast.system)
    with pytest.raises(Rejected, match="不能同时"):
        people_service.set_roles(admin, admin.version, ["office"])
    with pytest.raises(Rejected, match="不能同时"):
        people_service.create_person(
            sign_in_name="both",
            name="两全",
            unit_id=None,
            kind="audit",
            roles=["office"],
            hashed="x",
        )


def test_no_business_action_is_open_to_administrators() -> None:
    theirs = {
        action for action, grants in TABLE.items() for grant in grants if grant.role in ADMIN_ROLES
    }
    assert {action.partition(".")[0] for action in theirs} == {
        *("people", "units", "audit", "release", "system"),
        *("people_import", "role_request", "upload"),  # accounts in bulk; no proposals
    }
    open_to_all = {
        action for action, grants in TABLE.items() if any(g.role == "anyone" for g in grants)
    }
    assert open_to_all == {
        *("identity.sign_out", "identity.password", "home.view", "inbox.view", "inbox.read"),
        *("release.view", "release.decide", "release.withdraw", "release.slip"),
        *("identity.mail", "editing.presence", "editing.draft"),  # one's own address and drafts
    }

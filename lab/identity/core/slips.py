"""Activation slips: who may have one, found by their code, made void."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from lab import clock
from lab.db import reading
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.models.slips import ActivationSlip
from lab.identity.rules.slips import code_digest, may_have_slip


def has_right_to_slip(person: Person) -> bool:
    """Return whether a slip may be issued for this account."""
    return may_have_slip(
        has_password=bool(person.password_hash),
        disabled=person.disabled_at is not None,
        roles=person.roles,
    )


def find_slip(sign_in_name: str, code: str) -> ActivationSlip | None:
    """Return the slip of this account with this code, whatever its state; None for a wrong code.

    In a transaction of its own.
    """
    digest = code_digest(sign_in_name, code)
    query = select(ActivationSlip).where(ActivationSlip.code_hash == digest)
    with reading() as session:
        slip: ActivationSlip | None = session.scalar(query)
    return slip


def void_slips(person_ids: Collection[int]) -> None:
    """Make the unused slips of these people void. Part of the action that replaces them."""
    db.session.execute(
        update(ActivationSlip)
        .where(
            ActivationSlip.person_id.in_(person_ids),
            ActivationSlip.used_at.is_(None),
            ActivationSlip.void_at.is_(None),
        )
        .values(void_at=clock.now())
        .execution_options(synchronize_session=False)
    )

"""Reads for the list of accounts without a password, and how their slips stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from lab import clock
from lab.enrolment.models import ImportedPerson, PeopleImport
from lab.extensions import db
from lab.identity.models.account import Person, RoleGrant, Unit
from lab.identity.models.slips import ActivationSlip
from lab.policy import APPLICANT, STAFF
from lab.rejected import Rejected
from lab.web.pages.pagination import Page, paginate

UNKNOWN = "所选人员中有系统里没有的，请刷新页面后重新选择。"
MOST = 96  # slips of one print: twelve sheets of paper


@dataclass(frozen=True)
class WaitingRow:
    """An account without a password; `issued_at` and `expires_at` are of its present slip."""

    key: str
    name: str
    sign_in_name: str
    unit: str
    issued_at: datetime | None
    expires_at: datetime | None

    @property
    def has_valid_slip(self) -> bool:
        """Whether another slip would make a valid one void."""
        return self.expires_at is not None and clock.now() <= self.expires_at

    @property
    def slip(self) -> str:
        """How the slip stands, in words."""
        if self.issued_at is None or self.expires_at is None:
            return "未发放"
        last = clock.cn_date(clock.beijing(self.expires_at).date())
        issued = clock.cn_date(clock.beijing(self.issued_at).date())
        return f"{issued}发放，有效期至{last}" if self.has_valid_slip else f"已过期（{last}）"


@dataclass(frozen=True)
class WaitingPage:
    """A page of accounts, all or those of one import; `batch` is its key, "" for all.

    `ticked` are the keys of the people who are chosen.
    """

    rows: Page
    batch: str
    file: str
    ticked: Collection[str]


def waiting_page(args: Mapping[str, str], ticked: Collection[str] | None = None) -> WaitingPage:
    """Return the accounts that wait for their owners, by unit and name; `args` carries filters.

    Unless `ticked` says who is chosen, or `args` "all" or "none", those without a valid slip are.
    """
    query: Any = (
        select(
            Person.key,
            Person.name,
            Person.sign_in_name,
            Unit.name.label("unit"),
            ActivationSlip.issued_at,
            ActivationSlip.expires_at,
            Person.id,
        )
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(
            ActivationSlip,
            and_(
                ActivationSlip.person_id == Person.id,
                ActivationSlip.used_at.is_(None),
                ActivationSlip.void_at.is_(None),
            ),
        )
        .where(*_may_have_slip())
    )
    batch = _batch(args.get("batch", ""))
    if batch is not None:
        of_batch = select(ImportedPerson.person_id).where(ImportedPerson.import_id == batch.id)
        query = query.where(Person.id.in_(of_batch))
    if text := args.get("q", "").strip()[:40]:
        names = (Person.name, Unit.name, Person.sign_in_name)
        query = query.where(or_(*(name.contains(text, autoescape=True) for name in names)))
    keys = (Unit.name, Person.name, Person.id)
    page = paginate(query, keys, args, session=db.session(), size=MOST, count=True)
    rows = page.map(lambda row: WaitingRow(*row[:6]))
    if ticked is None:
        ticked = _ticked(rows.items, args.get("tick", ""))
    return WaitingPage(rows, batch.key if batch else "", batch.file.name if batch else "", ticked)


def _ticked(rows: Iterable[WaitingRow], tick: str) -> set[str]:
    if tick == "none":
        return set()
    return {row.key for row in rows if tick == "all" or not row.has_valid_slip}


def _may_have_slip() -> tuple[Any, ...]:
    """Return the conditions of `identity.rules.slips.may_have_slip`, for lists."""
    above = select(RoleGrant.person_id).where(RoleGrant.role != APPLICANT)
    return (
        Person.kind == STAFF,
        Person.password_hash == "",
        Person.disabled_at.is_(None),
        Person.id.not_in(above),
    )


def _batch(key: str) -> PeopleImport | None:
    if not key:
        return None
    batch: PeopleImport | None = db.session.scalar(
        select(PeopleImport).where(PeopleImport.key == key[:12])
    )
    return batch


def person_ids(keys: Collection[str]) -> list[int]:
    """Return the ids of the people with these keys. Raises Rejected for a key of nobody."""
    ids = list(db.session.scalars(select(Person.id).where(Person.key.in_(keys))))
    if len(ids) != len(set(keys)):
        raise Rejected(UNKNOWN)
    return ids

"""Queries of letters: the outbox, one letter, what a person has received."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlalchemy.orm import selectinload

from lab.db.tallies import numbers_by_state
from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.letters.access import kept_out_ids, outbox_condition, received_condition
from lab.inbox.letters.queries_deadline import DEADLINES, deadline_condition
from lab.inbox.models.letters import Letter, LetterRecipient
from lab.inbox.rules.letter_wording import KINDS, kind_label
from lab.inbox.rules.lifecycle import LETTER, LetterStatus
from lab.inbox.rules.mail_lifecycle import MAIL, TROUBLED, UNSETTLED, MailStatus
from lab.policy import OFFICE, Actor
from lab.web import links
from lab.web.links import About
from lab.web.pages.pagination import Page, paginate
from lab.web.pages.state_filter import StateCount, state_counts
from lab.workflow import State

PAGE_SIZE = 50
NARROWING = ("kind", "mail", "q", "deadline")


@dataclass(frozen=True)
class LetterRow:
    """One letter as listed. `failed_count`: how many of its mails failed or are uncertain."""

    key: str
    version: int
    kind: str
    number: str
    subject: str
    state: State
    recipients: tuple[str, ...]
    drafted_at: datetime
    sent_at: datetime | None
    failed_count: int

    @property
    def is_draft(self) -> bool:
        return self.state.code == LetterStatus.DRAFT


@dataclass(frozen=True)
class MailRow:
    """One recipient on the office's page of a letter.

    `may_resend`: the mail may be sent (again).
    """

    key: str
    name: str
    unit: str
    email: str
    state: State
    attempts: int
    last_error: str
    next_try_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    may_resend: bool

    @property
    def in_doubt(self) -> bool:
        """Whether the mail may have arrived without the portal's knowledge."""
        return self.state.code == MailStatus.UNCLEAR

    @property
    def is_unsettled(self) -> bool:
        """Whether the worker has still to do with the mail."""
        return self.state.code in UNSETTLED


# -- the outbox --------------------------------------------------------------------------------


def _troubled() -> ColumnElement[bool]:
    bad = select(LetterRecipient.letter_id).where(LetterRecipient.status.in_(TROUBLED))
    return Letter.id.in_(bad)


def _filters(actor: Actor, args: Mapping[str, str]) -> list[ColumnElement[bool]]:
    parts = [outbox_condition(actor)]
    if args.get("kind") in KINDS:
        parts.append(Letter.kind == args["kind"])
    if args.get("mail") == "troubled":
        parts.append(_troubled())
    if args.get("deadline") in DEADLINES:
        parts.append(deadline_condition(args["deadline"]))
    if text := args.get("q", "").strip()[:50]:
        is_named = LetterRecipient.name.contains(text, autoescape=True)
        parts.append(
            or_(
                Letter.subject.contains(text, autoescape=True),
                Letter.number.contains(text, autoescape=True),
                Letter.id.in_(select(LetterRecipient.letter_id).where(is_named)),
            )
        )
    return parts


def list_letters(actor: Actor, args: Mapping[str, str]) -> Page:
    """Return a page of LetterRow, newest first.

    `args`: status, kind, mail (troubled), deadline (of DEADLINES), q, cursors.
    """
    parts = _filters(actor, args)
    if args.get("status") in LETTER.codes:
        parts.append(Letter.status == args["status"])
    query = select(Letter).where(and_(*parts)).options(selectinload(Letter.recipients))
    page = paginate(query, (Letter.id.desc(),), args, session=db.session(), size=PAGE_SIZE)
    return page.map(_row)


def _row(letter: Letter) -> LetterRow:
    return LetterRow(
        key=letter.key,
        version=letter.version,
        kind=kind_label(letter.kind),
        number=letter.number,
        subject=letter.subject,
        state=LETTER.state(letter.status),
        recipients=tuple(row.name for row in letter.recipients),
        drafted_at=letter.drafted_at,
        sent_at=letter.sent_at,
        failed_count=sum(row.status in TROUBLED for row in letter.recipients),
    )


def count_by_state(actor: Actor, args: Mapping[str, str]) -> tuple[StateCount, ...]:
    """Return the number of letters per state, regardless of the selected state; one query."""
    if any(args.get(name, "").strip() for name in NARROWING):
        parts = and_(*_filters(actor, args))
        counted = select(Letter.status, func.count()).where(parts).group_by(Letter.status)
    else:
        counted = _all_counts(actor)
    numbers = Counter[str]()
    for status, number in db.session.execute(counted):
        numbers[status] += number
    return state_counts(LETTER, +numbers)


def _all_counts(actor: Actor) -> Any:
    """Return the query of the kept numbers, and of what to take off them: letters kept out of."""
    excluded = Letter.id.in_(kept_out_ids(actor))
    taken_off = select(Letter.status, -func.count()).where(excluded).group_by(Letter.status)
    return union_all(numbers_by_state(Letter), taken_off)


def troubled_count(actor: Actor) -> int:
    """Return the number of letters in the actor's outbox with failed or uncertain mails."""
    counted = select(func.count()).where(outbox_condition(actor), _troubled())
    return db.session.scalar(counted) or 0


def selected_drafts(
    actor: Actor, keys: Sequence[str] | None, args: Mapping[str, str]
) -> list[LetterRow]:
    """Return those of the letters that still wait to be sent, at most a page.

    Without `keys` all of the list as `args` narrow it; see `list_letters`.
    """
    query = select(Letter).where(*_filters(actor, args), Letter.status == LetterStatus.DRAFT)
    if keys is not None:
        query = query.where(Letter.key.in_(keys[:PAGE_SIZE]))
    ordered = query.order_by(Letter.id.desc()).limit(PAGE_SIZE)
    rows = db.session.scalars(ordered.options(selectinload(Letter.recipients)))
    return [_row(letter) for letter in rows]


# -- one letter --------------------------------------------------------------------------------


def mail_rows(letter: Letter) -> tuple[MailRow, ...]:
    """Return the recipients of a letter with the state of notice and mail."""
    rows = db.session.scalars(
        select(LetterRecipient)
        .where(LetterRecipient.letter_id == letter.id)
        .options(selectinload(LetterRecipient.notice), selectinload(LetterRecipient.person))
        .order_by(LetterRecipient.id)
    )
    return tuple(_mail(letter, row) for row in rows)


def _mail(letter: Letter, row: LetterRecipient) -> MailRow:
    possible = bool(row.person.email and row.person.mail_wanted and not row.person.disabled_at)
    again = letter.status == LetterStatus.SENT and MAIL.allows(row.status, "queue")
    return MailRow(
        key=row.key,
        name=row.name,
        unit=row.unit,
        email=row.email,
        state=MAIL.state(row.status),
        attempts=row.attempts,
        last_error=row.last_error,
        next_try_at=row.next_try_at if row.status == MailStatus.WAITING else None,
        delivered_at=row.delivered_at,
        read_at=row.notice.read_at if row.notice else None,
        may_resend=again and (possible or row.status in TROUBLED),
    )


def signers(letter: Letter) -> dict[str, str]:
    """Return who drafted, sent and voided the letter; for the office only."""
    ids = {
        "drafted": letter.drafted_by_id,
        "sent": letter.sent_by_id,
        "voided": letter.voided_by_id,
    }
    rows = db.session.execute(
        select(Person.id, Person.name).where(Person.id.in_({i for i in ids.values() if i}))
    )
    names = {person: name for person, name in rows}
    return {role: names.get(person or 0, "") for role, person in ids.items()}


def object_path(letter: Letter) -> str:
    """Return the path of the page that the letter is about, "" when it has none."""
    return links.path_to(About(letter.object_type, letter.object_key))


# -- what a person has received ----------------------------------------------------------------


def list_received(person_id: int, args: Mapping[str, str]) -> Page:
    """Return a page of the letters a person has received as LetterRow, newest first."""
    query = (
        select(Letter).where(received_condition(person_id)).options(selectinload(Letter.recipients))
    )
    page = paginate(query, (Letter.id.desc(),), args, session=db.session(), size=30)
    return page.map(_row)


def letters_about(actor: Actor, object_type: str, object_key: str) -> tuple[LetterRow, ...]:
    """Return the letters about an object that the actor may open, newest first."""
    allowed = received_condition(actor.id)
    if OFFICE in actor.roles:
        allowed = or_(allowed, outbox_condition(actor))
    rows = db.session.scalars(
        select(Letter)
        .where(Letter.object_type == object_type, Letter.object_key == object_key, allowed)
        .options(selectinload(Letter.recipients))
        .order_by(Letter.id.desc())
    )
    return tuple(_row(letter) for letter in rows)


def newest_key(object_type: str, object_key: str) -> str:
    """Return the key of the newest letter about an object, "" when there is none."""
    key = db.session.scalar(
        select(Letter.key)
        .where(Letter.object_type == object_type, Letter.object_key == object_key)
        .order_by(Letter.id.desc())
        .limit(1)
    )
    return key or ""

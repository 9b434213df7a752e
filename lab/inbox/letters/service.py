"""Writes of letters by people: draft, edit, send, void, send a mail again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lab import audit, clock, policy
from lab.db import expect_version, lock_row, transition
from lab.extensions import db
from lab.identity.core.account_mail import NO_SERVER, is_configured
from lab.identity.models.account import Person
from lab.inbox.core.notices import new_notice
from lab.inbox.core.signals import letter_sending, letter_voided
from lab.inbox.letters.access import resources_of
from lab.inbox.mail import delivery
from lab.inbox.mail import server as mail_server
from lab.inbox.models.letters import Letter, LetterRecipient
from lab.inbox.rules.letter_wording import BODY_LIMIT, DUE_DAY, SENT_ON, SUBJECT_LIMIT, LetterText
from lab.inbox.rules.lifecycle import LetterStatus
from lab.inbox.rules.mail_message import message_id
from lab.jobs import service as jobs
from lab.policy import Actor
from lab.rejected import Rejected
from lab.web import links
from lab.web.links import About
from lab.web.request.selection import SelectedRow


def draft_letter(
    kind: str,
    about: About,
    text: LetterText,
    recipients: Iterable[int | None],
    drafter_id: int,
    number: str = "",
) -> Letter:
    """Put a letter into the outbox, as part of the action it tells of; no audit line of its own.

    `recipients` are ids of people, each counted once; `number` is what people call the object by.
    Raises ValueError when nobody is named or the text is too long, KeyError when what the letter
    is about has no page.
    """
    links.expect(about)
    ids = sorted({person for person in recipients if person})
    if not ids or len(text.subject) > SUBJECT_LIMIT or len(text.body) > BODY_LIMIT:
        raise ValueError("a letter needs a recipient and a text within the limits")
    people = db.session.scalars(
        select(Person)
        .where(Person.id.in_(ids))
        .options(selectinload(Person.unit))
        .order_by(Person.id)
    )
    letter = Letter(
        kind=kind,
        object_type=about.kind,
        object_key=about.key,
        number=number,
        subject=text.subject,
        body=text.body,
        drafted_by_id=drafter_id,
        drafted_at=clock.now(),
        recipients=[_recipient(person) for person in people],
    )
    letter.begin()
    db.session.add(letter)
    db.session.flush()
    return letter


def _recipient(person: Person) -> LetterRecipient:
    row = LetterRecipient(person=person, name=person.name, unit=person.unit_name)
    row.begin()
    return row


def edit_letter(letter: Letter, version: int | None, subject: str, body: str) -> None:
    """Change the text before it is sent.

    Raises EditConflict when the form is stale, Rejected once it was sent and when the mark for the
    last day of a return is missing.
    """
    expect_version(letter, version)
    _require_draft(letter)
    if DUE_DAY in letter.body and DUE_DAY not in body:
        raise Rejected(f"请保留正文中的“{DUE_DAY}”，发送时会填入日期。", "body")
    letter.subject, letter.body = subject, body
    audit.record("letter.edit", letter, detail={"number": letter.number})


def _require_draft(letter: Letter) -> None:
    if letter.status != LetterStatus.DRAFT:
        raise Rejected(f"函件{letter.machine.state(letter.status).label}，不能再修改。")


# -- sending -----------------------------------------------------------------------------------


def send_letter(letter: Letter, version: int | None, sender_id: int) -> None:
    """Send a letter as it was shown: a notice to each recipient now, e-mail by the queue.

    Raises EditConflict when the text changed since `version`, TransitionRejected when it is not
    waiting, Rejected while its text has a mark that nothing fills in.
    """
    expect_version(letter, version)
    _send(letter, sender_id)
    detail = {"number": letter.number, "recipients": len(letter.recipients)}
    audit.record("letter.send", letter, detail=detail)


def send_letters(selected: Sequence[SelectedRow], actor: Actor) -> tuple[int, int]:
    """Send those that are still as shown; return (sent, skipped). One audit line.

    Raises Rejected when none can be sent, or one has a mark that nothing fills in.
    """
    versions = {row.key: row.version for row in selected}
    locked_letters = _lock_in_order(list(versions))
    resources = resources_of(actor, locked_letters)
    letters = [
        letter
        for letter in locked_letters
        if letter.version == versions[letter.key]
        and policy.allowed("letter.send", actor, resources[letter.id])
    ]
    if not letters:
        raise Rejected("所选函件已由他人办理或修改，请返回发件箱刷新后再看。")
    for letter in letters:
        _send(letter, actor.id)
    detail = {"count": len(letters), "letters": [letter.key for letter in letters]}
    audit.record("letter.send_many", object_type="Letter", detail=detail)
    return len(letters), len(versions) - len(letters)


def _lock_in_order(keys: list[str]) -> list[Letter]:
    """Return the letters, locked until the transaction ends, always in the same order."""
    query = select(Letter).where(Letter.key.in_(keys)).order_by(Letter.id).with_for_update()
    people = selectinload(Letter.recipients).selectinload(LetterRecipient.person)
    rows = db.session.scalars(
        query.options(people.selectinload(Person.unit)).execution_options(populate_existing=True)
    )
    return list(rows)


def _send(letter: Letter, sender_id: int) -> None:
    now = clock.now()
    letter.body = letter.body.replace(SENT_ON, clock.cn_date(clock.today()))
    letter_sending.send(letter=letter)
    if DUE_DAY in letter.body:  # nothing is left that could fill it in
        raise Rejected(f"函件{letter.number}里的“{DUE_DAY}”没有日期可填，请作废此函。")
    transition(letter, "send", sent_by_id=sender_id, sent_at=now)
    for row in letter.recipients:
        person = row.person
        row.name, row.unit = person.name, person.unit_name
        row.notice = new_notice(person.id, f"来函：{letter.subject}", About.of(letter))
        db.session.add(row.notice)
        db.session.flush()
        if is_configured() and not reason_for_no_mail(person):
            _queue(row)


def reason_for_no_mail(person: Person) -> str:
    """Return why this person gets no e-mail, "" when e-mail may be sent."""
    if person.disabled_at is not None:
        return "此账号已停用，不发邮件。"
    if not person.email:
        return "此人没有登记邮箱，请先在人员信息中填写。"
    return "" if person.mail_wanted else "此人没有开启邮件提醒。"


def _queue(row: LetterRecipient) -> None:
    now = clock.now()
    row.email = row.person.email
    row.message_id = row.message_id or message_id(row.letter.key, row.key, mail_server.sender())
    transition(row, "queue", queued_at=now, next_try_at=now, last_error="")
    db.session.flush()
    jobs.enqueue(delivery.JOB, {"recipient": row.key})


def resend_mail(row: LetterRecipient) -> None:
    """Put the mail of a sent letter into the queue again, to the person's present address.

    Raises Rejected without a mail server or address, TransitionRejected while it is under way.
    """
    lock_row(row.letter)
    db.session.refresh(row, with_for_update=True)
    if row.letter.status != LetterStatus.SENT:
        raise Rejected("函件还没有发送。")
    if not is_configured():
        raise Rejected(NO_SERVER)
    if why := reason_for_no_mail(row.person):
        raise Rejected(why)
    _queue(row)
    audit.record("letter.resend", row.letter, detail={"number": row.letter.number})


def void_letter(letter: Letter, version: int | None, person_id: int, reason: str) -> None:
    """Take a letter out of the outbox unsent, and with it what it was to tell.

    Raises EditConflict, TransitionRejected.
    """
    expect_version(letter, version)
    transition(letter, "void", voided_by_id=person_id, voided_at=clock.now(), void_reason=reason)
    letter_voided.send(letter=letter)
    audit.record("letter.void", letter, detail={"number": letter.number})

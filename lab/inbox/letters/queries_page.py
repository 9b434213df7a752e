"""Reads for the outbox of the office and for one letter in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.identity.core.account_mail import is_configured
from lab.inbox.letters import queries
from lab.inbox.letters.queries import MailRow
from lab.inbox.letters.queries_deadline import DEADLINES
from lab.inbox.models.letters import Letter
from lab.inbox.rules.letter_wording import KINDS, kind_label
from lab.inbox.rules.lifecycle import LETTER, LetterStatus
from lab.policy import Actor
from lab.web.pages.pagination import Page
from lab.web.pages.state_filter import StateFilter
from lab.workflow import State


@dataclass(frozen=True)
class Outbox(StateFilter):
    """Letters as filtered: a page of rows, and the kinds to choose from."""

    rows: Page
    kinds: Mapping[str, str]
    deadlines: Mapping[str, str]

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list beside its state."""
        return {name: self.args[name] for name in queries.NARROWING if self.args.get(name)}

    @property
    def narrowed(self) -> bool:
        """Whether one state is asked for, other than that of drafts."""
        return self.selected not in (LetterStatus.DRAFT, "all", "")


def outbox(reader: Actor, args: Mapping[str, str]) -> Outbox:
    """Return the outbox; without a state asked for, the drafts."""
    asked = {"status": LetterStatus.DRAFT, **args}
    counts = queries.count_by_state(reader, asked)
    return Outbox(counts, asked, queries.list_letters(reader, asked), KINDS, DEADLINES)


@dataclass(frozen=True)
class LetterPage:
    """A letter as the office sees it: whom it goes to, how the mails fared, who acted.

    `mail_on`: a mail server is set up; `object_path` is the address of what it is about, "" for
    none.
    """

    letter: Letter
    state: State
    sent: bool
    kind: str
    mails: Sequence[MailRow]
    signers: Mapping[str, str]
    mail_on: bool
    object_path: str


def letter_page(letter: Letter) -> LetterPage:
    """Return the page of a letter for the office."""
    return LetterPage(
        letter=letter,
        state=LETTER.state(letter.status),
        sent=letter.status == LetterStatus.SENT,
        kind=kind_label(letter.kind),
        mails=queries.mail_rows(letter),
        signers=queries.signers(letter),
        mail_on=is_configured(),
        object_path=queries.object_path(letter),
    )

"""What a feature may bring: the types of the slots of `registry.Feature`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from lab import clock
from lab.policy import Actor

Lane = Literal["work", "mail"]


@dataclass(frozen=True)
class NavItem:
    """An entry of the navigation; `action` is the name in the policy table that guards the page.

    Lower `order` comes first; a section stands where its first entry does.
    """

    section: str
    label: str
    endpoint: str
    action: str
    order: int


@dataclass(frozen=True)
class Link:
    """The page that shows what a notice is about (see `lab.web.links`).

    `key` and `part` name the values of its URL, "" for one that it does not have. `existing(keys)`
    returns those keys whose objects are still there; None where objects are never deleted.
    """

    endpoint: str
    key: str = "key"
    part: str = ""
    existing: Callable[[Collection[str]], Collection[str]] | None = None


@dataclass(frozen=True)
class JobKind:
    """A kind of job: what runs it, and what notes its final failure (arguments, message).

    `run` opens its own transactions and must bear being run again after a crash. Jobs of the lane
    `mail` have a thread of their own, so that a hanging server delays nothing else.
    """

    kind: str
    run: Callable[[Mapping[str, Any]], None]
    failed: Callable[[Mapping[str, Any], str], None]
    lane: Lane = "work"


@dataclass(frozen=True)
class MinuteTask:
    """A short task of each minute; it opens and commits its own transactions."""

    run: Callable[[], object]
    lane: Lane = "work"

    @property
    def name(self) -> str:
        """The name in the log."""
        return f"{self.run.__module__}.{self.run.__qualname__}"


@dataclass(frozen=True)
class Todo:
    """One item: what to do, about what, where, and by when if there is a deadline.

    `note` follows the date: that it may still change.
    """

    task: str
    about: str
    url: str
    due: date | None = None
    note: str = ""

    @property
    def late(self) -> bool:
        """Whether its deadline is over."""
        return self.due is not None and self.due < clock.today()


@dataclass(frozen=True)
class TodoSource:
    """What waits for holders of a role (of the policy), read from the state of things each time.

    Of matters due on the same day, or without one, those of a lower `order` come first.
    """

    find: Callable[[Actor], Sequence[Todo]]
    role: str
    order: int


@dataclass(frozen=True)
class AuditLabels:
    """What codes in the audit log are called on its page.

    `actions` name what was done, `objects` to what kind of thing, `facts` the keys of a line's
    details, `values` the codes that stand there as values, `values_of` those that mean something
    else, or nothing, elsewhere: (fact, code) → name. `moments` are the facts that hold a day or a
    moment, to be written as people write it; a name that reads like a day is left alone. A code
    stays here as long as a line of the log may carry it: for ever.
    """

    actions: Mapping[str, str] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    values_of: Mapping[tuple[str, str], str] = field(default_factory=dict)
    moments: Collection[str] = ()

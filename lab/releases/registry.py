"""The actions that need a release. The feature that owns an action says how it is carried out.

Each action has a row `release.<code>` in the policy table: who may release it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lab.feature import ExtensionPoint
from lab.identity.models.account import Person
from lab.policy import TABLE
from lab.releases.models import Release

Facts = Mapping[str, Any]
LabelledTexts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReleaseTarget:
    """The target of an action in its current state.

    `facts` (plain JSON values) are what the action changes and what the request was based on: if
    they have changed between request and release, the action is not carried out. `account_level`
    is the policy's word for the kind of object, "" when it makes no difference.
    """

    key: str
    name: str
    facts: Facts
    account_level: str = ""
    concerned_id: int | None = None


@dataclass(frozen=True)
class NextStep:
    """What the requester does after the action was carried out: a button that posts to `url`."""

    label: str
    url: str
    note: str


def no_next_step(_release: Release, _person_id: int) -> NextStep | None:
    """Return None: after most actions the requester has nothing to do."""
    return None


@dataclass(frozen=True)
class ReleasableAction:
    """One kind of action.

    `may_ask(person, key)` says whether this person may ask for it; checked again at the release, so
    that no request outlives its asker's role. `load_target(key, after, for_update)` reads the
    target, None when it is gone; its rows are locked for an update until the transaction ends.
    `check(target, after)` raises Rejected where the action is not possible. `carry_out(release)`
    writes the action's one audit line, too, with the facts of the release. `describe(facts)`
    returns pairs of label and text. `shell_command(key, after)` returns the command that does the
    same at the server's shell. `next_step(release, person_id)` returns what this person does once
    the action is carried out; `done_note` tells the asker of it.
    """

    code: str
    label: str
    object_type: str
    account_levels: tuple[str, ...]
    may_ask: Callable[[Person, str], bool]
    load_target: Callable[[str, Facts, bool], ReleaseTarget | None]
    check: Callable[[ReleaseTarget, Facts], None]
    carry_out: Callable[[Release], None]
    describe: Callable[[Facts], LabelledTexts]
    shell_command: Callable[[str, Facts], str]
    done_note: str = ""
    next_step: Callable[[Release, int], NextStep | None] = no_next_step

    def __post_init__(self) -> None:
        if self.policy_action not in TABLE:
            raise ValueError(f"the policy table has no row {self.policy_action}")

    @property
    def policy_action(self) -> str:
        """The row of the policy table that says who may release it."""
        return f"release.{self.code}"


ACTIONS: ExtensionPoint[ReleasableAction] = ExtensionPoint(
    "actions that go by release", key=lambda action: action.code
)


def find_action(code: str) -> ReleasableAction:
    """Return the action with this code. Raises KeyError when no feature brings it."""
    return {action.code: action for action in ACTIONS.extensions()}[code]


def release_facts(release: Release) -> dict[str, Any]:
    """Return who requested and who released, for the audit line of the action."""
    asker = release.asked_by.name if release.asked_by else release.operator
    facts = {"asked_by": asker, "release": release.key}
    return {**facts, "operator": release.operator} if release.operator else facts

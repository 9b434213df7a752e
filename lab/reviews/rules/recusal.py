"""Who must not review what, and why. Plain facts in, reasons out.

Office rules: nobody reviews a proposal of their own unit or of a unit above or below it on the same
side (except the two roots: a common parent organisation alone is no conflict), nor one that they
wrote, lead, take part in or were asked to confirm for the partner unit; neither direct superiors
nor subordinates of the leader; nobody with a declared kinship, interest or former post; nobody the
applicant asked to avoid; nobody with the name of a member without an account, who may be the same
person under another unit; nobody of the office where the applicant asked to avoid anybody, since
the office reads whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lab.reviews.rules.declared_conflicts import DeclaredKind

UnitPath = tuple[int, ...]

SAME_UNIT = "same_unit"
RELATED_UNIT = "related_unit"
TAKES_PART = "takes_part"
SUPERIOR = "superior"
SUBORDINATE = "subordinate"
AVOIDED = "avoided"
SAME_NAME = "same_name"
READS_AVOIDED = "reads_avoided"
# What stands in a cell of the assignment.
SHORT_REASONS: Mapping[str, str] = MappingProxyType(
    {
        SAME_UNIT: "同单位",
        RELATED_UNIT: "上下级单位",
        TAKES_PART: "项目人员",
        SUPERIOR: "直接上级",
        SUBORDINATE: "直接下级",
        AVOIDED: "申请回避",
        SAME_NAME: "与成员同名",
        READS_AVOIDED: "办公室人员",
        DeclaredKind.KINSHIP: "亲属关系",
        DeclaredKind.INTEREST: "利害关系",
        DeclaredKind.FORMER_UNIT: "曾任职",
        DeclaredKind.SELF: "本人回避",
    }
)


@dataclass(frozen=True)
class Conflict:
    """A declared conflict with one person, unit or proposal (ids).

    `kind` is a DeclaredKind. Raises ValueError for another kind or when nothing is named.
    """

    kind: str
    person: int | None = None
    unit: int | None = None
    proposal: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in set(DeclaredKind):
            raise ValueError(f"unknown kind of conflict {self.kind}")
        if self.person is None and self.unit is None and self.proposal is None:
            raise ValueError("a conflict names a person, a unit or a proposal")


@dataclass(frozen=True)
class Reviewer:
    """Facts about a reviewer: ids; `unit_path` runs from the side's root to the reviewer's unit.

    `name` is as it is compared (`web.typed.people.person_key`); `in_office`: reads whom applicants
    ask to avoid.
    """

    person: int
    unit_path: UnitPath
    superiors: frozenset[int] = frozenset()
    subordinates: frozenset[int] = frozenset()
    conflicts: tuple[Conflict, ...] = ()
    name: str = ""
    in_office: bool = False


@dataclass(frozen=True)
class Candidate:
    """Facts about a proposal: paths of every applicant unit, joint ones included, and person ids.

    `people` are the applicant, the leader, members and whoever was asked to confirm for the partner
    unit; `avoid` whom the applicant asked not to be reviewed by, `asks_to_avoid` whether anybody is
    named so, found or not; `names` those of members without an account, as they are compared.
    """

    proposal: int
    unit_paths: tuple[UnitPath, ...]
    people: frozenset[int]
    leader: int | None = None
    avoid: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    asks_to_avoid: bool = False


@dataclass(frozen=True)
class Reason:
    """One reason for recusal: code and Chinese text."""

    code: str
    text: str


def reasons(reviewer: Reviewer, candidate: Candidate) -> list[Reason]:
    """Return every reason that bars the reviewer from the proposal, by unit first; [] for none.

    Raises ValueError for an empty unit path.
    """
    codes = [*_by_unit(reviewer, candidate), *_by_person(reviewer, candidate)]
    codes += [conflict.kind for conflict in reviewer.conflicts if _touches(conflict, candidate)]
    return [Reason(code, _TEXTS[code]) for code in dict.fromkeys(codes)]


def same_unit(first: UnitPath, second: UnitPath) -> bool:
    """Return whether both paths end in one unit. Raises ValueError for an empty path."""
    if not first or not second:
        raise ValueError("a unit path holds at least the unit itself")
    return first[-1] == second[-1]


def in_line(first: UnitPath, second: UnitPath) -> bool:
    """Return whether one unit lies above the other, below the root.

    Raises ValueError like `same_unit`.
    """
    if same_unit(first, second):
        return False
    upper, lower = sorted((first, second), key=len)
    return len(upper) > 1 and lower[: len(upper)] == upper


_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        SAME_UNIT: "与申报单位为同一单位",
        RELATED_UNIT: "所在单位与申报单位有上下级关系",
        TAKES_PART: "是该项目的申报人、负责人、成员或联合单位确认人",
        SUPERIOR: "是项目负责人的直接上级",
        SUBORDINATE: "是项目负责人的直接下级",
        AVOIDED: "申报单位已提出请其回避",
        SAME_NAME: "与没有账号的项目成员同名，可能是同一人",
        READS_AVOIDED: "是实施办公室人员，能看到申报单位请谁回避",
        **{kind: kind.reason for kind in DeclaredKind},
    }
)


def _by_unit(reviewer: Reviewer, candidate: Candidate) -> list[str]:
    own = reviewer.unit_path
    codes = []
    if any(same_unit(own, path) for path in candidate.unit_paths):
        codes.append(SAME_UNIT)
    if any(in_line(own, path) for path in candidate.unit_paths):
        codes.append(RELATED_UNIT)
    return codes


def _by_person(reviewer: Reviewer, candidate: Candidate) -> list[str]:
    codes = []
    if reviewer.person in candidate.people or reviewer.person == candidate.leader:
        codes.append(TAKES_PART)
    if candidate.leader in reviewer.subordinates:
        codes.append(SUPERIOR)
    if candidate.leader in reviewer.superiors:
        codes.append(SUBORDINATE)
    if reviewer.person in candidate.avoid:
        codes.append(AVOIDED)
    if reviewer.name and reviewer.name in candidate.names:
        codes.append(SAME_NAME)
    if reviewer.in_office and candidate.asks_to_avoid:
        codes.append(READS_AVOIDED)
    return codes


def _touches(conflict: Conflict, candidate: Candidate) -> bool:
    people = candidate.people | {candidate.leader}
    units = {unit for path in candidate.unit_paths for unit in path[1:] or path}
    return (
        conflict.proposal == candidate.proposal
        or (conflict.person is not None and conflict.person in people)
        or (conflict.unit is not None and conflict.unit in units)
    )

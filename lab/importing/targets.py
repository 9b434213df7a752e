"""The imports that take workbooks of any form. The feature that owns one describes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab.feature import ExtensionPoint
from lab.importing.models import ImportUpload
from lab.importing.rules.fields import ImportMode, TargetField
from lab.importing.rules.plan import ColumnPlan

OF_OFFICE, OF_ADMINISTRATORS = "of_office", "of_administrators"  # relations of the policy


@dataclass(frozen=True)
class StandIn:
    """What rows without a content in `field` get, chosen once for all of them in the mode `mode`.

    `choices()` offers (id, label).
    """

    field: str
    mode: str
    label: str
    hint: str
    choices: Callable[[], Sequence[tuple[int, str]]]


@dataclass(frozen=True)
class ImportTarget:
    """One import: its fields, the ways of taking rows, and what happens with a plan.

    `origin(subject_key)` is (label, address) of the page to which the upload belongs.
    `check(upload, plan, person_id)` begins the dry run of the rows in the running transaction,
    with its audit line, and returns its key; it raises Rejected when the import takes none now.
    `result(key)` is the address of a dry run. `owned_by` is the policy's word for who imports.
    """

    code: str
    fields: tuple[TargetField, ...]
    modes: tuple[ImportMode, ...]
    origin: Callable[[str], tuple[str, str]]
    check: Callable[[ImportUpload, ColumnPlan, int], str]
    result: Callable[[str], str]
    owned_by: str = OF_OFFICE
    stand_in: StandIn | None = None

    def mode(self, code: str) -> ImportMode:
        """Return the mode with this code; raises KeyError when there is none."""
        return {mode.code: mode for mode in self.modes}[code]


TARGETS: ExtensionPoint[Callable[[], ImportTarget]] = ExtensionPoint("imports of any workbook")


def target_of(code: str) -> ImportTarget:
    """Return the import with this code; raises KeyError when no feature brings it."""
    return {target.code: target for target in (make() for make in TARGETS.extensions())}[code]

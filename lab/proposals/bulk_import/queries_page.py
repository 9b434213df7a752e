"""Reads for the pages of imports: those of a call, and one with its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lab.calls.models.call import Call
from lab.files.rules.sheet import number_list
from lab.importing.batches.queries import steps_key
from lab.importing.rules.batch_lifecycle import ImportStatus
from lab.importing.rules.plan import MatchedColumn, matched_columns
from lab.policy import Actor
from lab.proposals.bulk_import import queries
from lab.proposals.bulk_import.own_fields import field_labels
from lab.proposals.bulk_import.queries import ImportRow, MadeProposal
from lab.proposals.bulk_import.workbook.results import row_results, stored_table, with_cells
from lab.proposals.core.visibility.grants import visible_condition
from lab.proposals.models.imports import ProposalImport
from lab.proposals.rules.bulk_import.lifecycle import IMPORT
from lab.web.pages.pagination import Page, paginate_list
from lab.workflow import State

ROWS_PER_PAGE = 50


@dataclass(frozen=True)
class ImportsPage:
    """A call's imports, newest first; `accepts`: another may be begun now."""

    call: Call
    accepts: bool
    imports: tuple[ImportRow, ...]


def imports_page(call: Call, *, accepts: bool) -> ImportsPage:
    """Return the imports of a call; `accepts` as the service says it."""
    return ImportsPage(call, accepts, queries.imports_of(call.id))


@dataclass(frozen=True)
class ImportPage:
    """An import with a page of its rows, all or, with `only_findings`, those with a finding.

    `numbers` are those of the proposals made, in words, "" before; `made` by row what was made,
    as far as the reader may open it. `faulty`: rows come in only as drafts that lack something.
    """

    batch: ProposalImport
    state: State
    rows: Page
    only_findings: bool
    numbers: str
    made: Mapping[int, MadeProposal]
    faulty: bool
    remarks: tuple[str, ...]
    hidden: str
    """The rows that the worksheet hides, as 第3、7行; "" when there are none."""
    matched: tuple[MatchedColumn, ...]
    """The columns of a workbook of any form; none for the template."""

    @property
    def checking(self) -> bool:
        return self.state.code == ImportStatus.CHECKING

    @property
    def failed(self) -> bool:
        return self.state.code == ImportStatus.FAILED

    @property
    def ready(self) -> bool:
        return self.state.code == ImportStatus.READY

    @property
    def imported(self) -> bool:
        return self.state.code == ImportStatus.IMPORTED

    @property
    def can_match(self) -> bool:
        """Whether a file that is not the template may be read by its own headings."""
        readable = not (self.batch.reading or {}).get("unreadable")
        return self.failed and readable and not self.batch.upload_key and not self.batch.row_count

    @property
    def steps_key(self) -> str:
        """The upload whose columns may be matched anew, "" where there is none."""
        return steps_key(self.batch)


def import_page(batch: ProposalImport, args: Mapping[str, str], reader: Actor) -> ImportPage:
    """Return the page of an import; `args` carries `only` and the cursor of the rows."""
    only_findings = args.get("only") == "found"
    rows = row_results(batch, only_with_findings=only_findings)
    reading = batch.reading or {}
    hidden = reading.get("hidden", ())
    page = paginate_list(rows, args, size=ROWS_PER_PAGE)
    if page.items:
        page = replace(page, items=with_cells(batch, stored_table(batch), page.items))
    numbers = [row.row for row in page.items]
    return ImportPage(
        batch=batch,
        state=IMPORT.state(batch.status),
        rows=page,
        only_findings=only_findings,
        numbers=queries.numbers_of(batch.id),
        made=queries.made_of(batch.id, numbers, visible_condition(reader)) if numbers else {},
        faulty=batch.as_drafts and batch.faulty_count > 0,
        remarks=tuple(reading.get("remarks", ())),
        hidden=number_list(hidden) if hidden else "",
        matched=matched_columns(batch.plan, field_labels()),
    )

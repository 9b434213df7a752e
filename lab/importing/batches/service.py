"""Writes that are the same for every kind of import: begin, dry run, abandon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import select

from lab import audit, clock
from lab.canonical import short
from lab.db import lock_row, reading, transition
from lab.extensions import db
from lab.feature import JobKind
from lab.importing.batches.models import ImportBatch
from lab.importing.rules.batch_lifecycle import ImportStatus
from lab.jobs import service as jobs

NO_FACTS: Mapping[str, Any] = MappingProxyType({})


class CheckOutcome(Protocol):
    """The result of a dry run; `failure` is "" when everything can be imported."""

    @property
    def failure(self) -> str: ...


Batch = TypeVar("Batch", bound=ImportBatch)
Outcome = TypeVar("Outcome", bound=CheckOutcome)


@dataclass(frozen=True)
class ImportKind(Generic[Batch, Outcome]):
    """One kind of import.

    `job` is the code of the job of its dry run, `audited_as` begins its codes in the audit log.
    `check` reads the file and checks its rows against what is stored now; it writes nothing, for
    its transaction is taken back. `store` puts what was read and found into the row, without a
    change of state; `counts` says of it what the audit log tells.
    """

    model: type[Batch]
    job: str
    audited_as: str
    check: Callable[[Batch], Outcome]
    store: Callable[[Batch, Outcome], None]
    counts: Callable[[Batch], dict[str, Any]]

    def job_kind(self) -> JobKind:
        """Return the job of the dry run."""
        return JobKind(self.job, self.run_dry_check, self.record_check_failure)

    def begin(self, batch: Batch, facts: Mapping[str, Any] = NO_FACTS) -> Batch:
        """Store a new import and queue its dry run; `facts` go to the audit line.

        Whoever calls it has asked `jobs.require_room` before the file was stored.
        """
        batch.begin()
        db.session.add(batch)
        db.session.flush()
        jobs.enqueue(self.job, {"import": batch.key}, asked_by=batch.made_by_id)
        self._audit("create", batch, {"hash": short(batch.sha256), **facts})
        return batch

    def abandon_waiting(self, upload_key: str) -> int:
        """Abandon what waits for its confirmation of this upload; return how many there were."""
        waiting = select(self.model).where(
            self.model.upload_key == upload_key, self.model.status == ImportStatus.READY
        )
        replaced = list(db.session.scalars(waiting.with_for_update()))
        for earlier in replaced:
            transition(earlier, "abandon", closed_at=clock.now())
        return len(replaced)

    def abandon(self, batch: Batch) -> None:
        """Abandon an import that awaits its confirmation.

        Raises TransitionRejected in any other state.
        """
        lock_row(batch)
        transition(batch, "abandon", closed_at=clock.now())
        self._audit("abandon", batch, {"rows": batch.row_count})

    def run_dry_check(self, arguments: Mapping[str, Any]) -> None:
        """Run the job: file → cells → result → row. Safe to run again after a crash.

        `arguments` are those of the job: {"import": key}. An import that is gone, or is checked
        already, is left as it is.
        """
        with reading():  # the checks hold no lock of a writer
            batch = self._find(arguments, lock=False)
            if batch is None or batch.status != ImportStatus.CHECKING:
                return
            outcome = self.check(batch)
            db.session.rollback()
        batch = self._find(arguments)
        if batch is None or batch.status != ImportStatus.CHECKING:
            return
        self.record_outcome(batch, outcome)
        self._audit("check", batch, self.counts(batch))
        db.session.commit()

    def record_outcome(self, batch: Batch, outcome: Outcome) -> None:
        """Store the result and its state: ready, or failed with the first 400 characters of why.

        Raises TransitionRejected when the import waits neither for its check nor for confirmation.
        """
        self.store(batch, outcome)
        if outcome.failure:
            transition(batch, "fail", checked_at=clock.now(), failure=outcome.failure[:400])
        else:
            transition(batch, "pass", checked_at=clock.now())

    def record_check_failure(self, arguments: Mapping[str, Any], message: str) -> None:
        """Show the failure on the import's page after the last attempt, in 400 characters.

        `arguments` are those of the job, as `run_dry_check` takes them.
        """
        batch = self._find(arguments)
        if batch is not None and batch.status == ImportStatus.CHECKING:
            transition(batch, "fail", checked_at=clock.now(), failure=message[:400])
            audit.record(f"{self.audited_as}.check", batch, result="failed")
            db.session.commit()

    def _find(self, arguments: Mapping[str, Any], *, lock: bool = True) -> Batch | None:
        query = select(self.model).where(self.model.key == arguments["import"])
        return db.session.scalar(query.with_for_update() if lock else query)

    def _audit(self, action: str, batch: Batch, detail: Mapping[str, Any]) -> None:
        audit.record(f"{self.audited_as}.{action}", batch, detail=detail)

"""The database door: engine settings, transactions, column types, mixins and states."""

from lab.db.bulk import insert_all
from lab.db.engine import engine_options, prepare_engine, reject_network_folder, safe_sqlite
from lab.db.faults import Fault, failure_message, fault_of
from lab.db.gate import GATE
from lab.db.mixins import (
    EditConflict,
    HasId,
    HasKey,
    HasProvenance,
    Versioned,
    bump,
    expect_version,
    lock,
    new_key,
)
from lab.db.published import PublishedFactChanged
from lab.db.sessions import SAFE_METHODS, reading, writing
from lab.db.state import (
    Stateful,
    StatusWriteRejected,
    evidence_check,
    one_of,
    status_check,
    transition,
)
from lab.db.types import Hundredths, UtcDateTime
from lab.db.upsert import upsert

__all__ = [
    "GATE",
    "SAFE_METHODS",
    "EditConflict",
    "Fault",
    "HasId",
    "HasKey",
    "HasProvenance",
    "Hundredths",
    "PublishedFactChanged",
    "Stateful",
    "StatusWriteRejected",
    "UtcDateTime",
    "Versioned",
    "bump",
    "engine_options",
    "evidence_check",
    "expect_version",
    "failure_message",
    "fault_of",
    "insert_all",
    "lock",
    "new_key",
    "one_of",
    "prepare_engine",
    "reading",
    "reject_network_folder",
    "safe_sqlite",
    "status_check",
    "transition",
    "upsert",
    "writing",
]

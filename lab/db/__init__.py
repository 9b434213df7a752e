"""The public interface of the database layer.

Engine settings, transactions, column types, mixins and states.
"""

from lab.db.bulk import insert_all
from lab.db.connection.engine import (
    engine_options,
    prepare_engine,
    reject_network_folder,
    sqlite_driver,
)
from lab.db.connection.failures import FailureKind, classify, failure_message
from lab.db.connection.sessions import SAFE_METHODS, reading, writing
from lab.db.connection.write_limit import WRITER_LIMIT
from lab.db.mixins import (
    EditConflict,
    HasId,
    HasKey,
    HasProvenance,
    Versioned,
    bump_version,
    expect_version,
    lock_row,
    new_key,
)
from lab.db.public_facts import PublishedFactChanged
from lab.db.state import (
    Stateful,
    StatusWriteRejected,
    evidence_check,
    in_state,
    one_of,
    status_check,
    transition,
    unless_in,
)
from lab.db.tallies import Tallied
from lab.db.types import CanonicalJson, FrozenJson, Hundredths, JsonText, UtcDateTime
from lab.db.upsert import upsert

__all__ = [
    "SAFE_METHODS",
    "WRITER_LIMIT",
    "CanonicalJson",
    "EditConflict",
    "FailureKind",
    "FrozenJson",
    "HasId",
    "HasKey",
    "HasProvenance",
    "Hundredths",
    "JsonText",
    "PublishedFactChanged",
    "Stateful",
    "StatusWriteRejected",
    "Tallied",
    "UtcDateTime",
    "Versioned",
    "bump_version",
    "classify",
    "engine_options",
    "evidence_check",
    "expect_version",
    "failure_message",
    "in_state",
    "insert_all",
    "lock_row",
    "new_key",
    "one_of",
    "prepare_engine",
    "reading",
    "reject_network_folder",
    "sqlite_driver",
    "status_check",
    "transition",
    "unless_in",
    "upsert",
    "writing",
]

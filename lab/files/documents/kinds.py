"""What one kind of rendered document is, said once for everything that is done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from lab.files.documents.storage import give_up
from lab.files.models import Rendered, RenderedFile
from lab.files.storing import storage
from lab.files.storing.storage import DOCUMENTS, StoredContent

Row = TypeVar("Row", bound=Rendered)
FileRow = TypeVar("FileRow", bound=RenderedFile)
Source = TypeVar("Source")
Result = TypeVar("Result")


@dataclass(frozen=True)
class WaitingMessages:
    """What a waiting page says in each state; `failed` with why in the place of `{}`, `missing`
    of a document that was not ordered."""

    ready: str
    queued: str = "正在生成，请稍候。"
    failed: str = "{}"
    missing: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentKind(Generic[Row, Source, Result]):
    """One kind of rendered document. `job`, `argument` and the audit codes are stored words.

    `rows(key)` selects the row that the job's argument names, `key(row)` is that argument.
    `source(row)` is read in a transaction; `render(source)` takes seconds in none, keeps what it
    made on the disk, and the message of its exception says why it failed. `evidence(result)` is
    written to the row, `detail(result)` to the audit log; `discard(result)` takes it off the disk
    when another worker was quicker. `give_up(row)` lets go of the earlier result before it is
    rendered again. Without audit codes nothing is noted.
    """

    model: type[Row]
    job: str
    argument: str
    rows: Callable[[str], Select[Row]]
    key: Callable[[Row], str]
    source: Callable[[Row], Source]
    render: Callable[[Source], Result]
    evidence: Callable[[Result], Mapping[str, Any]]
    discard: Callable[[Result], None]
    give_up: Callable[[Row], None]
    waiting_messages: WaitingMessages
    audit_rendered: str = ""
    audit_failed: str = ""
    detail: Callable[[Result], Mapping[str, Any]] = lambda _: {}


def _evidence(stored: StoredContent) -> Mapping[str, Any]:
    return {
        "file_name": stored.storage_name,
        "file_hash": stored.sha256,
        "file_size": stored.size,
    }


def _discard(stored: StoredContent) -> None:
    storage.delete_file(stored.storage_name, DOCUMENTS)


def _detail(stored: StoredContent) -> Mapping[str, Any]:
    return {"file": stored.sha256}


def _accept(_row: RenderedFile) -> None:
    """Any source can be rendered again."""


@dataclass(frozen=True, kw_only=True)
class FileKind(DocumentKind[FileRow, Source, StoredContent]):
    """One whose result is a single stored file, which people download and have rendered again.

    `rejection_messages`: by state, what is said to whoever asks again without need;
    `check_source(row)` raises Rejected when the source is not what it was.
    """

    audit_downloaded: str
    rejection_messages: Mapping[str, str]
    check_source: Callable[[FileRow], None] = _accept
    evidence: Callable[[StoredContent], Mapping[str, Any]] = _evidence
    discard: Callable[[StoredContent], None] = _discard
    give_up: Callable[[FileRow], None] = give_up
    detail: Callable[[StoredContent], Mapping[str, Any]] = field(default=_detail)

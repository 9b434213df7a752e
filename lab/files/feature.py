"""What stored files bring: the job that makes pictures, what tidies up, the page for a file that
is not what it was."""

from __future__ import annotations

from lab import clock
from lab.feature import Feature, MinuteTask
from lab.files.audit_labels import AUDIT_LABELS
from lab.files.documents import service as documents
from lab.files.previews import service as previews
from lab.files.storing import service as stored_files
from lab.files.storing import serving

MINUTE = 17  # of each hour; going through the folders costs more than a glance


def _clean_up() -> None:
    if clock.now().minute == MINUTE:
        stored_files.purge_expired()
        stored_files.delete_lost_previews()


FEATURE = Feature(
    "files",
    audit_labels=AUDIT_LABELS,
    jobs=(documents.job_kind(previews.PICTURES),),
    every_minute=(MinuteTask(_clean_up), MinuteTask(stored_files.examine_unchecked)),
    error_handlers={serving.FileUnavailable: serving.unavailable_page},
)

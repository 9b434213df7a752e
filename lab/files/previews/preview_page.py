"""What the page of one file shows: the file, its pictures, why the original is withheld."""

from __future__ import annotations

from dataclasses import dataclass

from lab.files.inspection.active import pictures_only_note
from lab.files.models import StoredFile
from lab.files.previews import repair
from lab.files.previews.queries import PreviewStatus


@dataclass(frozen=True)
class FilePage:
    """A file with its pictures; `withheld` says why only these are shown, "" if it is not so."""

    file: StoredFile
    pictures: PreviewStatus
    withheld: str


def file_page(file: StoredFile) -> FilePage:
    """Return the page of a file; order its pictures again where they are damaged."""
    withheld = pictures_only_note(file.active_codes) if file.active_codes else ""
    return FilePage(file, repair.checked_status(file), withheld)

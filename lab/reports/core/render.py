"""Render a frozen snapshot of any schema to a stored PDF, within the configured limits."""

from __future__ import annotations

from flask import current_app

from lab.canonical import JsonString
from lab.files.documents.storage import store_document
from lab.files.storing.storage import StoredContent
from lab.reports.core import sandbox
from lab.reports.rendering.fonts import font_folders, log_broken


class RenderRejected(Exception):
    """The sandbox produced no document; `message` says why in Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def render_file(snapshot: JsonString) -> StoredContent:
    """Return the stored PDF of a snapshot (canonical JSON).

    Raises RenderRejected when none was made. It takes seconds: no transaction may be open
    meanwhile.
    """
    settings = current_app.config["SETTINGS"]
    folders = font_folders(settings.font_dir)
    log_broken(folders)
    try:
        document = sandbox.render_in_child(
            snapshot.parsed(),
            seconds=settings.render_seconds,
            memory_mb=settings.render_memory_mb,
            folders=folders,
        )
    except sandbox.RenderFailed as error:
        raise RenderRejected(str(error)) from error
    return store_document(document)

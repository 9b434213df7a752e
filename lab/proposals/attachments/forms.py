"""The form that replaces an attachment."""

from __future__ import annotations

from typing import Any

from flask import current_app

from lab.files.storing.types import ATTACHMENT_TYPES
from lab.web.fields import FileListField
from lab.web.forms import Form


class ReplaceForm(Form):
    """Upload one file to replace another."""

    files = FileListField("新文件", required=True, max_files=1, types=ATTACHMENT_TYPES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files.max_bytes = current_app.config["UPLOAD_LIMIT"]

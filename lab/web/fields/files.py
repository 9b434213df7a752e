"""The attachment field."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape
from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation

from lab.web.fields.base import PortalField, tag
from lab.web.filters import format_size
from lab.web.typed.text import TextError, check_characters

ALLOWED = ("pdf", "docx", "xlsx", "pptx", "jpg", "jpeg", "png")
NAME_LIMIT = 120


def extension_of(name: str) -> str:
    """Return the lower-case part after the last dot, "" without one."""
    return os.path.splitext(name)[1][1:].lower()


def size_of(upload: FileStorage) -> int:
    """Return the size in bytes; the upload stays readable from its beginning."""
    upload.stream.seek(0, os.SEEK_END)
    size = upload.stream.tell()
    upload.stream.seek(0)
    return size


@dataclass(frozen=True)
class FileTypes:
    """The kinds of files that a control takes: their `endings`, and in words.

    `others`: by ending, what is said of kinds that are often sent instead, with the cure.
    """

    endings: tuple[str, ...]
    text: str
    others: Mapping[str, str] = field(default_factory=dict)

    def rejection(self, name: str) -> str:
        """Return why a file with this name is not taken, "" when it is."""
        ending = extension_of(name)
        if ending in self.endings:
            return ""
        if ending in self.others:
            return f"“{name}”{self.others[ending]}。"
        return f"“{name}”的类型不能上传，可选：{self.text}。"


def _check_name(name: str) -> None:
    try:
        check_characters(name)
    except TextError as error:
        raise TextError(f"文件名{error}") from None


class FileListField(PortalField):
    """Attachments; `data` is a list of `FileStorage`, empty when none was chosen.

    Checks number, extension, size and name; the feature checks the content.
    """

    verb = "选择"

    def __init__(
        self,
        label: str = "",
        *args: Any,
        max_files: int = 5,
        max_bytes: int = 20 * 1024 * 1024,
        allowed: tuple[str, ...] = ALLOWED,
        types: FileTypes | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.max_files, self.max_bytes = max_files, max_bytes
        self.types = types or FileTypes(allowed, "、".join(allowed))

    def process_data(self, value: Any) -> None:
        # Stored attachments are listed by the page; the control only takes new ones.
        self.data = []

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = [value for value in valuelist if isinstance(value, FileStorage)]
        self.data = [upload for upload in sent if upload.filename]

    def is_blank(self) -> bool:
        return not self.data

    def pre_validate(self, form: Any) -> None:
        """Check number, names, kinds and sizes, stopping at the first error."""
        try:
            if len(self.data) > self.max_files:
                raise TextError(f"最多选择{self.max_files}个文件，现有{len(self.data)}个。")
            for upload in self.data:
                self._check(upload)
        except TextError as fault:
            raise StopValidation(str(fault)) from None

    def _check(self, upload: FileStorage) -> None:
        name = upload.filename or ""
        if len(name) > NAME_LIMIT:
            start = f"{name[:20]}…"
            raise TextError(
                f"文件名“{start}”有{len(name)}个字符，最多{NAME_LIMIT}个，请改短后再选。"
            )
        _check_name(name)
        if message := self.types.rejection(name):
            raise TextError(message)
        size = size_of(upload)
        if not size:
            raise TextError(f"“{name}”是空文件。")
        if size > self.max_bytes:
            raise TextError(f"“{name}”有{format_size(size)}，超过{format_size(self.max_bytes)}。")

    def rule(self) -> str:
        """Return the limits as one sentence, shown below the control."""
        each = format_size(self.max_bytes)
        return f"最多{self.max_files}个，每个不超过{each}，类型：{self.types.text}。"

    def parts(self) -> list[str]:
        return [*super().parts(), f"{self.id}-rule"]

    def control(self, **extra: Any) -> Markup:
        own = {
            "type": "file",
            "multiple": self.max_files > 1,
            "accept": ",".join(f".{kind}" for kind in self.types.endings),
            "data_files": str(self.max_bytes),
            "data_file_types": self.types.text,
            "data_file_others": json.dumps(dict(self.types.others), ensure_ascii=False),
        }
        # With scripts the label takes the place of the native control, whose words are the
        # browser's; without them the native control stays (static/css/forms.css).
        control = tag("input", {**own, **self.attributes(extra)})
        box = Markup('<div class="file-box">{}<label class="{}" for="{}">选择文件</label>{}</div>')
        none = Markup('<span class="file-none">尚未选择</span>')
        return box.format(control, "btn btn-outline-secondary file-open", escape(self.id), none)

"""The attachment field."""

from __future__ import annotations

import os
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
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.max_files, self.max_bytes, self.allowed = max_files, max_bytes, allowed

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
            raise TextError(f"文件名最多{NAME_LIMIT}个字符，请改短后再选。")
        check_characters(name)
        if extension_of(name) not in self.allowed:
            raise TextError(f"“{name}”的类型不能上传，可选：{self.kinds()}。")
        size = size_of(upload)
        if not size:
            raise TextError(f"“{name}”是空文件。")
        if size > self.max_bytes:
            raise TextError(f"“{name}”有{format_size(size)}，超过{format_size(self.max_bytes)}。")

    def kinds(self) -> str:
        """Return the allowed extensions as text."""
        return "、".join(self.allowed)

    def rule(self) -> str:
        """Return the limits as one sentence, shown below the control."""
        each = format_size(self.max_bytes)
        return f"最多{self.max_files}个，每个不超过{each}，类型：{self.kinds()}。"

    def parts(self) -> list[str]:
        return [f"{self.id}-rule", *super().parts()]

    def control(self, **extra: Any) -> Markup:
        own = {
            "type": "file",
            "multiple": self.max_files > 1,
            "accept": ",".join(f".{kind}" for kind in self.allowed),
            "data_files": str(self.max_bytes),
        }
        # With scripts the label takes the place of the native control, whose words are the
        # browser's; without them the native control stays (static/css/forms.css).
        control = tag("input", {**own, **self.attributes(extra)})
        box = Markup('<div class="file-box">{}<label class="{}" for="{}">选择文件</label>{}</div>')
        none = Markup('<span class="file-none">尚未选择</span>')
        return box.format(control, "btn btn-outline-secondary file-open", escape(self.id), none)

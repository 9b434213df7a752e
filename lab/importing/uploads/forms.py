"""The form by which a workbook is sent."""

from __future__ import annotations

from wtforms import ValidationError

from lab.files.workbooks.kinds import message_at_once
from lab.files.workbooks.reading import ALLOWED
from lab.web.fields import FileListField
from lab.web.forms import Form

MAX_BYTES = 10 * 1024 * 1024


def workbook_field(label: str) -> FileListField:
    """Return the field of one workbook, by the template or of any form."""
    return FileListField(
        label,
        required=True,
        max_files=1,
        max_bytes=MAX_BYTES,
        allowed=ALLOWED,
        hint="按模板填写的文件或自己的表格。XLSX最可靠，也可以是XLS、ET、ODS或CSV。",
    )


class WorkbookForm(Form):
    """Base of the uploads of a workbook, which is the field `files`."""

    def validate_files(self, field: FileListField) -> None:
        """Name what cannot be read at once: a password, another kind of file."""
        for upload in field.data:
            if message := message_at_once(upload.stream):
                raise ValidationError(message)

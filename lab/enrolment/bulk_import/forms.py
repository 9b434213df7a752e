"""The upload of a workbook of units and people."""

from __future__ import annotations

from lab.files.workbooks.reading import ALLOWED
from lab.web.fields import FileListField
from lab.web.forms import Form

MAX_BYTES = 10 * 1024 * 1024


class UploadForm(Form):
    """Upload a workbook."""

    files = FileListField(
        "人员名单文件",
        required=True,
        max_files=1,
        max_bytes=MAX_BYTES,
        allowed=ALLOWED,
        hint="按模板填写的文件或自己的表格。XLSX最可靠，也可以是XLS、ET、ODS或CSV。",
    )

"""The upload of a workbook of units and people."""

from __future__ import annotations

from lab.importing.uploads.forms import WorkbookForm, workbook_field


class UploadForm(WorkbookForm):
    """Upload a workbook."""

    files = workbook_field("人员名单文件")

"""Forms of the workbook import: evidence from the mail, the upload, the confirmation."""

from __future__ import annotations

from typing import ClassVar

from wtforms import ValidationError

from lab.importing.uploads.forms import WorkbookForm, workbook_field
from lab.web.fields import CheckboxField, DateField, RadioField, SelectField
from lab.web.forms import EditForm, Form


class EvidenceForm(EditForm):
    """Who wrote the proposal, when the mail arrived, and that the pledge was signed."""

    FIELDS: ClassVar[tuple[str, ...]] = ("owner_id", "received_on", "pledge")

    owner_id = SelectField("填报人", coerce=int, required=True)
    received_on = DateField("收件日期", required=True)
    pledge = CheckboxField("诚信承诺", needed=True)

    def validate_pledge(self, field: CheckboxField) -> None:
        """Require that the mail contained the signed pledge."""
        if not field.data:
            raise ValidationError("应填“是”：来件附有签署的诚信承诺才能导入。")


class ImportForm(WorkbookForm):
    """Upload a workbook with proposals."""

    files = workbook_field("申报表文件")


class ConfirmForm(Form):
    """Import what was checked: with hidden rows or without, with faulty cells or not."""

    hidden = RadioField(
        "隐藏的行", choices=[("leave", "不导入隐藏的行"), ("take", "连同隐藏的行一并导入")]
    )

    lenient = CheckboxField("仍导入为草稿，缺漏由填报人补")

    @property
    def with_hidden(self) -> bool | None:
        """Whether hidden rows are imported; None when nothing was chosen."""
        return self.hidden.data == "take" if self.hidden.data else None

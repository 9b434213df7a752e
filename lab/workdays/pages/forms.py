"""Forms of the office's calendar."""

from __future__ import annotations

from datetime import date

from lab.files.workbooks.reading import ALLOWED
from lab.web.fields import (
    CheckboxField,
    DateField,
    FileListField,
    RadioField,
    TextAreaField,
    TextField,
)
from lab.web.forms import EditForm, Form
from lab.workdays.models import CalendarDay
from lab.workdays.rules import FIRST_YEAR, LAST_YEAR, NAME_LIMIT, SOURCE_LIMIT, DayEntry

MAX_BYTES = 1024 * 1024
PASTED_LIMIT = 8000
ARRANGEMENTS = [("off", "放假"), ("on", "上班")]
_SOURCE_HINT = "所依据的通知，如：国务院办公厅关于2027年部分节假日安排的通知。"


class DayForm(Form):
    """A day of the calendar."""

    day = DateField("日期", required=True, min=date(FIRST_YEAR, 1, 1), max=date(LAST_YEAR, 12, 31))
    working = RadioField("安排", choices=ARRANGEMENTS, required=True)
    name = TextField("名称", required=True, limit=NAME_LIMIT, hint="如：春节、国庆节调休上班。")
    source = TextField("依据", required=True, limit=SOURCE_LIMIT, hint=_SOURCE_HINT)

    def entry(self) -> DayEntry:
        """Return the entered day."""
        return DayEntry(self.day.data, self.working.data == "on", self.name.data)


def stored_values(row: CalendarDay) -> dict[str, date | str]:
    """Return a stored day as the form's fields hold it."""
    working = "on" if row.working else "off"
    return {"day": row.day, "working": working, "name": row.name, "source": row.source}


class EditDayForm(EditForm, DayForm):
    """Change a stored day."""


class RemoveForm(EditForm):
    """Remove the day as it was shown; no fields."""


class YearForm(Form):
    """Declare a year complete."""

    source = TextField("依据", required=True, limit=SOURCE_LIMIT, hint=_SOURCE_HINT)


class ImportForm(Form):
    """A whole year, pasted or as a file."""

    source = TextField("依据", required=True, limit=SOURCE_LIMIT, hint=_SOURCE_HINT)
    pasted = TextAreaField(
        "粘贴内容",
        limit=PASTED_LIMIT,
        rows=12,
        hint=(
            "每行一天或一段：日期、安排（放假或上班）、名称，用逗号隔开或从表格中直接复制。"
            "如：2027-02-05至2027-02-11，放假，春节"
        ),
    )
    files = FileListField("或选择文件", max_files=1, max_bytes=MAX_BYTES, allowed=ALLOWED)
    complete = CheckboxField(
        "本年已按国务院办公厅通知录全", hint="标明后，本年的日期不再提示“可能调整”。"
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Expect a text or a file, not both: the file's lines would take the text's place."""
        super().validate(extra_validators)
        has_text, has_file = bool((self.pasted.data or "").strip()), bool(self.files.data)
        if has_text and has_file:
            self.files.errors = ["粘贴框中已有内容。要改用文件，请先清空粘贴框。"]
        elif not has_text and not has_file and not self.files.errors:
            self.pasted.errors = ["请粘贴内容或选择文件。"]
        return not self.errors

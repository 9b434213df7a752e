"""Forms of a project's state and light."""

from __future__ import annotations

from lab.portfolio.rules.status_light import LABELS
from lab.web.fields import DateField, SelectField, TextAreaField, TextField
from lab.web.forms import Form, ReasonForm

BACKDATING_HINT = "早于今天时填写，随状态留存。"


class StartForm(Form):
    """Takes the day the work begins, and why it is entered late."""

    started_on = DateField(label="开始日期", required=True)
    why = TextField(label="补记原因", limit=200, hint=BACKDATING_HINT)


class DatedForm(Form):
    """Takes the day from which a new state is valid."""

    since = DateField(label="生效日期", hint="不填为今天。")
    why = TextField(label="补记原因", limit=200, hint=BACKDATING_HINT)


class NoteForm(ReasonForm):
    """A text that goes with an action, labelled by the view, and the day it is valid from."""

    reason = TextAreaField(label="说明", required=True, limit=500, rows=4)
    since = DateField(label="生效日期", hint="不填为今天。")
    why = TextField(label="补记原因", limit=200, hint=BACKDATING_HINT)


class LightForm(Form):
    """A manual status light."""

    color = SelectField(label="灯色", required=True, choices=list(LABELS.items()))
    reason = TextAreaField(
        label="理由", required=True, limit=300, rows=3, hint="理由随灯色显示并印在报告中。"
    )

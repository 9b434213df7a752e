"""What a page of projects shows: the batch and the day it is asked for, and the list's filters."""

from __future__ import annotations

from datetime import date
from typing import Self

from flask import request

from lab import clock
from lab.portfolio.pages import queries
from lab.portfolio.rules.lifecycle import PROJECT
from lab.portfolio.rules.status_light import LABELS
from lab.web.fields import DateField, SelectField
from lab.web.forms import Form
from lab.web.request.guards import actor


class ScopeForm(Form):
    """Batch and cut-off day of what a page shows; read from the address."""

    class Meta(Form.Meta):
        csrf = False

    call = SelectField(label="征集批次", coerce=int, blank="全部批次")
    on = DateField(label="截至")

    @classmethod
    def from_address(cls) -> Self:
        """Return the form as filled by the address; unreadable values count as blank."""
        form = cls(formdata=request.args)
        form.call.choices = queries.call_choices(actor())
        form.validate()
        return form

    def read_day(self) -> tuple[date, bool]:
        """Return the day the page shows and whether nothing is known for it yet.

        The requested one, never after today; the field then says that nothing is known.
        """
        today, requested = clock.today(), self.on.data
        day = min(requested or today, today)
        if requested is not None and requested > today:
            self.on.errors = [*self.on.errors, "截至日期不能晚于今天，现按今天列出。"]
        too_early = queries.reason_too_early(actor(), day, self.call.data) if day < today else ""
        if too_early:
            self.on.errors = [*self.on.errors, too_early]
        return day, bool(too_early)


class FilterForm(ScopeForm):
    """Filters the list of projects."""

    state = SelectField(
        label="状态", choices=[(s.code, s.label) for s in PROJECT.states], blank="全部状态"
    )
    light = SelectField(label="灯色", choices=list(LABELS.items()), blank="全部灯色")

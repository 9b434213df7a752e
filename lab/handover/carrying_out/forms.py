"""The form of a handover: a receiver for each thing, and the reason."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from lab.handover.carrying_out.queries import HeldKind
from lab.handover.carrying_out.service import field_name
from lab.handover.models import REASON_LIMIT
from lab.identity.rules.name_keys import search_keys, unit_keys
from lab.web.fields import CheckboxField, SelectField, TextAreaField
from lab.web.forms import EditForm
from lab.web.typed.people import split_person

KEY_LENGTH = 12


@lru_cache(maxsize=2048)
def _option_data(label: str) -> dict[str, str]:
    """Return name and unit of a label, as 张伟（东城支行）, and what both are found by."""
    name, unit = split_person(label)
    keys = " ".join(sorted(search_keys(name) | unit_keys(unit)))
    return {"data_name": name, "data_unit": unit, "data_keys": keys}


class ReceiverField(SelectField):
    """One of those who may receive the thing.

    Somebody else is passed on as well: the service says why that person may not.
    """

    def option_attributes(self, label: str) -> dict[str, Any]:
        return {**_option_data(label)}

    def control(self, **extra: Any) -> Markup:
        return super().control(**{"data_people_list": True, **extra})

    def parse_choice(self, text: str) -> Any:
        try:
            return super().parse_choice(text)
        except ValueError:
            return text[:KEY_LENGTH]


class HandoverForm(EditForm):
    """Receivers by kind and thing are added by `handover_form`."""

    once = True
    withdraw = CheckboxField("撤回上列未完成的评审，由实施办公室重新分配")
    reason = TextAreaField(
        "原因",
        required=True,
        limit=REASON_LIMIT,
        rows=3,
        hint="如：调离、退休、长期休假。写入交接记录，本人会看到。",
    )

    def receivers(self) -> dict[tuple[str, str], str]:
        """Return the chosen receivers (keys of people) by code of the kind and key of the thing."""
        chosen = {}
        for field in self:
            if isinstance(field, ReceiverField) and field.data:
                kind, key = field.short_name.split("-", 1)
                chosen[kind, key] = field.data
        return chosen


def handover_form(kinds: Iterable[HeldKind], number: int, *, withdrawable: bool) -> Any:
    """Build the form for these things; `number` is that of the person's last handover.

    `withdrawable`: there is something to withdraw.
    """
    fields: dict[str, Any] = {}
    for kind in kinds:
        for row in kind.rows:
            fields[field_name(kind.code, row.key)] = ReceiverField(
                f"{row.name}的接收人", choices=row.candidates, blank="暂不交接"
            )
    form = type("HandoverForm", (HandoverForm,), fields)(data={"version": number})
    if not withdrawable:
        del form.withdraw
    return form

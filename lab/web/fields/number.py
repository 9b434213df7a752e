"""Fields for numbers, money and time. Text controls, so that invalid input stays visible."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from markupsafe import Markup

from lab import amounts
from lab.clock import beijing, cn_date, cn_datetime
from lab.web.fields.base import PortalField, TextError, require_within, tag
from lab.web.typed.dates import parse_beijing, parse_date
from lab.web.typed.numbers import parse_decimal, parse_integer
from lab.web.typed.units import in_unit

# The range of an integer column on every supported database.
INTEGER_MIN, INTEGER_MAX = -(2**31), 2**31 - 1
DECIMAL_MAX = Decimal(10) ** 12
YUAN_MAX = 10**14  # 分: one trillion 元, far above any project and inside a 64-bit column
_NO_FIGURE = re.compile(r"[^0-9.+-]")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


def conversion(typed: str, figure: str, unit: str) -> str:
    """Return what became of a figure typed in another unit, "" where only marks were left out."""
    digits = _NO_FIGURE.sub("", normalize("NFKC", typed).replace("−", "-"))
    same = Decimal(digits) == Decimal(figure.replace(",", ""))
    return "" if same else f"“{typed.strip()}”已换算为{figure}{unit}。"


class _FigureField(PortalField):
    """A figure that may be typed with its unit, or in one that is converted: 3万元 in 元."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the figure in the field's own unit; raise `TextError` for another kind of unit."""
        typed = self.typed[0] if self.typed else ""
        figure = in_unit(typed, self.unit)
        if figure is None:
            self.data = None
            raise TextError(f"此处按“{self.unit}”填写，请换算后再填。")
        if figure != typed:
            self.raw_data = [figure]
            told = conversion(typed, figure, self.unit)
            self.conversions = [told] if told else []
        super().process_formdata(valuelist)


class IntegerField(_FigureField):
    """An integer; `min` and `max` are inclusive.

    `grouped`: shown with separators, for counts (a year has none); input is accepted either way.
    """

    def __init__(
        self,
        label: str = "",
        *args: Any,
        min: int = INTEGER_MIN,
        max: int = INTEGER_MAX,
        grouped: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.min, self.max, self.grouped = min, max, grouped

    def parse(self, text: str) -> int:
        number = parse_integer(text)
        require_within(number, self.min, self.max, self.format)
        return number

    def format(self, value: Any) -> str:
        return amounts.digits(value) if self.grouped else str(value)

    def css_class(self) -> str:
        return "form-control num"

    def control(self, **extra: Any) -> Markup:
        own = {"type": "text", "inputmode": "numeric", "autocomplete": "off"}
        own |= {"data_grouped": ""} if self.grouped else {}
        return tag("input", {**own, **self.attributes(extra), "value": self.shown()})


class DecimalField(_FigureField):
    """An exact decimal number with at most `places` digits after the point."""

    def __init__(
        self,
        label: str = "",
        *args: Any,
        places: int = 2,
        min: Decimal | int = -DECIMAL_MAX,
        max: Decimal | int = DECIMAL_MAX,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.places, self.min, self.max = places, Decimal(min), Decimal(max)

    def parse(self, text: str) -> Any:
        number = parse_decimal(text, decimals=self.places)
        require_within(number, self.min, self.max, self.format)
        return number

    def format(self, value: Any) -> str:
        """Return the number with separators and without trailing zeros: 1,234.50 is 1,234.5."""
        return amounts.format_trimmed(value)

    def cell_text(self, value: Any) -> str:
        return self.format(value).replace(",", "")

    def css_class(self) -> str:
        return "form-control num"

    def control(self, **extra: Any) -> Markup:
        own = {"type": "text", "inputmode": "decimal", "autocomplete": "off", "data_grouped": ""}
        return tag("input", {**own, **self.attributes(extra), "value": self.shown()})


class YuanField(DecimalField):
    """Money: entered in 元 (at most two decimals), stored as whole 分. Bounds are in 分."""

    def __init__(
        self, label: str = "", *args: Any, min: int = 0, max: int = YUAN_MAX, **kwargs: Any
    ) -> None:
        kwargs.setdefault("unit", "元")
        super().__init__(
            label, *args, places=2, min=Decimal(min) / 100, max=Decimal(max) / 100, **kwargs
        )

    def parse(self, text: str) -> Any:
        return int(super().parse(text) * 100)

    def format(self, value: Any) -> str:
        """Return 分 (int) or a bound in 元 (Decimal) as it would be typed, in 元."""
        return super().format(value if isinstance(value, Decimal) else Decimal(value) / 100)


class DateField(PortalField):
    """A date, typed as 2022-07-01 or 2022年7月1日; `min` and `max` are inclusive.

    A text control: a calendar control would use the browser's language, not the portal's. With
    scripts the button beside it opens the browser's calendar (static/js/forms.js).
    """

    picker = "date"
    example = "如：2022-07-01"
    keyboard: str | None = "numeric"  # digits alone will do: 20220701

    def __init__(
        self,
        label: str = "",
        *args: Any,
        min: date = FIRST_DAY,
        max: date = LAST_DAY,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.min, self.max = min, max

    def parse(self, text: str) -> Any:
        day = parse_date(text)
        require_within(day, self.min, self.max, cn_date)
        return day

    def format(self, value: Any) -> str:
        return str(value.isoformat())

    def display_text(self, value: Any) -> str:
        return cn_date(value) if value else ""

    def shown(self) -> str:
        """Return 2022-07-01 once the text was parsed, else the text as typed."""
        understood = self.data is not None and not self.process_errors
        return self.format(self.data) if understood else super().shown()

    def css_class(self) -> str:
        return "form-control"

    def control(self, **extra: Any) -> Markup:
        own = {
            "type": "text",
            "inputmode": self.keyboard,
            "autocomplete": "off",
            "placeholder": self.example,
        }
        attributes = self.attributes(extra)
        text = tag("input", {**own, **attributes, "value": self.shown()})
        button = {
            "type": "button",
            "class_": "btn btn-outline-secondary date-open",
            "data_pick": self.picker,
            # A cell of a grid has a name of its own, which says the row as well.
            "aria_label": f"选日期：{attributes.get('aria_label') or self.label.text}",
        }
        box = Markup('<div class="date-box date-box-{}">{}{}</div>')
        return box.format(self.picker, text, tag("button", button, "选日期"))


class DateTimeField(DateField):
    """A date and time in Beijing; `data` is an aware UTC datetime."""

    picker = "datetime-local"
    example = "如：2022-07-01 09:05"
    keyboard = None  # digit keyboards have neither the blank nor the colon

    def parse(self, text: str) -> Any:
        instant = parse_beijing(text)
        require_within(beijing(instant).date(), self.min, self.max, cn_date)
        return instant

    def format(self, value: Any) -> str:
        return beijing(value).strftime("%Y-%m-%d %H:%M")

    def display_text(self, value: Any) -> str:
        return cn_datetime(value) if value else ""

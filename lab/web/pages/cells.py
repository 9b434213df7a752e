"""The cells of a list: what is the same in each of its rows is made once for a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from flask import Flask, url_for
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from lab.web.columns import Column
from lab.web.filters import together

_ANY_KEY = "~key~"  # stands for a row's in an address; a key has no such sign


@dataclass(frozen=True)
class CellLayout:
    """How the cells of one column are drawn on one page."""

    column: Column
    draw: Callable[[Any], str]
    """Returns the content of a row's cell as HTML."""
    around_class: tuple[str, str]
    opening: str | None
    """The tag before each cell; None where the class in it depends on the row."""
    closing: str


def cell_layouts(
    columns: Sequence[Column], macros: Mapping[str, Macro], badge: Macro, labelled: bool
) -> list[CellLayout]:
    """Return how the cells of each column are drawn, by the macro of its name if there is one.

    `badge` draws states. `labelled`: cells name their column, for the cards of narrow screens.
    """
    return [_layout(column, macros, badge, labelled) for column in columns]


def draw_cells(row: Any, layouts: Sequence[CellLayout]) -> Markup:
    """Return the cells of a row. One call for all of them: a template's calls cost as much again
    as what they draw."""
    parts: list[str] = []
    for cell in layouts:
        parts += (
            cell.opening or _opening(cell.around_class, cell.column.cell_class(row)),
            cell.draw(row),
            cell.closing,
        )
    return Markup("".join(parts))


def _layout(
    column: Column, macros: Mapping[str, Macro], badge: Macro, labelled: bool
) -> CellLayout:
    tag, scope = ("th", ' scope="row"') if column.row_header else ("td", "")
    has_label = labelled and column.kind != "actions"
    label = f' data-label="{escape(column.narrow or column.label)}"' if has_label else ""
    around = f"<{tag}{scope}", f"{label}>"
    opening = None if callable(column.css) else _opening(around, column.cell_class(None))
    return CellLayout(column, _drawing(column, macros, badge), around, opening, f"</{tag}>\n")


def _opening(around: tuple[str, str], css: str) -> str:
    named = f' class="{escape(css)}"' if css else ""
    return f"{around[0]}{named}{around[1]}"


def _drawing(column: Column, macros: Mapping[str, Macro], badge: Macro) -> Callable[[Any], str]:
    macro = macros.get(column.macro)
    if macro:
        return macro if len(macro.arguments) < 2 else lambda row: macro(row, column)
    if column.kind == "state":
        draw_badge = cache(lambda state: badge(state.label, state.tone))
        return lambda row: draw_badge(column.value_of(row))
    draw = _linked(column) if column.link else lambda row: escape(together(column.text(row)))
    return _noted(draw, attrgetter(column.note)) if column.note else draw


def _linked(column: Column) -> Callable[[Any], str]:
    # Built once for a page and not for each row; the keys differ, and nothing else.
    before, _, after = str(escape(url_for(column.link, key=_ANY_KEY))).partition(_ANY_KEY)

    def draw_link(row: Any) -> str:
        key = escape(quote(str(row.key), safe=""))
        return f'<a href="{before}{key}{after}">{escape(column.text(row))}</a>'

    return draw_link


def _noted(draw: Callable[[Any], str], note_of: Callable[[Any], Any]) -> Callable[[Any], str]:
    def draw_with_note(row: Any) -> str:
        note = note_of(row)
        below = f'<div class="row-note">{escape(together(note))}</div>' if note else ""
        return f"<div>{draw(row)}{below}</div>"

    return draw_with_note


def init(app: Flask) -> None:
    """Register what components/table.html draws cells with."""
    app.jinja_env.globals["cell_layouts"] = cell_layouts
    app.jinja_env.filters["cells"] = draw_cells

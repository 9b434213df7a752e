"""The look that all pages share (docs/ui.md): one of three widths, framed tables, the place of the
primary button."""

from __future__ import annotations

from typing import Any

WIDTHS = {"page-narrow", "page-form", "page-list"}
# What gives the last place at its right end to the primary button.
BARS = ("action-bar", "page-actions")
# A row has its own button; a page without a form's sheet (signing in, a message) its only one.
ELSEWHERE = ("row-actions", "open-calls", "bare-box", "notice", "empty-state")


def check_look(root: Any) -> None:
    """A page has one of three widths, its tables the frame, its primary buttons their place."""
    for main in root.xpath("//main"):
        assert len(WIDTHS & _classes(main)) == 1, f"no width of a page: {main.get('class')}"
        for table in main.iter("table"):
            assert "table-responsive" in _classes(table.getparent()), (
                f"a table without its frame: {table.xpath('string(caption)')}"
            )
        _check_bars(main)
        for button in main.iter("a", "button", "summary"):
            if "btn-primary" in _classes(button):
                around = set[str]().union(*map(_classes, button.iterancestors()))
                place = around & {*BARS, *ELSEWHERE}
                assert place, f"a primary button at no known place: {_text(button)}"


def _check_bars(main: Any) -> None:
    for bar in main.iter("div"):
        if not _classes(bar).intersection(BARS):
            continue
        buttons = [b for b in bar.iter("a", "button", "summary") if _is_shown(b)]
        primary = [b for b in buttons if "btn-primary" in _classes(b)]
        assert len(primary) < 2, f"primary buttons: {', '.join(map(_text, primary))}"
        assert not primary or buttons[-1] is primary[0], f"not last: {_text(primary[0])}"


def _is_shown(button: Any) -> bool:
    """It is a button in sight; the second one of a question is not yet."""
    around = set[str]().union(*map(_classes, button.iterancestors()))
    return "btn" in _classes(button) and "confirm-box" not in around


def _classes(element: Any) -> set[str]:
    return set((element.get("class") or "").split())


def _text(button: Any) -> str:
    return " ".join(button.text_content().split())

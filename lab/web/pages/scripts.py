"""The scripts of a page: modules of static/js, each under the address that carries its hash.

A module imports another by its plain relative path. The page's import map turns that path into the
address with the hash, so that no browser mixes modules of two releases; one that knows no import
maps uses the plain path, whose answer it may keep only after asking each time.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app

from lab.web.assets import content_hash, static_url

# What starts on every page, and what starts where a page has its hook (docs/ui.md), in this order.
ALWAYS = ("js/forms.js", "js/page.js")
HOOKS = {
    "data-guard": "js/editing.js",
    "data-rich": "js/rich.js",
    "data-total": "js/score.js",
    "data-poll": "js/poll.js",
    "data-live": "js/poll.js",
    "data-chart": "js/charts.js",
    "data-check": "js/check.js",
    "data-attach": "js/attach.js",
    "data-rows": "js/rows.js",
    "data-person": "js/people.js",
    "data-people-list": "js/people.js",
    "data-contents": "js/contents.js",
    "data-head": "js/head.js",
    "data-tick": "js/picks.js",
    "data-instead": "js/picks.js",
}
# The styles that a hook brings along: those that only its script needs.
STYLES = {
    "data-rich": (
        "vendor/prosemirror/prosemirror.css",
        "vendor/prosemirror/tables.css",
        "css/rich.css",
    ),
    "data-contents": ("css/contents.css",),
    "data-head": ("css/contents.css",),
}
_HOOK = re.compile("|".join(HOOKS))  # one pass over a long page, not eight
_IMPORT = re.compile(r'^(?:import|export)\b(?:[^;"]*\bfrom)? "(\.{1,2}/[^"]+)";', re.MULTILINE)


@dataclass(frozen=True)
class PageScripts:
    """The addresses of the modules that start, of those that they import by plain address, and of
    the styles that come with them."""

    start: list[str]
    imports: dict[str, str]
    styles: list[str]


def page_scripts(html: str) -> PageScripts:
    """Return the scripts of a page with this content."""
    hooks = set(_HOOK.findall(html))
    start = list(dict.fromkeys((*ALWAYS, *(path for hook, path in HOOKS.items() if hook in hooks))))
    imported = {static_url(path) for path in _imported_by(start)}
    return PageScripts(
        [static_url(path) for path in start],
        {address.partition("?")[0]: address for address in sorted(imported)},
        [static_url(path) for hook, paths in STYLES.items() if hook in hooks for path in paths],
    )


def _imported_by(modules: Iterable[str]) -> set[str]:
    """Return the paths of all modules that these import, directly or not."""
    waiting, imported = list(modules), set[str]()
    while waiting:
        path = waiting.pop()
        file = f"{current_app.static_folder}/{path}"
        new = set(_imports(file, path, content_hash(file))) - imported
        imported |= new
        waiting += new
    return imported


@lru_cache(maxsize=256)
def _imports(file: str, path: str, version: str) -> tuple[str, ...]:
    """Return the paths that a module names; `version` "" means that there is no such file."""
    text = Path(file).read_text(encoding="utf-8") if version else ""
    folder = posixpath.dirname(path)
    return tuple(posixpath.normpath(f"{folder}/{name}") for name in _IMPORT.findall(text))


def init(app: Flask) -> None:
    """Make `page_scripts` known to the templates of `app`."""
    app.jinja_env.globals["page_scripts"] = page_scripts

"""When a test may act on a page: once its scripts have run, unless it asks to be earlier.

A click on a link is over when the next page begins to come; the page's scripts run a moment before
the document is ready. Whoever acts in between may hold a control that a script has replaced by the
time the act begins, and waits for it in vain.
"""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

_STARTED = """addEventListener("DOMContentLoaded", () => {
  setTimeout(() => { document.documentElement.dataset.started = ""; });
});"""
_WAITING = "html:not([data-started])"


def act_after_scripts(context: BrowserContext) -> None:
    """Let each act on a page of this context wait for the page's scripts; for new pages only."""
    context.add_init_script(_STARTED)
    context.on("page", lambda page: page.add_locator_handler(page.locator(_WAITING), _wait))


def act_at_once(page: Page) -> None:
    """Let acts on this page be as early as a hasty person's, from now on."""
    page.remove_locator_handler(page.locator(_WAITING))


def _wait() -> None:
    """Nothing to do: the browser's driver itself waits until what it saw is gone."""

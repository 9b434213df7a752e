"""Lines between browser and portal that behave as real ones do."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Page, Request, Route


def answer_backwards(page: Page, address: str) -> list[Request]:
    """Of the next two requests the one that the server hears first is answered last.

    Returns the list that will hold them, in the order in which the server hears them.
    """
    held: list[tuple[Route, APIResponse]] = []
    heard: list[Request] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))
        heard.append(route.request)
        if len(held) == 2:
            for waiting, answer in reversed(held):
                waiting.fulfill(response=answer)

    page.route(address, hold, times=2)
    return heard


def lose_the_answer(route: Route) -> None:
    """The server hears the request; the page never hears the answer."""
    route.fetch()
    route.abort()

"""Connections between browser and portal that behave as real ones do."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Page, Request, Route


def answer_backwards(page: Page, address: str, *, is_older_dropped: bool = False) -> list[Request]:
    """Of the next two requests the one that the server receives first is answered last.

    With `is_older_dropped` it is never answered. Returns the list that will hold both, in the
    order in which the server receives them.
    """
    held: list[tuple[Route, APIResponse]] = []
    received: list[Request] = []

    def hold(route: Route) -> None:
        answer = route.fetch()
        held.append((route, answer))
        received.append(route.request)
        if len(held) < 2:
            return
        (older, first), (newer, second) = held
        newer.fulfill(response=second)
        if is_older_dropped:
            older.abort()
        else:
            older.fulfill(response=first)

    page.route(address, hold, times=2)
    return received


def drop_response(route: Route) -> None:
    """The server receives the request; the page never gets the answer."""
    route.fetch()
    route.abort()

"""Connections between browser and portal that behave as real ones do."""

from __future__ import annotations

from playwright.sync_api import Page, Route


def answer_backwards(page: Page, address: str) -> None:
    """Of the next two requests the one that the server receives first is answered last."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)
        if len(held) < 2:
            return
        # One after the other: the server might receive two at once in either order.
        first, second = held[0].fetch(), held[1].fetch()
        held[1].fulfill(response=second)
        held[0].fulfill(response=first)

    page.route(address, hold, times=2)


def drop_response(route: Route) -> None:
    """The server receives the request; the page never gets the answer."""
    route.fetch()
    route.abort()

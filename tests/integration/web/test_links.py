"""What notices and mails are about, and the pages that they lead to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from lab.feature import Link, registry
from lab.web import links
from lab.web.links import About

KEY = "abcdefgh2345"
PATHS = {
    About("Call", KEY): f"/calls/{KEY}",
    About("Call.checks", KEY): "/checks",
    About("Call.proposals", KEY): f"/proposals?call={KEY}",
    About("Call.reminder", KEY): f"/reviews?round={KEY}",
    About("Call.reviews", KEY): "/reviews",
    About("Call.revision", KEY, "2"): f"/calls/{KEY}/revisions/2",
    About("Call.round", KEY): f"/rounds/{KEY}",
    About("Decision", KEY): f"/decisions/{KEY}",
    About("Letter", KEY): f"/letters/{KEY}",
    About("PeopleImport", KEY): f"/people/imports/{KEY}",
    About("Person", KEY): f"/people/{KEY}",
    About("Project", KEY): f"/projects/{KEY}",
    About("Project.indicator_check", KEY): f"/projects/{KEY}/indicators/check",
    About("Project.indicators", KEY): f"/projects/{KEY}/indicators",
    About("Project.narrative", KEY, "2022-09"): f"/projects/{KEY}/indicators/text/2022-09",
    About("Proposal", KEY): f"/proposals/{KEY}",
    About("Proposal.check", KEY): f"/checks/{KEY}",
    About("Proposal.joint", KEY): f"/proposals/{KEY}/joint",
    About("Proposal.result", KEY): f"/proposals/{KEY}/result",
    About("Release", KEY): f"/releases/{KEY}",
    About("RoleRequest", KEY): "/role-requests",
    About("ScoreSheet", KEY): f"/reviews/{KEY}",
}


@pytest.fixture
def without_deletions(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The links of the portal, as if every object were there."""
    there = {kind: replace(link, existing=None) for kind, link in registry().links.items()}
    monkeypatch.setattr(registry(), "links", there)


@pytest.mark.usefixtures("without_deletions")
def test_each_kind_leads_to_its_page(ctx: Flask) -> None:
    assert {about.kind for about in PATHS} == set(registry().links)
    assert links.paths(PATHS) == PATHS
    with ctx.test_request_context("/inbox"):
        assert links.paths(PATHS) == PATHS
    pages = ctx.url_map.bind("")
    for about, path in PATHS.items():
        endpoint, _ = pages.match(path.partition("?")[0], method="GET")
        assert endpoint == registry().links[about.kind].endpoint


def test_what_has_no_page_has_no_path(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry().links, "Withdrawn", Link("withdrawn.show"))
    gone = [About(kind, KEY) for kind, link in registry().links.items() if link.existing]
    assert {about.kind for about in gone} >= {"Proposal", "Proposal.joint"}
    broken = [About("Call"), *(About("Call.revision", KEY, part) for part in ("", "2022-08"))]
    assert links.paths([*gone, *broken, About("Unknown", KEY), About("Withdrawn", KEY)]) == {}


@pytest.mark.parametrize("about", [About("Call"), About("Project.narrative", KEY)])
def test_a_notice_names_all_that_its_page_needs(ctx: Flask, about: About) -> None:
    with pytest.raises(ValueError, match=about.kind):
        links.expect(about)

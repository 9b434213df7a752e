"""Reads for the search page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.policy import Actor
from lab.proposals.rules.matching import displayable_query
from lab.proposals.search.queries import Facets, search_proposals
from lab.web.pages.pagination import Page


@dataclass(frozen=True)
class SearchPage:
    """What was found: a page of `queries.Hit`, the counts, and what the address asks for."""

    rows: Page
    facets: Facets
    args: Mapping[str, str]

    @property
    def asked(self) -> str:
        """What is looked for, without blanks around it."""
        return self.args["q"].strip()


def search_page(reader: Actor, args: Mapping[str, str]) -> SearchPage:
    """Return the search as asked for; without words nothing is found."""
    asked = {**args, "q": displayable_query(args.get("q", ""))}
    rows, facets = search_proposals(reader, asked)
    return SearchPage(rows, facets, asked)

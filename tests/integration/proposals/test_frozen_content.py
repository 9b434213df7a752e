"""What is made of a proposal as it is written: contents, fingerprints, search, lists, the page.

The files in tests/frozen/proposals hold it. A field that the form gains adds to what is made and
changes none of it: while the field is blank, contents and confirmations stay the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lab import clock
from lab.canonical import canonical_json, fingerprint
from lab.demo import data as demo_data
from lab.extensions import db
from lab.policy import OFFICE, Actor
from lab.proposals.bulk_import.workbook.columns import template_columns
from lab.proposals.bulk_import.workbook.template import column_example, column_rule
from lab.proposals.core.content import content
from lab.proposals.core.content import reader as content_reader
from lab.proposals.export.queries import export_rows
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.models.search import SearchEntry
from lab.proposals.rules.form.schema import PLEDGE
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    avoiding,
    submitted_proposal,
)
from tests.support.cast import Cast
from tests.support.documents.frozen_versions import FOLDER
from tests.support.documents.frozen_versions import stored as stored_version

NOW = datetime(2022, 7, 10, 2, tzinfo=UTC)


def frozen(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def plain(value: object) -> Any:
    return json.loads(canonical_json(value))


def tags(page: str) -> list[str]:
    """The page cut between its tags, whatever blanks stand there."""
    return [part.strip() for part in re.split(r"(?<=>)\s*(?=<)", page.strip())]


@pytest.fixture
def proposal(ctx: Flask, cast: Cast) -> Iterator[Proposal]:
    """A submitted proposal of two units, with a reviewer to avoid."""
    with clock.freeze(NOW):
        avoided = [avoiding(cast.reviewer, "曾经|共事")]
        yield submitted_proposal(cast, open_call(cast), avoided=avoided)


def test_the_content_of_a_proposal_is_what_it_was(proposal: Proposal) -> None:
    parts = {
        "shown": content.reviewer_content(proposal),
        "private": content.private_content(proposal),
        "confirmable": content.confirmable_content(proposal),
    }
    assert {name: plain(part) for name, part in parts.items()} == frozen("live")["content"]
    digests = {name: fingerprint(part) for name, part in parts.items()}
    assert digests == frozen("live")["fingerprints"]
    assert proposal.confirmations[0].fingerprint == digests["confirmable"]


def test_a_proposal_is_found_by_the_words_it_was_found_by(proposal: Proposal) -> None:
    entry = db.session.scalars(select(SearchEntry)).one()
    names = ("audience", "number", "title", "unit", "people", "abstract", "body")
    assert {name: getattr(entry, name) for name in names} == frozen("live")["search"]


def test_the_list_is_exported_as_it_was(proposal: Proposal, cast: Cast) -> None:
    row = frozen("live")["exported"]
    actor = Actor(cast.office, frozenset({OFFICE}))
    (cells,) = export_rows(actor, {}, list(row), drafts=False)
    assert plain(dict(zip(row, cells, strict=True))) == row


def test_the_sheet_to_import_has_the_columns_it_had(ctx: Flask) -> None:
    made = {
        column.field: plain(
            {**asdict(column), "heading": column.heading, "rule": column_rule(column)}
            | {"example": column_example(column)}
        )
        for column in template_columns()
    }
    frozen_columns = frozen("columns")
    names = [name for name in made if name in frozen_columns]
    assert [made[name] for name in names] == list(frozen_columns.values())


@pytest.mark.parametrize("name", ["joint", "alone", "first_format"])
def test_a_version_stands_on_its_page_as_it_did(ctx: Flask, name: str) -> None:
    page = ctx.jinja_env.get_template("proposals/core/_content.html")
    macro: Any = page.module.proposal_content
    shown = content_reader.read(stored_version(name)["content"])
    drawn = macro(shown, lambda key: f"/files/{key}", pledge=PLEDGE)
    assert tags(drawn) == tags((FOLDER / f"{name}.html").read_text("utf-8"))


def test_the_demonstration_is_fingerprinted_as_it_was(ctx: Flask) -> None:
    with clock.freeze(NOW.replace(year=2026)):
        demo_data.load()
        versions = db.session.execute(
            select(Proposal.number, ProposalVersion.fingerprint).join(
                Proposal, Proposal.id == ProposalVersion.proposal_id
            )
        )
        assert {number: digest for number, digest in versions} == frozen("demonstration")

"""The numbers on the tabs of a list: counted, or left out."""

from __future__ import annotations

from lab.proposals.rules.lifecycle import PROPOSAL
from lab.web.pages.state_filter import StateFilter, state_counts, uncounted_states

ARGS = {"status": "all"}


def test_the_tab_of_all_rows_has_their_sum() -> None:
    counts = state_counts(PROPOSAL, {"submitted": 17, "draft": 3})
    assert [(count.state.code, count.number) for count in counts] == [
        ("draft", 3),
        ("submitted", 17),
    ]
    assert StateFilter(counts, ARGS).total == "20"
    assert StateFilter((), ARGS).total == "0"


def test_rows_that_are_not_counted_have_no_number() -> None:
    counts = uncounted_states(PROPOSAL, {"submitted", "draft"})
    assert [count.state.code for count in counts] == ["draft", "submitted"]
    assert StateFilter(counts, ARGS).total == ""

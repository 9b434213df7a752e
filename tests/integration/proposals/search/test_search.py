"""The search: true substrings, what each person may find, an index that follows every write."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from lab import audit
from lab.calls.models.call import Call
from lab.db import transition, writing
from lab.extensions import db
from lab.identity.people import service as identity
from lab.identity.units import service as units_service
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.policy import Actor
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.search import SearchEntry
from lab.proposals.pages import queries as pages_queries
from lab.proposals.search import index as search_index
from lab.proposals.search import indexing
from lab.proposals.search import queries as search_queries
from lab.proposals.submission import review_transitions
from lab.proposals.submission import service as proposals
from lab.proposals.withdrawal import service as withdrawal_service
from lab.proposals.writing import service as drafts
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    accepted_proposal,
    avoiding,
    check,
    confirm,
    empty_draft,
    filled_draft,
    returned_proposal,
    submitted_proposal,
)
from tests.support.cast import Cast, person, unit

HOSTILE = (
    *(
        '"',
        "'",
        '" OR 1',
        "园区 AND",
        "NOT 园区",
        "(",
        ")",
        "*",
        "园*",
        "title:园区",
        "NEAR(园 区)",
    ),
    *("%", "_", "园%", "\\", "😀", "\x00", "园\x00区", "\ud800", "园\udfff", "-", "--", "^园区"),
    *(
        "长" * 200,
        "a" * 200,
        "词 " * 100,
        "'; DROP TABLE proposal; --",
        ":*",
        "!园区",
        "<->",
        "&",
        "|",
    ),
    *("\u202e园区", "\u200b", "𠮷", "ﷺ", "ß", "İ", "㎡", "e\u0301", "1" * 150, "{title} : 园"),
)


@pytest.fixture
def call(both_ctx: Flask, both_cast: Cast) -> Call:
    return open_call(both_cast)


def actor(person_id: int) -> Actor:
    row = person(person_id)
    return Actor(row.id, row.roles, row.unit_id)


def found(person_id: int, query: str, **more: str) -> list[str]:
    """Names of the hits as shown."""
    page, _facets = search_queries.search_proposals(actor(person_id), {"q": query, **more})
    return ["".join(piece.text for piece in hit.title) for hit in page.items]


def listed(person_id: int, query: str) -> list[str]:
    page = pages_queries.list_proposals(actor(person_id), {"q": query})
    return [row.title for row in page.items]


def index() -> dict[str, Any]:
    """All that the index holds, entries and words."""
    entries = db.session.execute(select(SearchEntry.__table__).order_by(SearchEntry.id)).all()
    if db.engine.dialect.name == "postgresql":
        kept = db.session.execute(text("SELECT rowid, words::text FROM search_words ORDER BY 1"))
        words = [tuple(row) for row in kept]
    else:
        terms = ("园区", "缴费", "申报", "甲", "sb", "001", "改名", "新词", "补正", "撤回")
        match = text("SELECT rowid FROM search_words WHERE search_words MATCH :q ORDER BY 1")
        words = [(term, *db.session.scalars(match, {"q": f'"{term}" *'}).all()) for term in terms]
    db.session.rollback()
    return {"entries": [tuple(row) for row in entries], "words": words}


# -- what is found -----------------------------------------------------------------------------


QUERIES = (
    ("缴费", True),
    ("人民币缴", True),
    ("民币", True),
    ("SB-2022-01-001", True),
    ("sb－2022－01", True),
    ("2022-01-001", True),
    ("东城", True),
    ("邮储东城支行", True),
    ("组长甲", True),
    ("组员", True),
    ("用餐现金", True),
    ("系统对接", True),  # a milestone
    ("缴费 组长甲 东城", True),
    ("ＮＦＣ", True),
    ("nf", True),
    ("园", True),  # one character: in name, number and unit
    ("餐", False),  # … and not in the text
    ("缴费 没有此词", False),
    ("费人", False),
    ("SB-2022-01-002", False),
    ("C卡", False),
)


def test_the_office_finds_every_part_of_what_was_submitted(call: Call, both_cast: Cast) -> None:
    submitted_proposal(both_cast, call, background="用餐现金多，换用NFC手环。")
    title = "园区数字人民币缴费【演示】"
    for query, hit in QUERIES:
        assert found(both_cast.office, query) == ([title] if hit else []), query
        assert listed(both_cast.office, query) == ([title] if hit else []), query


def test_private_parts_are_found_by_nobody(call: Call, both_cast: Cast) -> None:
    avoided = [avoiding(both_cast.reviewer2, "曾有争议")]
    submitted_proposal(both_cast, call, avoided=avoided, leader_phone="010-87654321")
    for who in ("applicant", "leader", "office", "office2"):
        for query in ("87654321", "争议", "评委乙", "申报甲"):
            assert found(getattr(both_cast, who), query) == []


def test_no_query_breaks_the_search(call: Call, both_cast: Cast) -> None:
    submitted_proposal(both_cast, call)
    for query in HOSTILE:
        for who in (both_cast.office, both_cast.applicant, both_cast.stranger):
            assert len(found(who, query)) <= 1, query
        assert len(listed(both_cast.office, query)) <= 1, query


def test_results_come_page_by_page_newest_first_and_none_is_lost(
    call: Call, both_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"园区{i}号【演示】" for i in range(7)]
    for name in names:
        submitted_proposal(both_cast, call, title=name)
    monkeypatch.setattr(search_queries, "PAGE_SIZE", 3)
    for most in (500, 2):  # all hits known at once, or asked for page by page
        monkeypatch.setattr(search_queries, "COUNTED_AT_MOST", most)
        seen: list[str] = []
        args = {"q": "园区"}
        while True:
            page, facets = search_queries.search_proposals(actor(both_cast.office), args)
            seen += ["".join(piece.text for piece in hit.title) for hit in page.items]
            if page.next_cursor is None:
                break
            args = {"q": "园区", "after": page.next_cursor}
        assert seen == names[::-1]
        assert (facets.total, facets.more) == (min(most, 7), most < 7)


# -- who finds what ----------------------------------------------------------------------------


def test_each_person_finds_what_that_person_may_open(call: Call, both_cast: Cast) -> None:
    cast = both_cast
    filled_draft(cast, call, title="草稿园区")
    submitted_proposal(cast, call, title="已交园区")
    everything = ["已交园区", "草稿园区"]
    for who in (cast.applicant, cast.leader, cast.member):
        assert found(who, "园区") == everything
    assert found(cast.office, "园区") == ["已交园区"]
    for who in (cast.stranger, cast.leading, cast.reviewer):
        assert found(who, "园区") == []


def test_the_office_searches_submitted_text_not_corrections(call: Call, both_cast: Cast) -> None:
    proposal = returned_proposal(both_cast, call, title="补正园区", background="原来的说法")
    change = {"background": "暗中改写", "title": "新名园区", "leader_id": both_cast.stranger}
    drafts.save_draft(drafts.SaveDraft(proposal, None, change, person_id=both_cast.applicant))
    db.session.commit()
    own, office = both_cast.applicant, both_cast.office
    assert found(own, "暗中改写") == ["新名园区"] and found(own, "原来的说法") == []
    assert found(office, "暗中改写") == [] == listed(office, "暗中改写")
    assert found(office, "原来的说法") == ["补正园区"]
    assert found(office, "外人甲") == [] and found(office, "组长甲") == ["补正园区"]
    confirm(proposal)
    proposals.submit(proposal, own, pledged=True)
    db.session.commit()
    assert found(office, "暗中改写") == ["新名园区"] and found(office, "原来的说法") == []


def test_lists_counts_and_search_show_the_same_to_each_role(call: Call, both_cast: Cast) -> None:
    cast = both_cast
    filled_draft(cast, call)
    submitted_proposal(cast, call)
    returned_proposal(cast, call)
    accepted_proposal(cast, call)
    gone = accepted_proposal(cast, call)
    withdrawal_service.withdraw_for(gone, gone.version, cast.office, "申报人来电要求撤回。")
    theirs = accepted_proposal(cast, call, people=[{"person_id": cast.leading2, "duty": "指导"}])
    reviewed = accepted_proposal(cast, call)
    for act in ("open_review", "close_review"):
        for row in (theirs, reviewed):
            transition(row, act)
    audit.record("call.open_review", call)
    db.session.commit()
    expected = {"applicant": 7, "leader": 7, "member": 6, "stranger": 0, "office": 6}
    expected |= {"leading": 2, "leading2": 2, "reviewer": 0}
    for who, number in expected.items():
        me = actor(getattr(cast, who))
        rows = pages_queries.list_proposals(me, {}).items
        counted = {c.state.code: c.number for c in pages_queries.count_by_state(me, {})}
        page, facets = search_queries.search_proposals(me, {"q": "园区"})
        assert len(rows) == sum(counted.values()) == facets.total == number, who
        assert {hit.key for hit in page.items} == {row.key for row in rows}
        assert {code: n for code, _label, n in facets.states} == counted
        by_word = pages_queries.count_by_state(me, {"q": "园区"})
        assert {c.state.code: c.number for c in by_word} == counted


@pytest.mark.parametrize("limit", [0, 3, 1000])
def test_a_list_for_words_of_many_texts_lacks_only_numbers(
    call: Call, both_cast: Cast, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    filled_draft(both_cast, call)
    accepted_proposal(both_cast, call, title="食堂用餐【演示】")
    _edited_return(both_cast, call)
    for name in ("GATHERED_AT_MOST", "COUNTED_AT_MOST"):
        monkeypatch.setattr(search_queries, name, limit)
    for who in ("office", "applicant", "member", "stranger"):
        me = actor(getattr(both_cast, who))
        for query in ("缴费", "食堂", "改了一半", "没有此词"):
            rows = [row.key for row in pages_queries.list_proposals(me, {"q": query}).items]
            page, _facets = search_queries.search_proposals(me, {"q": query})
            assert sorted(rows) == sorted(hit.key for hit in page.items), (who, query)
            counts = pages_queries.count_by_state(me, {"q": query})
            numbers = [count.number for count in counts]
            if who == "office" and limit == 0 and query in ("缴费", "食堂"):
                assert numbers == [None, None]
            elif None not in numbers:
                assert sum(number or 0 for number in numbers) == len(rows)


def _edited_return(cast: Cast, call: Call) -> None:
    """A returned proposal whose own people have changed the text since."""
    returned = returned_proposal(cast, call)
    values = {"background": "这里改了一半。"}
    drafts.save_draft(drafts.SaveDraft(returned, None, values))
    db.session.commit()


# -- the index follows -------------------------------------------------------------------------


def _edited(cast: Cast, call: Call) -> None:
    proposal = filled_draft(cast, call)
    drafts.save_draft(
        drafts.SaveDraft(proposal, None, {"mode": "新词", "people": []}, person_id=cast.applicant)
    )


def _corrected(cast: Cast, call: Call) -> None:
    proposal = returned_proposal(cast, call)
    drafts.save_draft(
        drafts.SaveDraft(proposal, None, {"plan": "补正以后"}, person_id=cast.applicant)
    )


def _resubmitted(cast: Cast, call: Call) -> None:
    proposal = returned_proposal(cast, call)
    drafts.save_draft(
        drafts.SaveDraft(proposal, None, {"plan": "补正以后"}, person_id=cast.applicant)
    )
    confirm(proposal)
    proposals.submit(proposal, cast.applicant, pledged=True)


def _withdrawn(cast: Cast, call: Call) -> None:
    withdrawal_service.withdraw_own(submitted_proposal(cast, call), cast.applicant)
    later = returned_proposal(cast, call)
    drafts.save_draft(drafts.SaveDraft(later, None, {"plan": "撤回之前"}, person_id=cast.applicant))
    withdrawal_service.withdraw_own(later, cast.applicant)


def _deleted(cast: Cast, call: Call) -> None:
    drafts.delete_draft(filled_draft(cast, call))


def _refused(cast: Cast, call: Call) -> None:
    check(submitted_proposal(cast, call), cast, "refused")


def _renamed(cast: Cast, call: Call) -> None:
    submitted_proposal(cast, call)
    returned_proposal(cast, call)
    bank, leader = unit(cast.bank_branch), person(cast.leader)
    units_service.edit_unit(bank, bank.version, name="改名支行", active=True)
    unchanged = {
        name: getattr(leader, name) for name in ("unit_id", "duty", "phone", "email", "mail_wanted")
    }
    identity.edit_person(leader, leader.version, name="改名甲", **unchanged)
    db.session.commit()
    # Of all that is queued only what the index waits for: drawing the papers takes minutes.
    keys = db.session.scalars(select(Job.key).where(Job.kind == indexing.RENAMED)).all()
    db.session.remove()
    assert [jobs.run_job(key) for key in keys] == [True, True]


def test_a_full_rebuild_equals_the_maintained_index(call: Call, both_cast: Cast) -> None:
    for act in (empty_draft, _edited, _corrected, _resubmitted, _withdrawn, _deleted, _refused):
        act(both_cast, call)  # type: ignore[operator]
        db.session.commit()
    _renamed(both_cast, call)
    kept = index()
    assert {row[2] for row in kept["entries"]} == {"all", "own", "others"}
    assert search_index.rebuild() == db.session.scalar(select(func.count()).select_from(Proposal))
    assert index() == kept


def test_a_rename_is_found_after_the_worker_has_followed(call: Call, both_cast: Cast) -> None:
    _renamed(both_cast, call)
    title = "园区数字人民币缴费【演示】"
    assert found(both_cast.applicant, "改名支行 改名甲") == [title, title]
    assert found(both_cast.office, "改名支行 改名甲") == [title]  # the other is being corrected


def test_a_deleted_draft_leaves_nothing_in_the_index(call: Call, both_cast: Cast) -> None:
    _deleted(both_cast, call)
    db.session.commit()
    assert index()["entries"] == []
    assert found(both_cast.applicant, "园区") == []


def test_a_write_taken_back_leaves_the_index_as_it_was(call: Call, both_cast: Cast) -> None:
    proposal = filled_draft(both_cast, call)
    kept = index()
    drafts.save_draft(
        drafts.SaveDraft(proposal, None, {"mode": "新词"}, person_id=both_cast.applicant)
    )
    db.session.rollback()
    withdrawal_service.withdraw_own(
        submitted_proposal(both_cast, call, title="另一份"), both_cast.applicant
    )
    db.session.commit()
    entries = [row for row in index()["entries"] if row[1] == proposal.id]
    assert entries == kept["entries"]


def test_the_command_mends_an_index_that_was_lost(
    call: Call, both_app: Flask, both_cast: Cast
) -> None:
    submitted_proposal(both_cast, call)
    with writing() as session:
        session.execute(text("DELETE FROM search_entry"))
    assert found(both_cast.office, "园区") == []
    db.session.rollback()  # a command is a process of its own and waits for nobody's lock
    result = both_app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0 and "已重建1份" in result.output
    assert found(both_cast.office, "园区") == ["园区数字人民币缴费【演示】"]


def test_moving_a_whole_call_touches_no_entry(call: Call, both_cast: Cast) -> None:
    accepted_proposal(both_cast, call)
    with writing() as session:
        session.execute(text("UPDATE search_entry SET body = 'untouched'"))
    assert review_transitions.enter_review(call) == 1
    audit.record("call.open_review", call)
    db.session.commit()
    assert db.session.scalar(select(SearchEntry.body)) == "untouched"

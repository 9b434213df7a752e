"""Texts of the corpus in every record: no page and no paper breaks, each shows what was typed."""

from __future__ import annotations

from lab.jobs.service import run_due
from lab.policy import Verdict
from tests.support import policy_table
from tests.support.client import check_page, text_of
from tests.support.corpus.portal import Portal
from tests.support.corpus.records import OTHERS, PROPOSAL, fill, rows
from tests.support.permission_matrix.objects import VISITORS, PolicyObject
from tests.support.permission_matrix.populated_portal import request_time
from tests.support.permission_matrix.requests import Rule

BARE = ("/health",)  # no page


def allowed(portal: Portal, rule: Rule, obj: PolicyObject, state: str) -> list[str]:
    """One person of each role who may open the page."""
    found = {}
    for name, roles in VISITORS.items():
        said = policy_table.expected(rule.action, roles, obj.relations(name, state), state)
        if said is Verdict.ALLOW and state not in obj.missing_in:
            found.setdefault(roles, name)
    return list(found.values())


def open_all(portal: Portal, loaders: str, state_of: dict[str, str]) -> tuple[list[str], str]:
    """Open every page of the loaders; what is wrong with them, and all that they say."""
    wrong, said = [], []
    for rule in portal.rules:
        if rule.method != "GET" or not rule.loader.startswith(loaders) or rule.pattern in BARE:
            continue
        for obj in portal.policy_objects.get(rule.loader, [])[:1]:
            state = state_of.get(obj.kind, next(iter(obj.states)))
            for name in allowed(portal, rule, obj, state)[:2]:
                path = rule.path(obj.arguments)
                answer = portal.visitors[name].send("GET", path)
                if answer.status_code >= 500:
                    wrong.append(f"{path} as {name}: {answer.status_code}")
                try:
                    check_page(answer, leaks=False)
                    said += [text_of(answer)] if answer.status_code == 200 else []
                except AssertionError as error:
                    wrong.append(f"{path} as {name}: {str(error)[:200]}")
                answer.close()
    return wrong, "\n".join(said)


def missing(texts: set[str], said: str) -> list[str]:
    """The lines that no page shows, white space folded."""
    lines_ = {" ".join(line.split()) for text in texts for line in text.split("\n")}
    return [line for line in lines_ if line not in said]


def test_a_proposal_of_odd_texts_goes_all_the_way(
    portal: Portal,
) -> None:
    (obj,) = portal.policy_objects["proposals.access.load_proposal"]
    key = obj.arguments["key"]
    with request_time():
        portal.enter(obj, "draft")
        written = fill(portal, PROPOSAL)
        applicant, partner = (portal.visitors[who] for who in ("applicant", "partner"))
        joint = f"/proposals/{key}/joint"
        agree = portal.node("partner", joint, f"{joint}/confirm")
        answer = {**dict(agree.form_values()), "opinion": "同意联合申报。"}
        assert partner.send("POST", f"{joint}/confirm", answer).status_code == 303
        page = f"/proposals/{key}/submit"
        form = portal.node("applicant", page, page)
        sent = applicant.send("POST", page, {**dict(form.form_values()), "pledge": "1"})
        assert sent.status_code == 303, text_of(sent)[:600]
        wrong, said = open_all(portal, ("proposals.", "calls."), {"proposal": "submitted"})
        assert wrong == []
        columns = "background, mode, plan, risks, title, place, unit_opinion"
        (row,) = rows(portal, f"SELECT {columns} FROM proposal WHERE key = '{key}'")
        assert set(row) <= written
        assert missing(set(row), said) == []
        with portal.app.app_context():
            run_due()
        papers = rows(portal, "SELECT kind, status, failure FROM paper")
        assert papers and [paper for paper in papers if paper[1] != "ready"] == []


def test_records_full_of_odd_texts_break_no_page(portal: Portal) -> None:
    with request_time():
        portal.snapshots.restore("populated")
        ((sheet,),) = rows(
            portal, f"SELECT status FROM score_sheet WHERE key = '{portal.populated.sheet}'"
        )
        written = fill(portal, OTHERS)
        states = {"project": "running", "call": "announced", "proposal": "approved"}
        wrong, said = open_all(portal, "", {**states, "sheet": sheet})
        assert wrong == []
        shown = {text for text in written if " ".join(text.split()) in said}
        assert len(shown) > len(written) / 2

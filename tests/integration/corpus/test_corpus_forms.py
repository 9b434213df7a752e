"""Whatever is typed into whatever form is refused with a sentence or stored as it was typed, and a
failure quotes none of it in the log."""

from __future__ import annotations

import pytest

from tests.support.corpus.cases import CASES, Case
from tests.support.corpus.forms import FormPage
from tests.support.corpus.fuzz import SHAPED, Fuzz, figures, odd, run
from tests.support.corpus.portal import Portal
from tests.support.log_probe import quoting_failures
from tests.support.permission_matrix.populated_portal import request_time

# Every case that is refused goes into one control or another of these, and every case that is
# taken into each: a text kept with its earlier versions, one of the proposal, one of a check. All
# others read and store texts by the same code; each control gets some, others than the next one.
WHOLE = {
    "calls.save/published": "notice_text",
    "proposals.save/draft": "background",
    "checks.record/submitted": "reason",
}
# What is typed belongs to another button of the form, or is kept unfinished as it was typed.
NOT_READ = {
    *("indicators.approve", "indicators.confirm", "indicators.confirm_narrative"),
    *("proposals.autosave", "checks.draft"),
}
# A secret that nobody guesses.
SECRET = {
    *("identity.do_sign_in", "identity.do_activate"),
    *("indicators.reopen_month", "proposals.enter_late"),
}
# A month before the project's start takes nothing.
BEFORE_THE_START = "/indicators/text/2022-06"
# How many different forms with texts there are at least.
FORMS = {
    "calls": 6,
    "proposals": 7,
    "checks": 3,
    "reviews": 5,
    "decisions": 4,
    "portfolio": 8,
    "indicators": 7,
    "scenarios": 5,
    "people": 2,
    "units": 2,
    "identity": 1,
    "letters": 2,
    "reports": 1,
}


def is_whole(form: FormPage) -> bool:
    name = WHOLE.get(f"{form.rule.endpoint}/{form.state}")
    return name in {control.name for control in form.free}


@pytest.mark.parametrize("feature", FORMS)
def test_every_form_stores_its_input_or_explains_why_not(portal: Portal, feature: str) -> None:
    faults, found, idle = [], 0, []
    with request_time():
        for form in portal.forms(f"{feature}."):
            found += bool(form.free)
            fuzz = Fuzz(portal, form)
            if form.rule.endpoint not in NOT_READ:
                run(fuzz, whole=is_whole(form))
                takes = form.rule.endpoint not in SECRET and BEFORE_THE_START not in form.name
                if form.free and not fuzz.taken and takes:
                    idle.append(form.name)
            shaped = [c.name for c in form.controls if c.figure or c.name in SHAPED]
            cases = figures(form.rule.endpoint)[0 if shaped else -1 :]
            odd(fuzz, shaped or [c.name for c in form.controls], cases)
            faults += fuzz.faults
            portal.snapshots.restore("state")
            faults += quoting_failures(portal, form)
    assert (faults, idle) == ([], [])
    assert found >= FORMS[feature]


def test_texts_of_any_length_get_an_answer(portal: Portal) -> None:
    huge = [case for case in CASES if case.family == "long"]
    with request_time():
        for feature in ("proposals.", "checks.", "reports."):
            form = next(iter(portal.forms(feature)))
            for control in form.free[:2]:
                for case in huge:
                    answer = portal.post(form, {control.name: case})
                    if control.takes(case):  # with its line ends as blanks it is short
                        assert answer.status_code in (303, 422), (form.name, case.id)
                    else:
                        fits = len(case.as_sent()) < 1 << 20
                        answers = (422,) if fits else (413, 422)
                        assert answer.status_code in answers, (form.name, case.id)
                        assert "请" in answer.text
                    if portal.changed():
                        portal.snapshots.restore("state")


def test_undecodable_bytes_are_refused(
    portal: Portal,
) -> None:
    sent = Case("", "", "a text of another encoding", raw="邮银".encode("gbk"))
    with request_time():
        form = next(iter(portal.forms("units.create")))
        answer = portal.post(form, {"name": sent})
        assert answer.status_code == 422
        assert "的是无法识别的字符" in answer.text
        assert not portal.changed()

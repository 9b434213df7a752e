"""Sends the corpus through one form and says what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any
from zlib import crc32

from lxml import html as lxml_html
from werkzeug.test import TestResponse

from tests.support.client import check_page
from tests.support.corpus.cases import CASES, HUGE, Case, at_limit, families, sample
from tests.support.corpus.forms import Control, FormPage, in_json, stored_form
from tests.support.corpus.portal import Portal

# One text of each family or two, and those of which a control gets some.
SAMPLED = sample(40)
# Texts with a shape of their own: they may refuse what another field of text takes.
SHAPED = frozenset({"leader_phone", "sign_in_name", "phone"})
# Said with each change and kept in its record: blank when the page is opened again.
SAID_ONCE = frozenset({"summary"})
# Where none is typed, the unit of the member's account is shown.
UNIT_OF_A_MEMBER = re.compile(r"people-\d+-unit")
# The largest and smallest that a control for numbers or days reads.
AT_AN_END = frozenset({"-1", "999999999999999999", "9999-12-31", "9999-12-31 23:59", "1900-01-01"})
SENTENCE = re.compile(r"[\u4e00-\u9fff].*[。]")
Batch = Mapping[str, Case]


# A control that reads texts as all do shows with these that it does so.
FEW = 3
# Refused by each control that refuses it at all: nothing but blanks.
BASIC = frozenset({"blank"})


@cache
def packed(limit: int, *, multiline: bool = True) -> tuple[Case, ...]:
    """Every case that a field takes, as many in one text as `limit` characters hold."""
    packs: list[Case] = []
    pack: list[Case] = []
    joint = "\n" if multiline else " "
    for case in CASES:
        text = stored_form(case, multiline=multiline)
        if case.refused or not text or len(text) > limit:
            continue
        if len(_joined(pack, joint)) + len(joint) + len(text) > limit:
            packs.append(_pack(pack, joint))
            pack = []
        pack.append(case)
    return (*packs, _pack(pack, joint))


def _joined(cases: Sequence[Case], joint: str) -> str:
    return joint.join(stored_form(case, multiline=joint == "\n") for case in cases)


def _pack(cases: Sequence[Case], joint: str) -> Case:
    return Case(" ".join(case.id for case in cases), _joined(cases, joint), "many cases in one")


def some(cases: Sequence[Case], many: int, of: str) -> list[Case]:
    """`many` of the cases from all over them: the same ones every time, others for another name."""
    step, first = max(len(cases) // many, 1), crc32(of.encode())
    return [cases[(first + step * turn) % len(cases)] for turn in range(min(many, len(cases)))]


def _edges(control: Control) -> tuple[Case, ...]:
    return at_limit(control.limit) if control.limit else ()


def taken_by(control: Control, of: str, *, whole: bool, few: int = FEW) -> list[Case]:
    """The lengths up to the limit, texts that stand alone, and packs of all that there are.

    Every field of text reads what is typed by the same rules, which the tests of the validators
    ask about every case; here a field shows that it uses them and that all is stored. `whole`:
    every pack, else some of them."""
    alone = [case for case in SAMPLED if len(case.text) < HUGE and control.takes(case)]
    default = 2000 if control.multiline else 50
    packs = packed(control.limit or default, multiline=control.multiline)
    chosen = [*some(alone, few, of), *(packs if whole else some(packs, FEW, of))]
    return [case for case in (*_edges(control), *chosen) if control.takes(case)]


def refused_by(control: Control, of: str) -> list[Case]:
    """The length over the limit, what is refused for its shape, and some refused characters."""
    characters = [case for case in SAMPLED if case.refused]
    shapes = [case for case in SAMPLED if case.family in BASIC]
    chosen = (*_edges(control), *shapes, *some(characters, FEW, of))
    return [case for case in chosen if not control.takes(case)]


def batches(
    form: FormPage, *, whole: bool, taken: bool, few: int = FEW
) -> Iterator[dict[str, Case]]:
    """Posts that give every control of free text each of its cases once, many controls at a time,
    each control another case. `taken`: those that the field takes, else those that it refuses;
    `whole`: every case that is refused goes into one control or another, too."""
    queues: dict[str, list[Case]] = {}
    texts = [c for c in form.free if not (taken and c.name in SHAPED)]
    for place, control in enumerate(texts):
        of = f"{form.rule.endpoint} {control.name}"
        cases = taken_by(control, of, whole=whole, few=few) if taken else refused_by(control, of)
        if whole and not taken:
            cases += _refused_everywhere(control)[place :: len(texts)]
        shift = 7 * place % max(len(cases), 1)
        if cases:
            queues[control.name] = cases[shift:] + cases[:shift]
    for turn in range(max(map(len, queues.values()), default=0)):
        yield {name: queue[turn % len(queue)] for name, queue in queues.items()}


def _refused_everywhere(control: Control) -> list[Case]:
    return [case for case in CASES if len(case.text) < HUGE and not control.takes(case)]


class Fuzz:
    """The faults found in one form, in words."""

    def __init__(self, portal: Portal, form: FormPage) -> None:
        self.portal, self.form = portal, form
        self.faults: list[str] = []
        self.sent = self.taken = self.refused = 0
        self.controls = {control.name: control for control in form.controls}

    def fault(self, words: str, batch: Batch, name: str = "") -> None:
        cases = {name: batch[name]} if name else batch
        shown = ", ".join(f"{key}={case.id}" for key, case in islice(cases.items(), 4))
        self.faults.append(f"{self.form.name}: {words} [{shown}]")

    def send(self, batch: Batch) -> TestResponse:
        """Send a batch; whatever it did is taken back before the next one."""
        answer = self.portal.post(self.form, batch)
        self.sent += 1
        if answer.status_code >= 500:
            self.fault(f"answer {answer.status_code}", batch)
        if self.sent % 40 == 1:
            self._valid(answer, batch)
        return answer

    def back(self) -> None:
        """Restore the state that the form was found in."""
        if self.portal.changed():
            self.portal.snapshots.restore("state")

    def _valid(self, answer: TestResponse, batch: Batch) -> None:
        try:
            check_page(answer, leaks=False)
        except AssertionError as error:
            self.fault(f"page: {error}", batch)

    # -- what must be refused ------------------------------------------------------------------

    def refuse(self, batch: Batch) -> None:
        """Every control of the batch is pointed at, with a sentence."""
        answer = self.send(batch)
        if answer.status_code != 422:
            self.fault(f"answer {answer.status_code} instead of 422", batch)
            self.back()
            return
        root = lxml_html.fromstring(answer.text)
        for name in batch:
            if not any(SENTENCE.search(text) for text in _errors(root, name)):
                self.fault("no sentence beside the field", batch, name)
        self.refused += len(batch)
        self.back()

    # -- what must be taken --------------------------------------------------------------------

    def take(self, batch: Batch) -> None:
        """What was typed is stored in its stored form, and stands there when the page is opened
        again; where another rule stands against it, the page keeps it in the control."""
        answer = self.send(batch)
        if answer.status_code in (200, 303):
            self._stored(batch, self.portal.texts())
            self._shown_again(batch)
            self.taken += len(batch)
        elif answer.status_code == 422:
            self._kept(batch, lxml_html.fromstring(answer.text))
        else:
            self.fault(f"answer {answer.status_code} for what may be typed", batch)
        self.back()

    def _stored(self, batch: Batch, cells: set[str]) -> None:
        for name, case in batch.items():
            text = stored_form(case, multiline=self._is_multiline(name))
            if text and text not in cells and not in_json(text, cells):
                self.fault("not stored as typed", batch, name)

    def _shown_again(self, batch: Batch) -> None:
        if not self.form.edits:
            return
        node = self.portal.node(self.form.visitor, self.form.page, self.form.path)
        if node is not None:
            kept = {name: case for name, case in batch.items() if not self._is_replaced(name, case)}
            self._compare(kept, node, "another text when the page is opened again")

    def _is_replaced(self, name: str, case: Case) -> bool:
        blank = not stored_form(case, multiline=self._is_multiline(name))
        return name in SAID_ONCE or bool(blank and UNIT_OF_A_MEMBER.fullmatch(name))

    def _kept(self, batch: Batch, root: Any) -> None:
        for name in batch:
            ours = [text for text in _errors(root, name) if "字符" in text or "最多" in text]
            if ours:
                self.fault(f"refused: {ours[0][:60]}", batch, name)
        self._compare(batch, root, "what was typed is lost on the page with the complaint")

    def _compare(self, batch: Batch, root: Any, words: str) -> None:
        for name, case in batch.items():
            found = root.xpath(".//*[@name=$name]", name=name)
            expected = stored_form(case, multiline=self._is_multiline(name))
            if not found or value_of(found[0]) != expected:
                self.fault(words, batch, name)

    def _is_multiline(self, name: str) -> bool:
        return next((control.multiline for control in self.form.free if control.name == name), True)


def value_of(node: Any) -> str:
    """What stands in a control, as it would be stored."""
    text = node.text_content() if node.tag == "textarea" else node.get("value") or ""
    return stored_form(Case("", text, ""))


def _errors(root: Any, name: str) -> list[str]:
    """The sentences beside a control."""
    found = []
    for node in root.xpath("//*[@name=$name]", name=name):
        for ref in (node.get("aria-describedby") or "").split():
            found += root.xpath("//*[@id=$ref]", ref=ref) if ref.endswith("-error") else []
    return [" ".join(node.text_content().split()) for node in found]


def run(fuzz: Fuzz, *, whole: bool) -> None:
    """Send all batches of a form; `whole`: the whole corpus."""
    for batch in batches(fuzz.form, whole=whole, taken=False):
        fuzz.refuse(batch)
    for batch in batches(fuzz.form, whole=whole, taken=True):
        fuzz.take(batch)
    if not fuzz.taken:  # other rules refused them all: of more texts they let some pass
        for batch in batches(fuzz.form, whole=whole, taken=True, few=len(SAMPLED)):
            fuzz.take(batch)


def figures(of: str) -> list[Case]:
    """Numbers and days that are read and lie at an end of what is, and some that are not read."""
    known = families()
    lead = [cases[0] for name, cases in known.items() if name not in ("number", "date", "long")]
    read = [case for case in (*known["number"], *known["date"]) if case.text in AT_AN_END]
    return [*read, *some([*known["number"], *known["date"], *lead], FEW, of)]


def odd(fuzz: Fuzz, names: Sequence[str], cases: Sequence[Case]) -> None:
    """Send cases into controls that read numbers, dates or texts of a shape of their own: taken,
    or refused with a sentence beside one of them."""
    for case in cases:
        batch = dict.fromkeys(names, case)
        answer = fuzz.send(batch)
        if answer.status_code == 422:
            root = lxml_html.fromstring(answer.text)
            said = " ".join(text for name in names for text in _errors(root, name))
            said += " ".join(root.xpath("//*[contains(@class, 'error-summary')]//text()"))
            if not SENTENCE.search(" ".join(said.split())):
                fuzz.fault("no sentence", batch)
        elif answer.status_code not in (200, 303):
            fuzz.fault(f"answer {answer.status_code}", batch)
        fuzz.back()

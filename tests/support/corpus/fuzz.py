"""Sends the corpus through one form and says what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from lxml import html as lxml_html
from werkzeug.test import TestResponse

from tests.support.client import check_page
from tests.support.corpus.cases import CASES, HUGE, Case, at_limit, sample
from tests.support.corpus.forms import Control, FormPage, in_json, stored_form
from tests.support.corpus.portal import Portal

LARGEST_FORM = 2 << 20
SAMPLED = frozenset(sample(40))
# Texts with a shape of their own: they may refuse what another field of text takes.
SHAPED = frozenset({"leader_phone", "sign_in_name", "phone"})
# Said with each change and kept in its record: blank when the page is opened again.
SAID_ONCE = frozenset({"summary"})
SENTENCE = re.compile(r"[\u4e00-\u9fff].*[。]")
Batch = Mapping[str, Case]


def packed(limit: int) -> Iterator[Case]:
    """Every case that several lines take, as many in one text as `limit` characters hold."""
    pack, names = "", ""
    for case in CASES:
        text = stored_form(case)
        if case.refused or not text or len(text) > limit:
            continue
        if len(pack) + len(text) >= limit:
            yield Case(names, pack, "many cases in one text")
            pack, names = "", ""
        pack, names = f"{pack}\n{text}", f"{names} {case.id}"
    yield Case(names, pack, "many cases in one text")


def cases_for(control: Control, size: int | None, *, taken: bool) -> list[Case]:
    """What to send: a sample, the lengths around the limit, and for texts of several lines every
    case, packed; `size` None: every case that is refused."""
    chosen = list(CASES) if size is None and not taken else sample(size or 40)
    if taken and control.multiline:
        chosen = [*packed(control.limit or 2000), *chosen[::4]]
    edges = at_limit(control.limit) if control.limit else ()
    return [*edges, *(case for case in chosen if len(case.text) < HUGE)]


def batches(form: FormPage, size: int | None, *, taken: bool) -> Iterator[dict[str, Case]]:
    """Posts that give every control of free text each of its cases once, many controls at a time,
    each control another case. `taken`: those that the field takes, else those that it refuses;
    `size` None: a sample goes into each control, each of the rest into one of them."""
    queues: dict[str, list[Case]] = {}
    texts = [c for c in form.free if not (taken and c.name in SHAPED)]
    for place, control in enumerate(texts):
        fitting = [
            case for case in cases_for(control, size, taken=taken) if control.takes(case) is taken
        ]
        if size is None and not taken:
            fitting = [*_own(fitting), *_shared(fitting)[place :: len(texts)]]
        shift = 7 * place % max(len(fitting), 1)
        if fitting:
            queues[control.name] = fitting[shift:] + fitting[:shift]
    for turn in range(max(map(len, queues.values()), default=0)):
        yield {name: queue[turn % len(queue)] for name, queue in queues.items()}


def _own(cases: list[Case]) -> list[Case]:
    """The lengths around a control's limit, and a sample: every control gets them."""
    return [case for case in cases if case.family == "limit" or case in SAMPLED]


def _shared(cases: list[Case]) -> list[Case]:
    return [case for case in cases if case.family != "limit" and case not in SAMPLED]


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
            text = stored_form(case)
            if text and text not in cells and not in_json(text, cells):
                self.fault("not stored as typed", batch, name)

    def _shown_again(self, batch: Batch) -> None:
        node = self.portal.node(self.form.visitor, self.form.page, self.form.path)
        if node is not None and self.form.edits:
            kept = {name: case for name, case in batch.items() if name not in SAID_ONCE}
            self._compare(kept, node, "another text when the page is opened again")

    def _kept(self, batch: Batch, root: Any) -> None:
        for name in batch:
            ours = [text for text in _errors(root, name) if "字符" in text or "最多" in text]
            if ours:
                self.fault(f"refused: {ours[0][:60]}", batch, name)
        self._compare(batch, root, "what was typed is lost on the page with the complaint")

    def _compare(self, batch: Batch, root: Any, words: str) -> None:
        for name, case in batch.items():
            found = root.xpath(".//*[@name=$name]", name=name)
            if not found or value_of(found[0]) != stored_form(case):
                self.fault(words, batch, name)


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


def run(fuzz: Fuzz, size: int | None) -> None:
    """Send all batches of a form; `size` bounds the sample of the corpus."""
    for batch in batches(fuzz.form, size, taken=False):
        fuzz.refuse(batch)
    for batch in batches(fuzz.form, size, taken=True):
        fuzz.take(batch)


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

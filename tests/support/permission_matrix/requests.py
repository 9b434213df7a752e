"""Sending a real request as each person, and filling in a form as the page offers it."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask
from lxml import html as lxml_html
from werkzeug.test import TestResponse

from lab.proposals.rules.screening.checklist import ITEMS, OK
from lab.web.request.checks import action_of
from lab.workdays.rules import DayEntry, entries_fingerprint
from tests.support.builders import files as builders_files
from tests.support.cast import PASSWORD
from tests.support.client import PageClient
from tests.support.permission_matrix.objects import VISITORS, PolicyObject
from tests.support.permission_matrix.populated_portal import (
    ADDRESS_TOKEN,
    LATE_CODE,
    PASSWORD_TOKEN,
    SLIP_CODE,
    PopulatedPortal,
)

ORIGIN = {"Origin": "http://localhost"}
MISSING_KEY = "zzzzzzzzzzzz"
NOT_NOW = "当前状态下不能办理此事项"
WORDS = "按会议要求办理，情况属实，理由充分，材料齐备，请予支持。"
# What the pages leave open and a person would fill in.
AVOIDED = ("name", "unit", "reason")
FIRST = "Chushi-2022-mima"
TYPED: dict[str, dict[str, Any]] = {
    "identity.do_sign_in": {"name": "office", "password": PASSWORD},
    "identity.change_password": {
        "password": PASSWORD,
        "new_password": FIRST,
        "repeat_password": FIRST,
    },
    "identity.choose_password": {
        "t": PASSWORD_TOKEN,
        "new_password": FIRST,
        "repeat_password": FIRST,
    },
    "identity.confirm_address": {"t": ADDRESS_TOKEN},
    "identity.ask_link": {"typed": "stranger"},
    "identity.do_activate": {
        "name": "starter",
        "code": SLIP_CODE,
        "new_password": FIRST,
        "repeat_password": FIRST,
    },
    "role_requests.decide": {"password": PASSWORD, "decision": "grant"},
    "people.create": {
        "name": "新人甲",
        "sign_in_name": "newcomer",
    },
    "people.reset_password": {"new_password": FIRST, "repeat_password": FIRST},
    "accounts.send_admin": {"sign_in_name": "newadmin", "name": "新管理员"},
    "releases.agree": {"password": PASSWORD},
    "editing.save_draft": {
        "form_path": "/account/password",
        "tab": "a1b2c3d4e5f6:1",
        "values": "[]",
    },
    "calls.save": {"notice_text": "## 补充\n请附**意向书**。"},
    "calls.extend": {"closes_at": "2022-12-20 12:00", "reason": WORDS},
    "proposals.enter_late": {"code": LATE_CODE},
    "proposals.save_files": {f"avoided-{n}-{name}": "" for n in (0, 1) for name in AVOIDED},
    "proposals.submit": {"pledge": "1"},
    "proposals.attach": {"upload_key": "abcdefgh00000001"},
    "proposals.decide": {"outcome": "refuse"},
    "checks.record": {
        **{item.code: OK for item in ITEMS},
        **{"outcome": "returned", "reason": WORDS, "open_risks": "step-risks"},
    },
    "checks.refuse_overdue": {"confirmed": "1"},
    "checks.correct_avoided": {"avoid_1": "0"},  # whom the office found is not meant
    "reviews.do_recuse": {"kind": "kinship"},
    "workdays.create": {"day": "2031-10-07", "working": "off"},
    "workdays.import_year": {
        "act": "import",
        "pasted": "2031-10-06，放假，国庆节",
        "source": WORDS,
        "shown_entries": entries_fingerprint([DayEntry(date(2031, 10, 6), False, "国庆节")], WORDS),
    },
    "decisions.do_publish": {"password": PASSWORD},
    "decisions.send_back": {"note": WORDS},
    "indicators.return_entries": {"reason": WORDS},
    "indicators.do_correct": {"value": "120"},
    "indicators.reopen_month": {"reason": WORDS, "password": PASSWORD},
    "indicators.return_narrative": {"reason": WORDS},
    "indicators.submit_month": {
        f"{part}-{code}": value
        for code in ("K01", "K06")
        for part, value in (("note", WORDS), ("confirm", "1"), ("ok", "1"))
    },
}
CHOSEN = ("handover.carry_out",)  # one of the lists of which none has to be
UPLOADS = {
    "calls.add_files": ("files", "附件.pdf"),
    "imports.create": ("files", "来件.xlsx"),
    "people_imports.create": ("files", "名单.xlsx"),
    "proposals.attach": ("file", "附件.pdf"),
    "proposals.replace": ("files", "附件.pdf"),
}


@dataclass(frozen=True)
class Rule:
    """One address pattern with one method."""

    pattern: str
    method: str
    endpoint: str
    action: str
    loader: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.pattern}"

    def is_undone(self, done: Collection[str]) -> bool:
        """Whether this is a write that no test has carried out yet."""
        return self.method != "GET" and self.name not in done

    def path(self, arguments: Mapping[str, str]) -> str:
        """Return the address of an object."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: arguments[found[1]], self.pattern)


def rules(app: Flask) -> list[Rule]:
    """Every rule and method of the app but the static files."""
    return sorted(
        (
            _rule(app, rule, method)
            for rule in app.url_map.iter_rules()
            for method in rule.methods - {"HEAD", "OPTIONS"}
            if rule.endpoint != "static"
        ),
        key=lambda rule: (rule.pattern, rule.method),
    )


def _rule(app: Flask, rule: Any, method: str) -> Rule:
    view = app.view_functions[rule.endpoint]
    load = getattr(view, "lab_loader", None)
    name = f"{load.__module__.removeprefix('lab.')}.{load.__name__}" if load else ""
    return Rule(rule.rule, method, rule.endpoint, action_of(app, rule.endpoint) or "", name)


@dataclass
class Visitor:
    """One person of the matrix with a browser and a valid token for posts."""

    name: str
    client: PageClient
    token: str = ""
    cookie: str = ""

    def remember(self) -> None:
        """Keep the cookie as it is now; every request is sent with it again."""
        self.token = self.client.token()
        found = self.client.http.get_cookie("lab")
        self.cookie = found.value if found else ""

    def send(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        if self.cookie:
            self.client.http.set_cookie("lab", self.cookie)
        if method == "GET":
            return self.client.http.get(path)
        body = {"csrf_token": self.token, **(data or {})}
        return self.client.http.open(path, method=method, data=body, headers=ORIGIN)


@dataclass
class Visitors:
    """The visitors of a portal, each with a session of its own."""

    app: Flask
    portal: PopulatedPortal
    by_name: dict[str, Visitor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Visitor:
        return self.by_name[name]

    def sign_in(self) -> None:
        """Give everybody a session and a token; call it before a snapshot is saved."""
        plain = PageClient(self.app)
        for name in VISITORS:
            client = plain if name == "anonymous" else plain.as_(self.portal.people[name])
            self.by_name[name] = Visitor(name, client)
            self.by_name[name].remember()


# The forms that each person finds on a page, as long as nothing in the portal changes.
FormsByPage = dict[tuple[str, str], list[Any]]


def offered(
    visitor: Visitor, rule: Rule, obj: PolicyObject, path: str, forms: FormsByPage
) -> dict[str, Any]:
    """What a browser would send: the form that a page offers for this address, filled in."""
    values: dict[str, Any] = {}
    for page in dict.fromkeys((path, *obj.pages)):
        if (form := _form(visitor, page, path, forms)) is not None:
            values = _filled(form) | (_chosen(form) if rule.endpoint in CHOSEN else {})
            break
    if rule.endpoint in UPLOADS:
        field, name = UPLOADS[rule.endpoint]
        workbook = name.endswith(".xlsx")
        content = builders_files.office() if workbook else builders_files.pdf("附件")
        values[field] = (io.BytesIO(content), name)
    return {**values, **TYPED.get(rule.endpoint, {})}


def _form(visitor: Visitor, page: str, path: str, forms: FormsByPage) -> Any:
    if (visitor.name, page) not in forms:
        forms[visitor.name, page] = _forms(visitor.send("GET", page))
    fitting = [form for form in forms[visitor.name, page] if path in _targets(form, page)]
    return fitting[0] if fitting else None


def _forms(answer: TestResponse) -> list[Any]:
    if answer.status_code != 200 or not answer.text.lstrip().startswith("<!"):
        return []
    root = lxml_html.fromstring(answer.text)
    return [form for form in root.xpath("//main//form") if form.method.upper() == "POST"]


def _targets(form: Any, page: str) -> set[str]:
    """Where the form may be sent: its own action, those of its buttons, and by scripts."""
    actions = {form.get("action") or page, *form.xpath(".//button/@formaction")}
    return {action.split("?")[0] for action in {*actions, *form.xpath("./@data-autosave")}}


def _filled(form: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for template in form.xpath(".//template"):  # a browser sends nothing of them
        template.drop_tree()
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    for control in _controls(form):
        name = control.get("name")
        blank = not any(value.strip() for value in values.get(name, ()))
        if blank and control.get("aria-required") == "true":
            values[name] = [_typed(control)]
    values.pop("csrf_token", None)
    return values


def _chosen(form: Any) -> dict[str, Any]:
    """The first list of which nothing has to be chosen, with a choice."""
    return {select.get("name"): [_typed(select)] for select in form.xpath("(.//select)[1]")}


def _controls(form: Any) -> Iterator[Any]:
    for control in form.xpath(".//input|.//select|.//textarea"):
        kind = control.get("type", "text")
        if control.get("name") and kind not in ("hidden", "submit", "button", "file"):
            yield control


def _typed(control: Any) -> str:
    if control.tag == "select":
        options = [o.get("value") for o in control.xpath(".//option") if o.get("value")]
        return options[0] if options else ""
    kind = control.get("type", "text")
    if kind in ("radio", "checkbox"):
        return str(control.get("value") or "on")
    if kind == "date" or "date" in (control.get("class") or ""):
        return "2022-10-01"
    if kind == "number" or control.get("inputmode") in ("numeric", "decimal"):
        return "1"
    return WORDS


CHANGING = re.compile(r"<code>[0-9A-F]{8}</code>|nonce=\"[\w-]+\"")


def fingerprint(answer: TestResponse) -> tuple[Any, ...]:
    """An answer without what differs each time: event number and nonce."""
    headers = {
        name: re.sub(r"'nonce-[\w-]+'", "'nonce'", value)
        for name, value in answer.headers.items()
        if name not in ("Content-Length", "Date", "Set-Cookie")
    }
    return (answer.status_code, CHANGING.sub("", answer.text), tuple(sorted(headers.items())))

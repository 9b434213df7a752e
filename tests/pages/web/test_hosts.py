"""`Host` is believed nowhere: names that are not the portal's are refused before anything reads
them, and every whole address comes from the settings."""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from lab.extensions import db
from lab.factory import create_app
from lab.filesystem import ROOT
from lab.web.request.hosts import allowed_hosts, netloc_of
from tests.conftest import settings_for
from tests.support.builders import calls as build_calls
from tests.support.builders import proposals as build
from tests.support.cast import Cast
from tests.support.client import PageClient, check_page, text_of
from tests.support.databases.app_pool import close

PORTAL = {
    "LAB_MODE": "production",
    "LAB_BASE_URL": "https://portal.lab.test:8443",
    "LAB_ALLOWED_HOSTS": "lab, 10.0.0.7",
}
STRANGE = (
    *(
        "evil.example",
        "localhost.evil.example",
        "evil.example:8000",
        "portal.lab.test.evil.example",
    ),
    *("evil@localhost", "localhost:80:80", "localhost/..", "local host", "[::1", "", "0.0.0.0"),
    *("203.0.113.9", "::1", "224.0.0.1"),
)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Flask]:
    """A portal in production mode behind one proxy."""
    folder = tmp_path_factory.mktemp("production")
    shutil.copy(sqlite_template / "lab.db", folder / "lab.db")
    app = create_app(settings_for(folder, LAB_TRUSTED_PROXIES="1", **PORTAL))
    yield app
    close(app)


def ask(app: Flask, host: str, path: str = "/sign-in", peer: str = "127.0.0.1") -> Any:
    return app.test_client().get(path, headers={"Host": host}, environ_base={"REMOTE_ADDR": peer})


def signed_in(person: PageClient) -> tuple[FlaskClient, dict[str, str]]:
    """A client that sends whatever it is told, and the cookie to tell it."""
    cookie = person.http.get_cookie("lab")
    assert cookie
    return person.app.test_client(use_cookies=False), {"Cookie": f"lab={cookie.value}"}


@pytest.mark.parametrize("host", STRANGE)
def test_another_host_name_is_refused(app: Flask, host: str) -> None:
    answer = ask(app, host)
    assert answer.status_code == 421
    check_page(answer)
    assert "网址不对" in text_of(answer)
    assert "事件编号" in text_of(answer)
    assert not host or host not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "localhost.", "127.0.0.1:8000", "[::1]:8000"]
)
def test_the_demonstration_answers_this_machine(app: Flask, host: str) -> None:
    assert ask(app, host).status_code == 200


def test_a_demonstration_answers_to_local_names(app: Flask) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; tells the address that would be used
        address = probe.getsockname()[0]
    for host in (socket.gethostname(), f"{address}:8000", "127.0.0.53"):
        assert ask(app, host).status_code == 200, host


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("portal.lab.test:8443", 200),
        ("Portal.Lab.Test", 200),
        ("lab", 200),
        ("10.0.0.7", 200),
        ("localhost", 421),
        ("127.0.0.1:8000", 421),
        (socket.gethostname(), 421),
    ],
)
def test_in_production_only_the_names_of_the_settings_count(
    real: Flask, host: str, status: int
) -> None:
    answer = ask(real, host)
    assert answer.status_code == status
    assert status == 200 or "https://portal.lab.test:8443" in text_of(answer)


def test_health_answers_this_machine_under_any_name(real: Flask) -> None:
    for host in ("evil.example", "", "127.0.0.1:8000"):
        assert ask(real, host, "/health").is_json
    assert ask(real, "evil.example", "/health", "10.0.0.9").status_code == 421
    assert ask(real, "lab", "/health", "10.0.0.9").is_json


def test_nothing_is_looked_up_or_changed_under_another_name(app: Flask, cast: Cast) -> None:
    person = PageClient(app).as_(cast.applicant)
    token = {"csrf_token": person.token()}
    bare, cookie = signed_in(person)
    strange = {**cookie, "Host": "evil.example"}
    for path in ("/", "/no/such/page", "/static/css/base.css"):
        assert bare.get(path, headers=strange).status_code == 421
    assert bare.post("/sign-out", data=token, headers=strange).status_code == 421
    person.get("/inbox")
    assert bare.post("/sign-out", data=token, headers=cookie).status_code == 303


def test_the_receipt_carries_the_address_of_the_settings(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        key = build.filled_draft(cast, build_calls.open_call(cast)).key
        db.session.rollback()
    applicant = client.as_(cast.applicant)
    page = applicant.get(f"/proposals/{key}/submit")
    form = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert form
    data = {"csrf_token": applicant.token(), "pledge": "1", "version": form[1]}
    lie = {"Host": "127.0.0.53:9999", "X-Forwarded-Host": "evil.example"}
    bare, cookie = signed_in(applicant)
    sent = bare.post(f"/proposals/{key}/submit", data=data, headers={**cookie, **lie})
    assert sent.status_code == 303, text_of(sent)
    assert sent.headers["Location"].startswith("/")
    with app.app_context():
        snapshots = (
            db.session.execute(text("SELECT snapshot FROM paper ORDER BY id")).scalars().all()
        )
    addresses = [json.loads(snapshot)["origin"].get("verify_url") for snapshot in snapshots]
    assert [url and url.partition("/reports")[0] for url in addresses] == [
        *("http://127.0.0.1:8000", "http://127.0.0.1:8000", None)
    ]


def test_a_proxy_cannot_bring_in_another_name(real: Flask) -> None:
    forwarded = {"X-Forwarded-For": "10.0.0.9", "X-Forwarded-Host": "lab"}
    for host, more, status in (
        ("lab", {"X-Forwarded-Host": "evil.example"}, 200),
        ("evil.example", forwarded, 421),
        ("evil.example", {"X-Forwarded-For": "127.0.0.1"}, 421),
    ):
        answer = real.test_client().get("/sign-in", headers={"Host": host, **more})
        assert answer.status_code == status
    through = real.test_client().get("/health", headers={"Host": "evil.example", **forwarded})
    assert through.status_code == 421


def test_a_redirect_stays_on_the_name_that_was_asked(real: Flask) -> None:
    answer = ask(real, "lab", "/calls//new")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/calls/new")


@pytest.mark.parametrize(
    ("origin", "host", "told"),
    [
        ("https://portal.lab.test:8443", "portal.lab.test", True),
        ("https://lab", "lab", True),
        ("https://lab", "portal.lab.test", False),
        ("https://evil.example", "lab", False),
        ("http://[", "lab", False),
        ("null", "lab", False),
    ],
)
def test_only_pages_of_the_portal_learn_that_the_sign_in_expired(
    real: Flask, origin: str, host: str, told: bool
) -> None:
    headers = {"Origin": origin, "Host": host, "Accept": "application/json"}
    answer = real.test_client().post("/calls/new", headers=headers)
    assert answer.status_code == 401
    assert (answer.json["state"] == "signed_out") is told


def test_names_are_compared_as_browsers_write_them(tmp_path: Path) -> None:
    given = {**PORTAL, "LAB_BASE_URL": "https://实验室.例子"}
    hosts = allowed_hosts(settings_for(tmp_path, **given))
    assert hosts.netloc == "xn--ntsr02lcsi.xn--fsqu00a" or hosts.netloc.startswith("xn--")
    assert hosts.allow(hosts.netloc.upper())
    assert netloc_of("https://LAB:443/x") == netloc_of("https://lab") == "lab"
    assert netloc_of("http://[::1]:8000") == "[::1]:8000"
    assert netloc_of("https://lab:99999") == ""


def test_nothing_else_in_the_code_reads_the_host() -> None:
    reads = re.compile(
        r"_external\s*=\s*True|\bHTTP_HOST\b|X-Forwarded-Host"
        r"|request\.(host|host_url|url|url_root|base_url|root_url)\b"
    )
    found = [
        path.relative_to(ROOT).as_posix()
        for folder, pattern in (("lab", "*.py"), ("templates", "*.html"))
        for path in sorted((ROOT / folder).rglob(pattern))
        if reads.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["lab/web/request/hosts.py"]

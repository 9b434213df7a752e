"""Static files are sent compressed to browsers that take it, and as they are to all others."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lab.web import assets, static_files
from lab.web.request import headers

STYLE = ".notice { color: #333; }\n" * 400
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("app.css", "app.js", "plain.txt"):
        (tmp_path / name).write_text(STYLE)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    app = Flask(__name__, static_folder=str(folder), static_url_path="/static")
    for part in (headers, assets, static_files):
        part.init(app)
    app.add_url_rule("/page", "page", lambda: STYLE)
    return app.test_client()


def ask(client: FlaskClient, path: str, how: dict[str, str] | None = None) -> TestResponse:
    """The answer, its file closed."""
    return client.get(path, headers=how or {}, buffered=True)


@pytest.mark.parametrize(("name", "kind"), [("app.css", "text/css"), ("app.js", "javascript")])
def test_a_compressed_file_unzips_to_the_file(client: FlaskClient, name: str, kind: str) -> None:
    plain, small = ask(client, f"/static/{name}"), ask(client, f"/static/{name}", GZIP)
    assert small.headers["Content-Encoding"] == "gzip" and kind in small.headers["Content-Type"]
    assert int(small.headers["Content-Length"]) == len(small.data) < len(STYLE) / 10
    assert gzip.decompress(small.data).decode() == plain.text == STYLE
    assert "Content-Encoding" not in plain.headers
    for same in ("Content-Type", "Content-Disposition", "Cache-Control", "Last-Modified"):
        assert small.headers[same] == plain.headers[same], same
    assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert small.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("wanted", ["", "identity", "br", "gzip;q=0", "gzip;q=0, *"])
def test_who_does_not_take_gzip_gets_the_plain_file(client: FlaskClient, wanted: str) -> None:
    answer = ask(client, "/static/app.css", {"Accept-Encoding": wanted})
    assert "Content-Encoding" not in answer.headers and answer.text == STYLE


def test_each_kind_of_answer_is_known_again_as_itself(client: FlaskClient) -> None:
    for how, other in (({}, GZIP), (GZIP, {})):
        known = {"If-None-Match": ask(client, "/static/app.css", how).headers["ETag"]}
        again = ask(client, "/static/app.css", {**how, **known})
        assert again.status_code == 304 and not again.data
        assert again.headers["Vary"] == "Accept-Encoding"
        assert ask(client, "/static/app.css", {**other, **known}).status_code == 200


def test_a_hashed_address_is_kept_a_year_however_sent(client: FlaskClient, folder: Path) -> None:
    address = f"/static/app.css?v={assets.content_hash(folder / 'app.css')}"
    for how in ({}, GZIP):
        assert "immutable" in ask(client, address, how).headers["Cache-Control"]


def test_part_of_a_file_is_part_of_the_stored_file(client: FlaskClient) -> None:
    answer = ask(client, "/static/app.css", {**GZIP, "Range": "bytes=2-9"})
    assert answer.status_code == 206 and answer.text == STYLE[2:10]
    assert "Content-Encoding" not in answer.headers


def test_a_changed_file_is_sent_as_it_is_now(client: FlaskClient, folder: Path) -> None:
    before = ask(client, "/static/app.css", GZIP)
    (folder / "app.css").write_text("b {}")
    os.utime(folder / "app.css", (1, 1))  # seconds; older than before, as of an older release
    after = ask(client, "/static/app.css", GZIP)
    assert gzip.decompress(after.data) == b"b {}"
    assert after.headers["ETag"] != before.headers["ETag"]


def test_pages_other_kinds_and_missing_files_stay_as_they_are(client: FlaskClient) -> None:
    for path, status in (("/page", 200), ("/static/plain.txt", 200), ("/static/none.css", 404)):
        answer = ask(client, path, GZIP)
        assert answer.status_code == status and "Content-Encoding" not in answer.headers, path
    for outside in ("/static/../conftest.css", "/static/%2e%2e/app.css", "/static//etc/a.css"):
        assert ask(client, outside, GZIP).status_code in (308, 404), outside

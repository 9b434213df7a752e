"""A portal on an instance folder, served by gunicorn on a free port, and plain posts to it."""

from __future__ import annotations

import http.client
import io
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder

from lab.extensions import db
from lab.filesystem import ROOT
from tests.conftest import SECRETS
from tests.support.cast import Cast, assemble
from tests.support.client import PageClient


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PYTHON = sys.executable


@dataclass(frozen=True)
class Place:
    """Where a server of a test runs: the test's own app on the same instance, and a port."""

    app: Flask
    cast: Cast
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """What a server process needs; one web worker, so that it starts quickly."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LAB_")}
        return {
            **kept,
            **SECRETS,
            "PYTHONPATH": str(ROOT),
            "LAB_INSTANCE": self.app.config["INSTANCE"],
            "LAB_PORT": str(self.port),
            "LAB_WEB_WORKERS": "1",
            "LAB_LOG_LEVEL": "ERROR",
        }

    @property
    def database(self) -> Path:
        return Path(self.app.config["INSTANCE"]) / "lab.db"

    def release(self) -> None:
        """Close every connection of this process to the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def prepare(app: Flask) -> Place:
    """The cast stored, nobody in this process holding the database."""
    with app.app_context():
        cast = assemble()
        db.session.remove()
    place = Place(app, cast, free_port())
    place.release()
    return place


def encode_multipart(fields: dict[str, Any]) -> tuple[bytes, str]:
    """The body of a form with a file, and its type."""
    sent = EnvironBuilder(method="POST", data=fields)
    environ = sent.get_environ()
    body = environ["wsgi.input"].read()
    sent.close()
    return body, environ["CONTENT_TYPE"]


class Browser:
    """Posts of one signed-in person over one connection."""

    def __init__(self, place: Place, person_id: int) -> None:
        signed_in = PageClient(place.app).as_(person_id)
        self._token = signed_in.token()
        cookie = signed_in.http.get_cookie("lab")
        assert cookie is not None
        self._headers = {
            "Cookie": f"lab={cookie.value}",
            "Origin": f"http://127.0.0.1:{place.port}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=240)

    def post(self, path: str, values: dict[str, str]) -> tuple[int, str]:
        """Status and Location. Raises OSError or HTTPException when the server goes away."""
        body = urlencode({"csrf_token": self._token, **values})
        try:
            self._connection.request("POST", path, body, self._headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        return answer.status, answer.headers.get("Location", "")

    def get(self, path: str) -> str:
        """The body of a page. Raises OSError or HTTPException when the server goes away."""
        self._connection.request("GET", path, headers={"Cookie": self._headers["Cookie"]})
        return self._connection.getresponse().read().decode()

    def post_file(
        self, path: str, values: dict[str, str], name: str, data: bytes
    ) -> tuple[int, str]:
        """Status and body of what a page's script sends with one file, in the field `file`."""
        fields = {"csrf_token": self._token, **values}
        body, kind = encode_multipart({**fields, "file": (io.BytesIO(data), name)})
        headers = {**self._headers, "Content-Type": kind, "Accept": "application/json"}
        try:
            self._connection.request("POST", path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the connection; the next post opens another."""
        self._connection.close()

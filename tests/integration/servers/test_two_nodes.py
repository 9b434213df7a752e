"""Two machines on one shared instance folder behind nginx: either serves what the other stored.

Both run here, on loopback, with the nginx file of docs/deploy and a queue file each.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fnmatch import fnmatch
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from lab.audit.check import verify_chain
from lab.audit.rules.chain import Finding
from lab.extensions import db
from lab.factory import create_app
from lab.filesystem import ROOT
from tests.conftest import SECRETS, settings_for
from tests.support.builders import files as builders_files
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft
from tests.support.cast import PASSWORD
from tests.support.databases.app_pool import close
from tests.support.databases.postgres import Postgres
from tests.support.databases.template_database import Peopled
from tests.support.servers.forking import ForkServer
from tests.support.servers.portal_server import free_port
from tests.support.servers.worker_process import wait_until

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NO_NGINX = "nginx is not installed (bin/setup --dev installs it): two nodes were not tried"
AT_ONCE = "kind IN ('file.preview', 'paper.render')"
PATIENCE = 180  # seconds, on a machine that does much else
pytestmark = [pytest.mark.postgres, pytest.mark.skipif(NGINX is None, reason=NO_NGINX)]


class Node:
    """One machine: web server and worker, its log, its own folder for the queue."""

    def __init__(
        self, server: ForkServer, name: str, folder: Path, settings: dict[str, str]
    ) -> None:
        self.port, self.log = free_port(), folder / f"{name}.log"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("LAB_")}
        environ = {**kept, **settings, "LAB_PORT": str(self.port), "LAB_WEB_WORKERS": "1"}
        environ["LAB_QUEUE_DIR"] = str(folder / f"{name}-queue")
        self.web = server.start("gunicorn", "app:app", environ=environ, log=self.log)
        self.worker = server.start("lab.worker", environ=environ, log=self.log)

    def answered(self, path: str) -> int:
        """How many requests for the path this node answered with 200; * stands for what the log
        leaves out."""
        lines = (line for line in self.log.read_text("utf-8").splitlines() if line[:1] == "{")
        said = map(json.loads, lines)
        return sum(
            fnmatch(line.get("path", ""), path) and line.get("status") == 200 for line in said
        )

    def stop(self) -> None:
        for process in (self.web, self.worker):
            process.send_signal(signal.SIGINT)
        for process in (self.web, self.worker):
            process.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def nginx_file(port: int, nodes: list[Node], folder: Path) -> str:
    """docs/deploy/nginx.conf with these nodes, on a port of loopback, without a certificate."""
    given = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    upstream = given[given.index("upstream") : given.index("server {\n    listen 80")]
    servers = "".join(f"    server 127.0.0.1:{node.port};\n" for node in nodes)
    upstream, changed = re.subn(r"(?m)^    server 127\.0\.0\.1:8000;\n", servers, upstream)
    assert changed == 1
    server = given[given.rindex("\nserver {") :].replace("/opt/lab-portal", str(ROOT))
    server = re.sub(r"(?m)^    (listen|ssl_\w+|server_name) .*\n", "", server)
    server = server.replace("server {", f"server {{\n    listen 127.0.0.1:{port};", 1)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{upstream}{server}}}\n"
    )


class Visitor:
    """A person's browser at nginx's address."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._open = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        ).open
        self.token = ""

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        sent = urllib.request.Request(self.url + path, body, {"Origin": self.url, **headers})
        try:
            with self._open(sent, timeout=PATIENCE) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def post(self, path: str, **values: str) -> tuple[int, bytes]:
        return self.ask(path, urlencode({"csrf_token": self.token, **values}).encode())

    def see_token(self, path: str) -> None:
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', self.ask(path)[1])
        assert found
        self.token = found[1].decode()

    def sign_in(self, name: str) -> None:
        self.see_token("/sign-in")
        assert self.post("/sign-in", name=name, password=PASSWORD)[0] == 200
        self.see_token("/account/password")

    def upload(self, draft: str, name: str, data: bytes, key: str) -> dict[str, Any]:
        values = {
            "csrf_token": self.token,
            "upload_key": key,
            "file": FileStorage(io.BytesIO(data), name),
        }
        boundary, body = encode_multipart(values)
        kind = f"multipart/form-data; boundary={boundary}"
        path = f"/proposals/{draft}/files"
        code, said = self.ask(path, body, Accept="application/json", **{"Content-Type": kind})
        assert code == 200, said.decode()
        told: dict[str, Any] = json.loads(said)
        return told

    def submit(self, draft: str) -> None:
        page = self.ask(f"/proposals/{draft}/submit")[1].decode()
        version = re.search(r'name="version"[^>]*value="(\d+)"', page)
        assert version
        code, _ = self.post(f"/proposals/{draft}/submit", version=version[1], pledge="1")
        assert code == 200


class Installation:
    """The two nodes, nginx before them, and a look into their database."""

    def __init__(self, port: int, nodes: list[Node], app: Flask, drafts: list[str]) -> None:
        self.port, self.nodes, self.app, self.drafts = port, nodes, app, drafts
        self.found = self.finding()  # the cast's rows were noted in another folder

    def finding(self) -> Finding | None:
        """What a check of the audit log finds."""
        with self.app.app_context():
            finding = verify_chain().finding
            db.session.remove()
        return finding

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.app.app_context():
            found = [tuple(row) for row in db.session.execute(text(statement))]
            db.session.remove()
        return found


@pytest.fixture
def installation(
    postgres: Postgres, postgres_cast: Peopled[str], tmp_path: Path, fork_server: ForkServer
) -> Iterator[Installation]:
    url, port = postgres.create_database("two_nodes", "template_cast"), free_port()
    settings = {
        **SECRETS,
        "LAB_INSTANCE": str(tmp_path / "instance"),
        "LAB_DATABASE_URL": url,
        "LAB_SHARED_INSTANCE": "1",
        "LAB_QUEUE_DIR": str(tmp_path / "test-queue"),
        "LAB_BASE_URL": f"http://127.0.0.1:{port}",
        "LAB_TRUSTED_PROXIES": "1",
    }
    app = create_app(settings_for(tmp_path / "instance", url, **settings))
    with app.app_context():
        cast, call = postgres_cast.cast, open_call(postgres_cast.cast)
        drafts = [filled_draft(cast, call).key for _ in range(2)]
        db.session.remove()
    with ExitStack() as stack:
        nodes = [Node(fork_server, name, tmp_path, settings) for name in ("one", "two")]
        for node in nodes:
            stack.callback(node.stop)
        conf = tmp_path / "nginx.conf"
        conf.write_text(nginx_file(port, nodes, tmp_path), encoding="utf-8")
        error_log = (tmp_path / "nginx.log").open("wb")
        words = [str(NGINX), "-p", str(tmp_path), "-e", "stderr", "-c", str(conf)]
        nginx = subprocess.Popen(words, stdout=error_log, stderr=error_log)
        stack.callback(error_log.close)
        stack.callback(nginx.wait, PATIENCE)
        stack.callback(nginx.terminate)
        for one in (*(node.port for node in nodes), port):
            wait_until(lambda one=one: listens(one), f"{one} does not listen")
        yield Installation(port, nodes, app, drafts)
    close(app)
    postgres.drop_database("two_nodes")


def both(installation: Installation, path: str, ask: Callable[[], bool]) -> None:
    """Ask until either node has answered; nginx takes them in turn, if not always strictly."""

    def answered() -> bool:
        assert ask(), path
        return all(node.answered(path) for node in installation.nodes)

    wait_until(answered, f"{path} is answered by one node only")


def test_what_one_node_stores_the_other_serves(installation: Installation) -> None:
    person, (draft, ready) = Visitor(installation.port), installation.drafts
    person.sign_in("applicant")
    both(installation, "/inbox", lambda: person.ask("/inbox")[0] == 200)

    sent = {f"{n}号.pdf": builders_files.pdf(f"{n}") for n in range(2)}  # nginx takes turns
    for n, (name, data) in enumerate(sent.items()):
        person.upload(draft, name, data, f"{n:024}")
    for key, name in installation.rows("SELECT key, name FROM stored_file"):
        path = f"/proposals/{draft}/files/{key}"
        whole = (200, sent[name])
        both(installation, path, lambda path=path, whole=whole: person.ask(path) == whole)

    person.submit(ready)
    ended = f"SELECT state, attempts FROM job WHERE {AT_ONCE} AND finished_at IS NOT NULL"
    wanted = len(sent) + 3  # previews and papers
    wait_until(lambda: len(installation.rows(ended)) == wanted, "jobs wait")
    assert installation.rows(ended) == [("done", 1)] * wanted, "each job was done, and once"
    path = f"/proposals/{ready}/versions/1/paper/receipt/download"
    receipts = set[bytes]()
    logged = path.replace("receipt", "*")
    both(installation, logged, lambda: receipts.add(person.post(path)[1]) is None)
    assert len(receipts) == 1
    assert receipts.pop().startswith(b"%PDF")

    code, told = person.ask("/health")
    assert (code, json.loads(told)["checks"]["nodes"]["status"]) == (200, "ok")
    assert installation.finding() == installation.found, "both noted their heads in one file"
    installation.nodes[0].web.kill()
    for _ in range(4):
        assert person.ask("/inbox")[0] == 200, "the other goes on alone"

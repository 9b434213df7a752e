"""A database that cannot be used at start is told in one sentence that says what to look at."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import exc

from lab.db.connection.startup import DatabaseUnavailable, check_database, explain_startup_error
from tests.conftest import settings_for
from tests.support.servers.mail_server import certificate
from tests.support.servers.portal_server import free_port

SSL_REQUEST = 8  # bytes of the first message of a client that wants encryption
SAID = [
    ('connection failed: root certificate file "/x" does not exist', "sslrootcert", False),
    ("SSL error: certificate verify failed", "没有通过核对", False),
    ('server certificate for "a" does not match host name "b"', "名称", False),
    ("server does not support SSL, but SSL was required", "sslmode", False),
    ("SSL connection has been closed unexpectedly", "加密连接", False),
    ('could not translate host name "x" to address', "主机名", True),
    ('FATAL:  password authentication failed for user "lab"', "用户名或密码", False),
    ('FATAL:  no pg_hba.conf entry for host "1.2.3.4"', "用户名或密码", False),
    ('FATAL:  database "lab" does not exist', "没有这个库", False),
    ("FATAL:  the database system is starting up", "稍后再试", True),
    ("FATAL:  sorry, too many clients already", "稍后再试", True),
    ("connection to server failed: Connection refused", "已经启动", True),
    ("connection timeout expired", "已经启动", True),
    ("致命错误: 某个未知的回答", "已经启动", True),
]


@pytest.mark.parametrize(("said", "word", "passing"), SAID)
def test_what_the_server_says_is_explained(said: str, word: str, passing: bool) -> None:
    error = exc.OperationalError("", {}, psycopg.OperationalError(said))
    found = explain_startup_error(error)
    assert found is not None
    assert word in str(found) and found.transient is passing


def test_a_mistake_of_the_program_is_not_explained_away() -> None:
    wrong = exc.ProgrammingError("", {}, psycopg.errors.UndefinedTable())
    assert explain_startup_error(wrong) is None


def reached(tmp_path: Path, url: str) -> DatabaseUnavailable:
    with pytest.raises(DatabaseUnavailable) as caught:
        check_database(settings_for(tmp_path, url))
    return caught.value


def test_a_server_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    found = reached(tmp_path, f"postgresql://lab:x@127.0.0.1:{free_port()}/lab")
    assert found.transient and "LAB_DATABASE_URL" in str(found)


def test_a_wrong_option_of_the_address_is_named(tmp_path: Path) -> None:
    found = reached(tmp_path, "postgresql://lab:x@127.0.0.1:5432/lab?no_such_option=1")
    assert "连接参数写法不对" in str(found) and not found.transient


@contextmanager
def encrypted_server(cert: tuple[Path, Path]) -> Iterator[int]:
    """What begins like PostgreSQL with encryption, with this certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*map(str, cert))

    def answer(listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                client.recv(SSL_REQUEST)
                client.sendall(b"S")
                with contextlib.suppress(OSError):  # the client found the certificate wrong
                    context.wrap_socket(client, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_an_unknown_certificate_is_refused_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(), (tmp_path / "ours").mkdir()
    theirs, (ours, _) = certificate(tmp_path / "theirs"), certificate(tmp_path / "ours")
    with encrypted_server(theirs) as port:
        url = f"postgresql://lab:x@127.0.0.1:{port}/lab?sslmode=verify-full&sslrootcert="
        found = reached(tmp_path, f"{url}{ours}")
        assert "证书没有通过核对" in str(found) and not found.transient
        found = reached(tmp_path, f"{url}{tmp_path / 'nowhere.pem'}")
        assert "找不到用来核对数据库证书的文件" in str(found) and not found.transient


def test_a_damaged_file_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "lab.db").write_bytes(b"no database " * 1000)
    found = reached(tmp_path, "")
    assert "从备份恢复" in str(found) and not found.transient


def test_a_database_that_answers_is_no_problem(tmp_path: Path) -> None:
    check_database(settings_for(tmp_path))

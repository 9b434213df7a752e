"""A node joins those that run already, or its start-up says why it must not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from lab.config.settings import Settings, SettingsError
from lab.db import writing
from lab.nodes import service, startup
from lab.nodes.identity import this_node
from lab.nodes.rules import WEB, WORKER, Node
from tests.conftest import SECRETS, settings_for
from tests.support.servers.forking import ForkServer
from tests.support.servers.portal_server import free_port

SHARED = {"LAB_SHARED_INSTANCE": "1"}


def own_settings(app: Flask, folder: Path, **more: str) -> Settings:
    """Settings of another node on the database of `app`."""
    url = app.config["SETTINGS"].database_url
    return settings_for(folder, url, **more)


def age(app: Flask, seconds: int) -> None:
    """Let all heartbeats be older by so many seconds."""
    with app.app_context(), writing() as session:
        older = {
            "sqlite": f"datetime(seen_at, '-{seconds} seconds')",
            "postgresql": f"seen_at - interval '{seconds} seconds'",
        }[session.get_bind().dialect.name]
        session.execute(text(f"UPDATE heartbeat SET seen_at = {older}"))


def test_a_second_folder_is_refused_while_the_first_is_in_use(
    both_app: Flask, tmp_path: Path
) -> None:
    startup.join_nodes(both_app.config["SETTINGS"], WEB)
    second = own_settings(both_app, tmp_path / "second")
    age(both_app, 100)
    for kind in (WEB, WORKER):
        with pytest.raises(SettingsError, match="另一个数据文件夹"):
            startup.join_nodes(second, kind)
    startup.join_nodes(both_app.config["SETTINGS"], WORKER)


def test_a_moved_or_restored_instance_starts_by_itself(both_app: Flask, tmp_path: Path) -> None:
    startup.join_nodes(both_app.config["SETTINGS"], WEB)
    age(both_app, 121)
    startup.join_nodes(own_settings(both_app, tmp_path / "second"), WEB)
    with pytest.raises(SettingsError):
        startup.join_nodes(both_app.config["SETTINGS"], WEB)


def beat(app: Flask, node: Node) -> None:
    with app.app_context(), writing() as session:
        service.record_heartbeat(session, node, WEB)


def test_a_copied_folder_is_refused_whatever_the_setting_says(
    postgres_app: Flask, tmp_path: Path
) -> None:
    folder = postgres_app.config["SETTINGS"].instance
    beat(postgres_app, Node(this_node(folder).number, "lab2", "another-boot"))
    with pytest.raises(SettingsError, match="LAB_SHARED_INSTANCE=1"):
        startup.join_nodes(own_settings(postgres_app, folder), WEB)
    shared = own_settings(postgres_app, folder, LAB_QUEUE_DIR=str(tmp_path / "queue"), **SHARED)
    with pytest.raises(SettingsError, match="是副本"):
        startup.join_nodes(shared, WEB)


def test_a_database_without_the_table_stops_nobody(app: Flask) -> None:
    with app.app_context(), writing() as session:
        session.execute(text("DROP TABLE heartbeat"))
    startup.join_nodes(app.config["SETTINGS"], WEB)


@pytest.mark.parametrize("words", [("gunicorn", "app:app"), ("lab.worker",)])
def test_startup_failure_prints_a_message_and_a_code(
    app: Flask, fork_server: ForkServer, tmp_path: Path, words: tuple[str, ...]
) -> None:
    startup.join_nodes(app.config["SETTINGS"], WEB)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LAB_")}
    environ |= {"LAB_INSTANCE": str(tmp_path / "second"), "LAB_PORT": str(free_port()), **SECRETS}
    environ["LAB_DATABASE_URL"] = app.config["SETTINGS"].database_url
    code, said = fork_server.run(*words, environ=environ, log=tmp_path / "log")
    assert code == 1
    assert said.count("启动失败：另一节点") == 1, said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, "SQLite"),
        ({"LAB_DATABASE_URL": "postgresql://lab@/lab"}, "LAB_QUEUE_DIR"),
    ],
)
def test_shared_files_of_sqlite_are_refused(
    tmp_path: Path, more: dict[str, str], wanted: str
) -> None:
    with pytest.raises(SettingsError, match=wanted):
        settings_for(tmp_path, more.get("LAB_DATABASE_URL", ""), **SHARED)
    postgres = {"database_url": "postgresql://lab@/lab"}
    assert settings_for(tmp_path, **postgres, LAB_REDIS_URL="redis://q", **SHARED).shared_instance

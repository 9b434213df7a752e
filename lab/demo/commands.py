"""Commands `flask --app app data …`."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from lab.demo import data as demo_data
from lab.demo import facts
from lab.extensions import db

data = AppGroup("data", help="Load public facts and demonstration data.")


@data.command("load-facts")
def load_facts() -> None:
    """Load what was published about the first batch; idempotent."""
    loaded = facts.load()
    db.session.commit()
    click.echo("已载入公开报道的首批项目。" if loaded else "公开报道的首批项目已在库中，未作改动。")


@data.command("load-demo")
def load_demo() -> None:
    """Load demonstration data marked 【演示】; refused in production."""
    if current_app.config["SETTINGS"].production:
        raise click.ClickException("生产模式不能载入演示数据。")
    loaded = demo_data.load()
    click.echo("已载入演示数据。" if loaded else "演示数据已在库中，未作改动。")

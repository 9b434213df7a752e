"""Binds decisions to the app."""

from flask import Flask

from lab.decisions import views, views_results


def init(app: Flask) -> None:
    """Register the pages, and the address of a result for the pages of proposals."""
    app.register_blueprint(views.bp)
    app.jinja_env.globals["result_url"] = views_results.result_url

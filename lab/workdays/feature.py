"""Binds the office's calendar to the app."""

from flask import Flask

from lab.workdays import queries, rules, views_import


def init(app: Flask) -> None:
    """Register the pages, and the words behind a date that may still change."""
    app.register_blueprint(views_import.bp)
    app.add_template_filter(rules.cn_working_day)
    app.add_template_filter(queries.due_note)

"""Binds proposals to the app."""

from flask import Flask

from lab.proposals import views, views_check, views_edit, views_submit

FILLS_BLUEPRINT = (views_edit, views_submit)  # their pages hang on the blueprint of `views`


def init(app: Flask) -> None:
    """Register the pages of proposals and of the formality check."""
    app.register_blueprint(views.bp)
    app.register_blueprint(views_check.bp)

"""What tests rely on to find reads that nothing orders."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from lab.extensions import db
from lab.identity.models.account import Person
from tests.support.cast import Cast


def test_rows_that_nothing_orders_come_in_reverse_order(app: Flask, cast: Cast) -> None:
    with app.app_context():
        unordered = db.session.scalars(select(Person.id)).all()
        assert len(unordered) > 1
        assert unordered == sorted(unordered, reverse=True)

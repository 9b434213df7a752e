"""People found while a form is filled in: the answer to its script."""

from __future__ import annotations

from flask import Response, jsonify, request

from lab.identity.core.people_search import find_people
from lab.identity.people.views import bp
from lab.web.request.guards import guard

_MOST_DIGITS = 9


@bp.get("/search")
@guard("people.search")
def search() -> Response:
    """Return who fits what was typed (`q`), in one unit alone where a form asks for its people."""
    unit = request.args.get("unit", "")
    unit_id = int(unit) if unit.isdecimal() and len(unit) <= _MOST_DIGITS else None
    found = find_people(request.args.get("q", ""), unit_id)
    people = [
        {
            "name": person.label if person.apart else person.name,
            "unit": person.unit,
            "label": person.label,
        }
        for person in found.people
    ]
    return jsonify(people=people, more=found.more)

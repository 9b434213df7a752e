"""People found while a form is filled in: the answer to its script."""

from __future__ import annotations

from flask import Response, current_app, jsonify, request

from lab import clock
from lab.identity.core.people_search import find_people
from lab.identity.people.views import bp
from lab.identity.rules.search_rate import SearchRate
from lab.web.request.guards import actor, guard

_MOST_DIGITS = 9
_TOO_OFTEN = "查找过于频繁，请过一分钟再试；也可以直接输入姓名和单位。"


@bp.get("/search")
@guard("people.search")
def search() -> Response:
    """Return who fits what was typed (`q`), in one unit alone where a form asks for its people.

    Where somebody asks more often than hands can type, nobody, with the reason as `advice`.
    """
    rate: SearchRate = current_app.extensions.setdefault("people_search", SearchRate())
    if not rate.allows(actor().id, clock.now()):
        answer = jsonify(people=[], more=False, advice=_TOO_OFTEN)
        answer.status_code = 429
        return answer
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

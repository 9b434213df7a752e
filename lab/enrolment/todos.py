"""The to-do of security administrators: roles that they can grant."""

from __future__ import annotations

from flask import url_for

from lab.enrolment.role_requests.queries import grantable_count
from lab.feature import Todo, TodoSource
from lab.policy import SECURITY, Actor


def _role_requests(actor: Actor) -> list[Todo]:
    count = grantable_count(actor)
    if not count:
        return []
    return [Todo("办理角色申请", f"{count}项可以授予", url_for("role_requests.index"))]


TODOS = (TodoSource(_role_requests, SECURITY, 260),)

"""The guard of every address: finds the object, asks the policy, commits at the edge.

    @bp.post("/<key>/publish")
    @guard("call.publish", load_call)
    def publish(call: Call) -> Response: ...

A loader takes the actor and the address' arguments and returns LoadedResource or None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from lab import policy
from lab.db import SAFE_METHODS
from lab.errors import error_page
from lab.extensions import db
from lab.feature import ExtensionPoint
from lab.policy import NOBODY, Actor, Resource, Verdict

View = Callable[..., Any]
DenialRecorder = Callable[[str, str, str], None]
# Called with the answer of a request that writes, in its transaction, before the one commit.
BEFORE_COMMIT: ExtensionPoint[Callable[[BaseResponse], None]] = ExtensionPoint("before the commit")
# All that somebody may do whose first password, or expired one, was not changed yet.
BEFORE_FIRST_CHANGE = frozenset(
    {
        *("identity.sign_in", "identity.sign_out", "identity.password"),
        *("identity.forgotten", "identity.new_password"),
    }
)


@dataclass(frozen=True)
class LoadedResource:
    """The object of an address, the actor's relations to it, and the action that shows it."""

    obj: Any
    resource: Resource
    view_action: str


Loader = Callable[..., LoadedResource | None]


def actor() -> Actor:
    """Return the person of this request; NOBODY when not signed in."""
    current: Actor = g.get("actor") or NOBODY
    return current


def can(action: str, resource: Resource | None = None) -> bool:
    """Return whether the server would allow the action; for templates and views."""
    if g.get("must_change") and action not in BEFORE_FIRST_CHANGE:
        return False
    return policy.allowed(action, actor(), resource)


def guard(
    action: str, load: Loader | None = None, *, unattended: bool = False
) -> Callable[[View], View]:
    """Declare the action of a view; see the module's docstring.

    `unattended`: a background request, which does not keep a session alive.

    Answers 404 for a missing object and, with the same page, for one that the actor may not see;
    403 where the actor may not do it; 409 where the state does not allow it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> BaseResponse:
            loaded = load(actor(), **arguments) if load else None
            if load and loaded is None:
                return _missing_response(action, load)
            rejection = _rejection(action, loaded, load, arguments)
            if rejection is not None:
                return rejection
            if load:
                _EXAMPLES.setdefault(load, arguments)
            g.resource = loaded.resource if loaded else None
            response = make_response(view(loaded.obj) if loaded else view(**arguments))
            return _commit_or_roll_back(response)

        guarded.lab_action = action  # type: ignore[attr-defined]
        guarded.lab_loader = load  # type: ignore[attr-defined]
        guarded.lab_unattended = unattended  # type: ignore[attr-defined]
        return guarded

    return decorate


@dataclass(frozen=True)
class PostTarget:
    """The endpoint of a post to an address, and the object it names."""

    endpoint: str
    obj: Any


@dataclass(frozen=True)
class _PostAddress:
    """What a post to an address would be about: nothing, where the object is missing."""

    endpoint: str
    action: str
    loaded: LoadedResource | None
    missing: bool

    @property
    def resource(self) -> Resource | None:
        return self.loaded.resource if self.loaded else None


def _post_address(address: str) -> _PostAddress | None:
    try:
        endpoint, arguments = current_app.url_map.bind("").match(address, method="POST")
    except HTTPException:
        return None
    view: Any = current_app.view_functions[endpoint]
    action, load = getattr(view, "lab_action", ""), getattr(view, "lab_loader", None)
    loaded = load(actor(), **arguments) if load else None
    return _PostAddress(endpoint, action, loaded, missing=bool(load) and loaded is None)


def may_post(address: str) -> PostTarget | None:
    """Return the target if the actor may post to this path now; records and changes nothing."""
    target = _post_address(address)
    if target is None or target.missing or not can(target.action, target.resource):
        return None
    return PostTarget(target.endpoint, target.loaded.obj if target.loaded else None)


def may_see_answer(address: str) -> bool:
    """Return whether the actor may see now what a post to this path answered.

    So may who could still send it, or still sees its object, whatever its state.
    """
    target = _post_address(address)
    if target is None or target.missing:
        return False
    views = (target.loaded.view_action,) if target.loaded else ()
    return any(
        policy.allowed(action, actor(), target.resource) for action in (target.action, *views)
    )


# Per loader, the arguments by which something was found that the asker could not see, or at least
# something. A missing object is answered after as much work as one that is hidden.
_EXAMPLES: dict[Loader, dict[str, Any]] = {}
MISSING_KEY = "-"  # the key of nothing


def _missing_response(action: str, load: Loader) -> BaseResponse:
    """Answer for a missing object.

    With the same amount of work as for a hidden one (see `_hidden_response`).
    """
    example = _EXAMPLES.get(load)
    if example and load(actor(), **example) is None:
        _EXAMPLES.pop(load, None)  # gone meanwhile
    _record_denial(action, None)
    return error_page(404)


def _hidden_response(
    action: str, loaded: LoadedResource, load: Loader, arguments: dict[str, Any]
) -> BaseResponse:
    """Answer for an object that the actor may not know of.

    Indistinguishable, in bytes and statements, from a missing one.
    """
    _EXAMPLES[load] = arguments
    if "key" in arguments:
        load(actor(), **{**arguments, "key": MISSING_KEY})
    _record_denial(action, loaded)
    return error_page(404)


def _rejection(
    action: str, loaded: LoadedResource | None, load: Loader | None, arguments: dict[str, Any]
) -> BaseResponse | None:
    resource = loaded.resource if loaded else None
    verdict = policy.decide(action, actor(), resource)
    if verdict is Verdict.ALLOW:
        return None
    if loaded and load and not policy.allowed(loaded.view_action, actor(), resource):
        return _hidden_response(action, loaded, load, arguments)
    if verdict is Verdict.STATE:
        return error_page(409, "当前状态下不能办理此事项，请返回刷新后再看。")
    _record_denial(action, loaded)
    return error_page(403)


def _record_denial(action: str, loaded: LoadedResource | None) -> None:
    """Record the denial in a transaction of its own, by the registered recorder (see
    `checks.init`).
    """
    record: DenialRecorder = current_app.extensions["record_denial"]
    obj = loaded.obj if loaded else None
    # Named before the rollback: reading the row again would take the lock that the note needs.
    # AUDIT_TYPE keeps the stored word of a class that was renamed.
    kind = getattr(obj, "AUDIT_TYPE", type(obj).__name__) if loaded else ""
    key = str(getattr(obj, "key", ""))
    db.session.rollback()
    record(action, kind, key)


def _commit_or_roll_back(response: Response) -> Response:
    """Commit once at the end of a writing request; a status of 400 or more rolls back."""
    if request.method in SAFE_METHODS:
        return response
    if response.status_code < 400 or g.get("commit_anyway"):
        for before_commit in BEFORE_COMMIT.extensions():
            before_commit(response)
        db.session.commit()
    else:
        db.session.rollback()
    return response


def commit_on_error() -> None:
    """Commit although the answer is an error page: a draft was saved, the check failed."""
    g.commit_anyway = True

"""Pages that carry a post, so that one that met an obstacle can be sent again.

Input is shown only to a browser that was signed in lately, and sent only in the name of the person
who typed it: every form carries that person's key as `typed_by`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, g, make_response, render_template, request, session

from lab.errors import error_page
from lab.web.request.resume_token import TOKEN_FIELD, resume_token

SECRETS = frozenset({"password", "new_password", "repeat_password", "code"})
NEVER_RESENT = SECRETS | {"csrf_token", TOKEN_FIELD}
LOST_FILE, LOST_SECRET = "lost_file", "lost_secret"  # what no page may carry, by name only
FIELD_PREFIX = "kept-"  # before the names of fields that wait on the page of a sign-in
WRITER_FIELD = "typed_by"
OTHER_PERSON = "现在登录的不是打开本页的人。您的文字还在本页，请用原来的账号登录后再保存。"

# In the cookie, which only the portal can write: the token of a session, or what is left of one.
SESSION, ENDED = "_user_id", "ended"

Pairs = list[tuple[str, str]]


def _posted() -> Pairs:
    return [(name, value) for name, values in request.form.lists() for value in values]


def hidden_fields() -> Pairs:
    """Return the posted fields for a page that posts them again; no passwords, codes or tokens.

    What cannot be sent again is named: files by their names, passwords and codes by one mark.
    """
    posted = _posted()
    fields = [(name, value) for name, value in posted if name not in NEVER_RESENT]
    files = [file.filename for file in request.files.values() if file.filename]
    lost = [(LOST_FILE, name) for name in files]
    if any(name in SECRETS and value for name, value in posted):
        lost.append((LOST_SECRET, "1"))
    return [*fields, *(pair for pair in lost if pair not in fields)]


def waiting_fields() -> Pairs:
    """Return the posted fields as carried by a sign-in page."""
    return [
        (name.removeprefix(FIELD_PREFIX), value)
        for name, value in _posted()
        if name.startswith(FIELD_PREFIX)
    ]


def was_signed_in() -> bool:
    """Return whether somebody is or was signed in in this browser. Reads only the cookie."""
    return SESSION in session or ENDED in session


def writer_of(fields: Pairs) -> str:
    """Return the key of the person who typed these fields, "" when unknown."""
    return dict(fields).get(WRITER_FIELD, "")


def is_other_writer() -> bool:
    """Return whether the post was typed by somebody else than the signed-in person."""
    writer, person = request.form.get(WRITER_FIELD, ""), g.get("person")
    return bool(writer) and person is not None and writer != person.key


@dataclass(frozen=True)
class ResumePage:
    """What was posted, to be sent again to `address`.

    `asks_name`: whoever typed it signs in first; `trouble` says why that failed. Otherwise one
    button sends it: `must_change`, once the password is changed; `just_signed_in`, at once.
    """

    fields: Pairs
    address: str
    asks_name: bool
    trouble: str = ""
    must_change: bool = False
    just_signed_in: bool = False

    @property
    def token(self) -> str:
        """The token by which the page is believed after its session has changed."""
        return resume_token(self.address)

    @property
    def multipart(self) -> bool:
        """Whether the fields came as those of a form with files, which may be longer."""
        return request.mimetype == "multipart/form-data"

    @property
    def lost_files(self) -> list[str]:
        """The names of the files that have to be chosen again."""
        return [value for name, value in self.fields if name == LOST_FILE]

    @property
    def lost_secret(self) -> bool:
        """Whether a password or code has to be typed again."""
        return (LOST_SECRET, "1") in self.fields


def resubmit_page(
    fields: Pairs,
    status: int,
    *,
    address: str = "",
    must_change: bool = False,
    just_signed_in: bool = False,
) -> Any:
    """Return the page with one button that sends the fields again to `address` (default: here)."""
    page = ResumePage(
        fields=fields,
        address=address or _here(),
        asks_name=False,
        must_change=must_change,
        just_signed_in=just_signed_in,
    )
    return make_response(render_template("errors/resume.html", page=page), status)


def sign_in_page(
    fields: Pairs, former: str, status: int, *, address: str = "", message: str = ""
) -> Response:
    """Return the page that asks for name and password and then sends the fields again.

    `former` is the key of the person last signed in in this browser; "" for an unknown browser, to
    which nothing is returned.
    """
    if not former:
        return error_page(status)
    if not writer_of(fields):
        fields = [*fields, (WRITER_FIELD, former)]
    page = ResumePage(fields, address or _here(), asks_name=True, trouble=message)
    return make_response(render_template("errors/resume.html", page=page), status)


def waiting_post() -> ResumePage:
    """Return the present post for a page that sends it again to the same address."""
    return ResumePage(hidden_fields(), _here(), asks_name=False)


def _here() -> str:
    return request.full_path.rstrip("?")

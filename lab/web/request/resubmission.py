"""The fields of a post that met an obstacle, so that it can be sent again.

Input is shown only to a browser that was signed in lately, and sent only in the name of the person
who typed it: every form carries that person's key as `typed_by`.
"""

from __future__ import annotations

from flask import g, request, session

from lab.web.request.resume_token import TOKEN_FIELD

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

"""Pages that carry a post, so that one that met an obstacle can be sent again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request

from lab.errors import error_page
from lab.web.request.resubmission import (
    LOST_FILE,
    LOST_SECRET,
    WRITER_FIELD,
    Pairs,
    hidden_fields,
    writer_of,
)
from lab.web.request.resume_token import resume_token


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

"""Parse posts: undecodable bytes must not become text that nobody typed."""

from __future__ import annotations

from typing import IO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class TextFormParser(FormDataParser):
    """Replace bytes that are not UTF-8 by U+FFFD, in forms with and without files.

    The library would keep them as `%C4%E3` and the like, which a field would store; the fields
    refuse U+FFFD and report its position. Forms without files may have no more fields than those
    with; RequestEntityTooLarge is raised before they are parsed.
    """

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Parsed:
        posted = stream.read()
        # Counted before anything is made of them: hundreds of thousands cost seconds.
        if self.max_form_parts is not None and posted.count(b"&") >= self.max_form_parts:
            raise RequestEntityTooLarge()
        text = posted.decode("utf-8", "replace")
        return stream, self.cls(parse_qsl(text, keep_blank_values=True)), self.cls()


class PortalRequest(Request):
    """A request whose forms are parsed by `TextFormParser`."""

    form_data_parser_class = TextFormParser

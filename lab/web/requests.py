"""Reading posts: bytes that are no text must not become text that nobody typed."""

from __future__ import annotations

from typing import IO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class TextFormParser(FormDataParser):
    """Puts U+FFFD in place of bytes that are not UTF-8, in forms with and without files.

    The library would keep them as `%C4%E3` and the like, which a field would store; the fields
    refuse U+FFFD and say where it stands.
    """

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Parsed:
        text = stream.read().decode("utf-8", "replace")
        return stream, self.cls(parse_qsl(text, keep_blank_values=True)), self.cls()


class PortalRequest(Request):
    """A request whose forms are read by `TextFormParser`."""

    form_data_parser_class = TextFormParser

"""The kinds of files that the door takes, for the controls of forms."""

from __future__ import annotations

from lab.files.inspection import kinds
from lab.web.fields.files import FileTypes

ATTACHMENT_TYPES = FileTypes(tuple(kinds.KINDS), kinds.ALLOWED_TEXT, kinds.type_messages())

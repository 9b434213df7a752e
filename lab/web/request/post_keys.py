"""The random key of a form that creates something: a second post of the same form is no second act.

A form carries it from the moment it is drawn (see `lab.web.forms.Form`), and so does a
button that says so to its macro. `lab.posts.finished` asks for it.
"""

from __future__ import annotations

import secrets

from markupsafe import Markup

POST_KEY = "post_key"


def post_key_control() -> Markup:
    """Return the hidden control with a new key."""
    control = Markup('<input name="{}" type="hidden" value="{}">')
    return control.format(POST_KEY, secrets.token_hex(12))

"""The portal as a WSGI application: `app:app`."""

import gc

# What start-up makes stays until the end. Looking through it for garbage, again and again while it
# is made and ever after, is a quarter of the time that a start takes.
gc.disable()

from lab.factory import create_app  # noqa: E402 - its modules are half of what start-up makes

app = create_app()
gc.freeze()
gc.enable()

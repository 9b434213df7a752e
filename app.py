"""The portal as a WSGI application: `app:app`."""

import gc

from lab.factory import create_app

# What start-up makes stays until the end. Looking through it for garbage, again and again while it
# is made and ever after, is a sixth of the time that a start takes.
gc.disable()
app = create_app()
gc.freeze()
gc.enable()

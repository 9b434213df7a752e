"""The portal as a WSGI application: `app:app`."""

from lab import create_app

app = create_app()

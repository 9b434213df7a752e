"""Commands `flask --app app data …`."""

from flask.cli import AppGroup

data = AppGroup("data", help="Load public facts and demonstration data.")

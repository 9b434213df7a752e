"""The log: one JSON object a line on stderr, and nothing in it that anybody typed.

What went wrong is told by types, codes, places in the code and SQL without its values; who and
what by numbers and keys.
"""

from lab.logs.formatting import Formatter
from lab.logs.paths import logged_path
from lab.logs.places import failure_in
from lab.logs.setup import guard_process, to_stderr

__all__ = ["Formatter", "failure_in", "guard_process", "logged_path", "to_stderr"]

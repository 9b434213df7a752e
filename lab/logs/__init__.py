"""The log: one JSON object per line on stderr, containing nothing that anybody typed.

Failures are described by types, codes, code locations and SQL without values; people and objects by
numbers and keys.
"""

from lab.logs.formatting import Formatter
from lab.logs.locations import failure_in
from lab.logs.paths import logged_path
from lab.logs.setup import guard_process, to_stderr

__all__ = ["Formatter", "failure_in", "guard_process", "logged_path", "to_stderr"]

"""What decisions tell the features above them, inside the transaction of the act.

`decision_approved` is sent with `decision` when the leading group agrees, `decision_published`
when the office announces the result. Receivers take part in the same commit and write no audit
line of their own.
"""

from __future__ import annotations

from blinker import Signal

decision_approved = Signal()
decision_published = Signal()

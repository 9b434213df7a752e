"""Signals for the features above.

Receivers run inside the transaction of the action and write no audit line of their own; an
exception rolls the whole action back.
"""

from blinker import Signal

# Both are sent with decision=<Decision>.
decision_approved = Signal()
decision_published = Signal()

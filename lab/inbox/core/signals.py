"""Signals of letters for the features above.

Receivers run inside the transaction of the action; an exception rolls the whole action back.
"""

from blinker import Signal

# Sent with letter=<Letter>, before it goes out: a receiver may fill in what only that moment says.
letter_sending = Signal()
# Sent with letter=<Letter>, once it is void.
letter_voided = Signal()

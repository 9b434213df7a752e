"""What features above may wait for. Receivers run inside the transaction of the act and write no
audit line of their own: an exception takes the whole act back."""

from blinker import Signal

# Both are sent with decision=<Decision>.
decision_approved = Signal()
decision_published = Signal()

"""What features above may wait for. Receivers run inside the transaction of the act and write no
audit line of their own: an exception takes the whole act back."""

from blinker import Signal

# Sent with proposal=<Proposal>, version=<ProposalVersion> as just frozen.
proposal_submitted = Signal()

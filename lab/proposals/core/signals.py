"""Signals for the features above.

Receivers run inside the transaction of the action and write no audit line of their own; an
exception rolls the whole action back.
"""

from blinker import Signal

# Sent with proposal=<Proposal>, people=<ids of those found to be people to avoid>.
# Receivers return how many of them no longer review the proposal.
avoided_corrected = Signal()
# Sent with proposal=<Proposal>, version=<ProposalVersion> as just frozen.
proposal_submitted = Signal()

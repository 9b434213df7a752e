"""Signals for the features above.

Receivers run inside the transaction of the action and write no audit line of their own; an
exception rolls the whole action back.
"""

from blinker import Signal

# Sent with proposal=<Proposal>, people=<ids> whom entries of whom to avoid turned out to mean.
# Receivers return from how many of them they took the proposal.
avoided_corrected = Signal()
# Sent with proposal=<Proposal>, version=<ProposalVersion> as just frozen.
proposal_submitted = Signal()

"""The audit log: one keyed, gap-free chain, written in the transaction of the act itself."""

from lab.audit.service import note_denial, record, record_apart

__all__ = ["note_denial", "record", "record_apart"]

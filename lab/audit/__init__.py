"""The audit log: one keyed, gap-free chain, written in the transaction of the act itself."""

from lab.audit.service import record, record_apart

__all__ = ["record", "record_apart"]

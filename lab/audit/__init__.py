"""The audit log: one keyed, gap-free chain, written in the transaction of the act itself."""

from lab.audit.service import record, record_denial, record_separately

__all__ = ["record", "record_denial", "record_separately"]

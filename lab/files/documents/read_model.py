"""What every read model of a rendered document answers, so that pages spell no state."""

from __future__ import annotations

from lab.files.documents.storage import DAMAGED
from lab.files.rules.lifecycle import RenderStatus


class ShownDocument:
    """Asks of `state`, a code of the lifecycle, DAMAGED, or "" where nothing was ordered."""

    state: str

    @property
    def is_ready(self) -> bool:
        return self.state == RenderStatus.READY

    @property
    def is_queued(self) -> bool:
        return self.state == RenderStatus.QUEUED

    @property
    def is_failed(self) -> bool:
        return self.state == RenderStatus.FAILED

    @property
    def is_damaged(self) -> bool:
        return self.state == DAMAGED.code

"""Lifecycles of a report and of a proposal document. Pure."""

from functools import partial

from lab.files.rules.lifecycle import RenderStatus, rendered

_printed = partial(
    rendered,
    evidence=("file_hash", "file_name"),
    queued="生成中",
    ready="可下载",
    failed="生成失败",
)
REPORT = _printed("report")
PROPOSAL_DOCUMENT = _printed("paper")
FINISHED = REPORT.group(RenderStatus.READY, RenderStatus.FAILED)  # one way or the other

"""Lifecycles of a report and of a printed paper. Pure."""

from functools import partial

from lab.files.rules.lifecycle import rendered

_printed = partial(
    rendered,
    evidence=("file_hash", "file_name"),
    queued="生成中",
    ready="可下载",
    failed="生成失败",
)
REPORT = _printed("report")
PROPOSAL_DOCUMENT = _printed("paper")

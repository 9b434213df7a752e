"""The actions on a project as its page offers them, and its path through the lifecycle. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.portfolio.rules.lifecycle import HALTED, PROJECT, ProjectStatus
from lab.workflow import Step

MAIN_PATH: tuple[str, ...] = (
    ProjectStatus.AWAITING_CHARTER,
    ProjectStatus.RUNNING,
    ProjectStatus.TRIAL,
    ProjectStatus.LANDED,
    ProjectStatus.AWAITING_ACCEPTANCE,
    ProjectStatus.ACCEPTED,
    ProjectStatus.CLOSED,
)
# Where a project off the way stands.
SIDE_STATES: Mapping[str, str] = dict.fromkeys(HALTED, ProjectStatus.RUNNING)


@dataclass(frozen=True)
class ProjectAction:
    """One action: path below the project's address, policy action, verb, prompt.

    `note` labels the requested text ("" for none); `prompt` is the sentence shown first;
    `dated`: the new state may be valid from an earlier day, which is asked for with its
    reason.
    """

    path: str
    action: str
    label: str
    prompt: str
    note: str = ""
    tone: str = "secondary"
    dated: bool = False

    @property
    def asks(self) -> bool:
        """Whether a page asks for input."""
        return bool(self.note) or self.dated


ACTIONS = (
    ProjectAction(
        "charter",
        "project.sign_charter",
        "签署任务书",
        "签署后，项目组按任务书所列里程碑和指标推进，由实施办公室安排开始实施。",
        tone="primary",
    ),
    ProjectAction("start", "project.start", "开始实施", "", note="date", tone="primary"),
    ProjectAction("trial", "project.trial", "转入试运行", "转入后项目组继续填报指标。", dated=True),
    ProjectAction(
        "land",
        "project.land",
        "认定落地",
        "请写明认定的依据，如上线场景、交易情况和验看方式。",
        note="认定依据",
        tone="primary",
        dated=True,
    ),
    ProjectAction(
        "acceptance",
        "project.apply_acceptance",
        "申请验收",
        "申请后由实施办公室组织验收，期间不再填报指标。",
        tone="primary",
    ),
    ProjectAction(
        "accept",
        "project.accept",
        "通过验收",
        "请写明验收意见：指标完成情况、结论。",
        note="验收意见",
        tone="primary",
        dated=True,
    ),
    ProjectAction("close", "project.close", "结项", "结项后项目资料只读。", tone="primary"),
    ProjectAction(
        "pause",
        "project.pause",
        "暂停",
        "暂停期间不评灯、不填报。",
        note="暂停理由",
        dated=True,
    ),
    ProjectAction(
        "resume",
        "project.resume",
        "恢复实施",
        "恢复后继续评灯和填报。",
        tone="primary",
        dated=True,
    ),
    ProjectAction(
        "terminate",
        "project.terminate",
        "终止",
        "终止后不能恢复，请写明理由。",
        note="终止理由",
        tone="danger",
        dated=True,
    ),
)
NEXT_GATE: Mapping[str, str] = {
    ProjectStatus.AWAITING_CHARTER: "组长签署任务书后，由实施办公室填写开始日期，进入实施。",
    ProjectStatus.RUNNING: "按里程碑推进并逐月填报；具备条件时由实施办公室转入试运行或认定落地。",
    ProjectStatus.PAUSED: "由实施办公室恢复实施，或由领导小组决定终止。",
    ProjectStatus.TRIAL: "试运行平稳后，由实施办公室认定落地。",
    ProjectStatus.LANDED: "组长对照任务书自查后申请验收。",
    ProjectStatus.AWAITING_ACCEPTANCE: "由实施办公室组织验收。",
    ProjectStatus.ACCEPTED: "资料齐备后由实施办公室办理结项。",
    ProjectStatus.CLOSED: "项目已结项，资料只读。",
    ProjectStatus.TERMINATED: "项目已终止，资料只读。",
}


def lifecycle_steps(state: str, published: str | None = None) -> list[Step]:
    """Return the strip of the lifecycle, which begins with the approval.

    For a published project only the reported state (`published`) and the current one are shown.
    """
    if published is not None:
        seen = [published] if published == state else [published, state]
        stops = ["立项", *(PROJECT.state(code).label for code in seen)]
        last = len(stops) - 1
        return [(stop, "current" if at == last else "done", None) for at, stop in enumerate(stops)]
    current = SIDE_STATES.get(state, state)
    steps = PROJECT.steps(current, MAIN_PATH)
    steps[MAIN_PATH.index(current)] = (PROJECT.state(state).label, "current", None)
    return [("立项", "done", None), *steps]

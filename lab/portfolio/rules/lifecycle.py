"""Lifecycle of a project. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class ProjectStatus(StrEnum):
    """Where a project stands."""

    AWAITING_CHARTER = "awaiting_charter"
    RUNNING = "running"
    PAUSED = "paused"
    TRIAL = "trial"
    LANDED = "landed"
    AWAITING_ACCEPTANCE = "awaiting_acceptance"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    TERMINATED = "terminated"


_S = ProjectStatus
PROJECT = StateMachine(
    "project",
    (
        State(_S.AWAITING_CHARTER, "待签任务书", "yellow"),
        State(_S.RUNNING, "实施中", "blue"),
        State(_S.PAUSED, "暂停"),
        State(_S.TRIAL, "试运行", "blue"),
        State(_S.LANDED, "已落地", "green"),
        State(_S.AWAITING_ACCEPTANCE, "待验收", "yellow"),
        State(_S.ACCEPTED, "已验收", "green"),
        State(_S.CLOSED, "已结项"),
        State(_S.TERMINATED, "已终止", "red"),
    ),
    (
        Transition(
            "start",
            "开始实施",
            (_S.AWAITING_CHARTER,),
            _S.RUNNING,
            ("charter_signed_at", "started_on"),
        ),
        Transition("pause", "暂停", (_S.RUNNING, _S.TRIAL), _S.PAUSED, ("status_reason",)),
        Transition("resume", "恢复实施", (_S.PAUSED,), _S.RUNNING),
        Transition("trial", "转入试运行", (_S.RUNNING,), _S.TRIAL),
        Transition("land", "认定落地", (_S.RUNNING, _S.TRIAL), _S.LANDED, ("landed_note",)),
        Transition("apply_acceptance", "申请验收", (_S.LANDED,), _S.AWAITING_ACCEPTANCE),
        Transition(
            "accept", "通过验收", (_S.AWAITING_ACCEPTANCE,), _S.ACCEPTED, ("accepted_note",)
        ),
        Transition("close", "结项", (_S.ACCEPTED,), _S.CLOSED),
        Transition(
            "terminate",
            "终止",
            (_S.RUNNING, _S.PAUSED, _S.TRIAL),
            _S.TERMINATED,
            ("status_reason",),
        ),
    ),
)
STARTED = PROJECT.group_from(_S.RUNNING)
LIVE = PROJECT.group(
    *(_S.AWAITING_CHARTER, _S.RUNNING, _S.PAUSED, _S.TRIAL),
    *(_S.LANDED, _S.AWAITING_ACCEPTANCE, _S.ACCEPTED),
)
UNDER_WAY = PROJECT.group(  # started and not ended
    *(_S.RUNNING, _S.PAUSED, _S.TRIAL, _S.LANDED, _S.AWAITING_ACCEPTANCE, _S.ACCEPTED)
)
IN_PROGRESS = PROJECT.group(_S.RUNNING, _S.TRIAL)
REPORTING = PROJECT.group(*IN_PROGRESS, _S.LANDED)  # figures and narrative of each month are owed
TERMINABLE = PROJECT.group(_S.RUNNING, _S.PAUSED, _S.TRIAL)
HALTED = PROJECT.group(_S.PAUSED, _S.TERMINATED)
LANDED = PROJECT.group(_S.LANDED, _S.AWAITING_ACCEPTANCE, _S.ACCEPTED, _S.CLOSED)
EVER_ACCEPTED = PROJECT.group(_S.ACCEPTED, _S.CLOSED)
ENDED = PROJECT.group_from(_S.CLOSED)
UNLIT = PROJECT.group(_S.AWAITING_CHARTER, _S.PAUSED, *ENDED)  # the light is grey

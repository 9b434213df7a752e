"""What the door answers to a file, without a server: the sentence, or how it is taken."""

from __future__ import annotations

from lab.files.inspection import examiner, kinds
from lab.files.inspection.active import PICTURES_ONLY, TABLE
from lab.files.inspection.problems import problem_message

TAKEN, SHOWN = "收下", "只以图片显示"
LIMIT = 10 * 1024 * 1024


def at_the_door(name: str, data: bytes) -> str:
    """The sentence of a refusal; else TAKEN or SHOWN, with what its owner is told, if anything."""
    head = data[: kinds.EDGE]
    kept = kinds.proper_name(name, head)
    if message := kinds.rejection_message(kept, len(data), LIMIT, head):
        return message
    order = {"act": kinds.EXAMINE, "form": kinds.form_of(kept)}
    answer, _ = examiner.run(order, data)
    if problem := examiner.problem_from(answer):
        return problem_message(problem, kept)
    assert all(TABLE[code].treatment == PICTURES_ONLY for code in answer["active"])
    return (SHOWN if answer["active"] else TAKEN) + kinds.renamed_note(name, head)


def drawn(name: str, data: bytes) -> list[tuple[int, int, int, int]]:
    """Page, piece, width and height of each picture of a file that is taken."""
    form = kinds.form_of(kinds.proper_name(name, data[: kinds.EDGE]))
    answer, body = examiner.run({"act": kinds.PREVIEW, "form": form}, data)
    assert len(body) == sum(page["size"] for page in answer["pages"])
    return [(p["page"], p["piece"], p["width"], p["height"]) for p in answer["pages"]]

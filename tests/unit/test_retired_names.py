"""Words that had to be translated back before they could be read do not come back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from lab.filesystem import ROOT

# Exact identifiers, whatever they name; the word inside a longer name is not meant.
NAMES = """
    Act ActForm ActRow AddressRefused Answer Asked Board Clash Counted DecisionAct DemoMarked Found
    Frame Gap Genuine Handed HeadsRead Historic Kept Keyed Likeness Line Lost Machine Made
    MonthState MonthText MonthTextForm MonthWords MoreTime Noted Numbered PICKED PaperRow Past
    PickForm Picked Postable ProposalPaper RefuseForm Refused ReleaseAct Reminded RenderRefused Seen
    SeenAt SheetRow Since Standing StatusWriteRefused Stretch Subject TooSoon TransitionRefused
    Trouble UnitWriteRefused WaitingText Walk Weighed Words WriteGate _Desk _clash _clashed _sweep
    _sweep_one _tell _warm accepts_until act act_code acts acts_in acts_of after_the_slip already
    asked_by asked_in asker_words awaited_at be_present beat_once board board_of bring_back
    call_subject came_late clash_page close_period closing_of confirm_month_text confirmation_gap
    content_gaps cut_short ensure_reachable explain_uncaught extended_until fault_of faults fits
    forget forget_below forget_failed forget_lost_pictures forget_old forget_oldest forgive_guesses
    frame_of frozen_board gap gaps gather given_token glance go_on handed_in handed_in_on has_kind
    head_words held_at hold hold_all hold_call hold_purges hold_round how_many in_groups in_words
    insist keep keep_anyway keep_draft keep_newest kept_form kept_out kept_values lacking leftovers
    leftovers_of letter_subject limit_words lock_periods look merged month_states month_text
    month_texts more_time move not_here note_act note_address note_change note_damage note_denial
    note_export note_save note_slip note_state open_fields open_gaps owes person_subject place_of
    planned_value project_subject proposal_paper release_act release_subject releaser_words
    return_month_text review_copy row_changes save_month_text sent_though_shut sentence settle
    show_gaps shut shut_fields sight size_words slip_waits standing standing_in standing_of
    standings stands_as still_taken subject_of subjects sweep sweep_lane take_guess take_off take_up
    taken_until tell tell_asked tell_done tell_expired tell_refused tell_withdrawn text_changes
    text_handed_in tidy tie_sentence time_words told_to touch troubles two_places typed_in_words
    typed_rows value_change walk_through warm who_may_apply who_writes whom_to_ask why_ended
    why_no_mail why_not_begin why_not_submit without_faults worked_in worked_months writers
"""
# Columns, keys of frozen JSON and types of values; no class or function takes these names.
VALUES = {"Answer", "asked_by", "month_text", "subjects", "troubles"}
MODULES = """
    account_mail_texts acts answers beating board child confirming difference entrance faults
    forms_items gap_count gate guesses holding inside joining judging key_fit leftovers lights
    likeness mail_doubt mail_sweep marks paper_fill papers places powers queries_restated reach
    receiving redrawing resuming service_items sheet_child sheet_reading standing sums tables traces
    unit_door views_acts views_items views_papers
"""
LONGEST_TEST_NAME = 60  # characters; one line of a report
FROZEN = "schemas"  # prints documents of an earlier form, and stays as it was


def bound_names(node: ast.AST) -> Iterator[str]:
    """The names that a node defines, takes as an argument or assigns."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
            return
        case ast.arg(arg=name) | ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
            value = name
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            value = name
        case _:
            return
    if value not in VALUES:
        yield value


def retired_names(tree: ast.AST) -> set[str]:
    return {name for node in ast.walk(tree) for name in bound_names(node)} & set(NAMES.split())


def test_nothing_takes_a_retired_name() -> None:
    taken = {
        f"{name} in {path.relative_to(ROOT)}"
        for path in sorted((ROOT / "lab").rglob("*.py"))
        if FROZEN not in path.parts
        for name in retired_names(ast.parse(path.read_text("utf-8")))
    }
    assert taken == set()


@pytest.mark.parametrize(
    "code",
    (
        "class leftovers: ...",
        "def leftovers(): ...",
        "def save(leftovers): ...",
        "leftovers = {}",
        "class Row:\n    leftovers: int",
        "row.leftovers = {}",
        "from lab import service as leftovers",
        "for leftovers in (): ...",
    ),
)
def test_a_retired_name_is_noticed(code: str) -> None:
    assert retired_names(ast.parse(code)) == {"leftovers"}


def test_no_module_takes_a_retired_name() -> None:
    retired = set(MODULES.split())
    modules = (path for path in (ROOT / "lab").rglob("*.py") if FROZEN not in path.parts)
    assert [str(path.relative_to(ROOT)) for path in modules if path.stem in retired] == []


def test_every_test_name_fits_one_line_of_a_report() -> None:
    names = (
        node.name
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
    assert [name for name in names if len(name) > LONGEST_TEST_NAME] == []

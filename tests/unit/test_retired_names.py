"""Words that had to be translated back before they could be read do not come back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lab.filesystem import ROOT

# Exact identifiers of classes and functions; the word inside a longer name is not meant.
NAMES = """
    Act ActForm ActRow AddressRefused Board Clash DemoMarked Found Frame Gap Historic Kept Keyed
    Machine MonthText MonthTextForm MonthWords MoreTime Numbered PaperRow ProposalPaper
    RefuseForm Refused ReleaseAct RenderRefused SheetRow Standing StatusWriteRefused Subject
    TransitionRefused UnitWriteRefused WaitingText Weighed Words WriteGate _Desk _clash _clashed
    _sweep _sweep_one _tell _warm accepts_until acts_in acts_of asked_in asker_words board
    board_of call_subject clash_page closing_of confirm_month_text confirmation_gap content_gaps
    ensure_reachable explain_uncaught extended_until forget forget_below forget_failed
    forget_lost_pictures forget_old forget_oldest frame_of frozen_board gaps given_token
    head_words hold hold_all hold_call hold_purges hold_round how_many in_groups keep
    keep_anyway keep_draft keep_newest kept_form kept_values lacking leftovers leftovers_of
    letter_subject limit_words merged month_text month_texts more_time move note_act open_fields
    person_subject place_of planned_value project_subject proposal_paper release_subject
    releaser_words return_month_text review_copy row_changes save_month_text sent_though_shut
    show_gaps shut shut_fields size_words standing standing_in standing_of standings stands_as
    still_taken subject_of subjects sweep_lane take_off taken_until tell tell_asked tell_done
    tell_expired tell_refused tell_withdrawn text_changes tie_sentence time_words troubles
    two_places value_change warm who_writes without_faults writers
"""
MODULES = """
    account_mail_texts board difference gap_count judging lights likeness mail_doubt mail_sweep
    marks paper_fill papers queries_restated sheet_child sheet_reading standing sums tables
    views_acts views_papers
"""
LONGEST_TEST_NAME = 60  # characters; one line of a report
FROZEN = "schemas"  # prints documents of an earlier form, and stays as it was


def definitions() -> Iterator[tuple[str, str]]:
    """Every class and function of the portal, with the file that defines it."""
    for path in sorted((ROOT / "lab").rglob("*.py")):
        if FROZEN in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, str(path.relative_to(ROOT))


def test_no_class_or_function_takes_a_retired_name() -> None:
    retired = set(NAMES.split())
    assert [found for found in definitions() if found[0] in retired] == []


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

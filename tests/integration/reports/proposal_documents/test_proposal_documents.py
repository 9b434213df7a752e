"""Receipt and printed proposal: ordered by the submission, made by the worker, kept as they are."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from lab.extensions import db
from lab.files.documents import service as rendering
from lab.files.documents import storage as documents
from lab.filesystem import ROOT
from lab.jobs.service import run_due
from lab.policy import Actor
from lab.proposals.access import Submitted
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.submission import service as proposals
from lab.rejected import Rejected
from lab.reports.models import Paper
from lab.reports.proposal_documents import queries as proposal_documents_queries
from lab.reports.proposal_documents import service as proposal_documents_service
from tests.support.builders import calls as build_calls
from tests.support.builders import proposals as build
from tests.support.cast import Cast, person
from tests.support.servers.forking import ForkServer


def _submitted(cast: Cast) -> Submitted:
    proposal = build.submitted_proposal(cast, build_calls.open_call(cast))
    return _version(proposal)


def _version(proposal: Proposal) -> Submitted:
    newest = ProposalVersion.number.desc()
    mine = select(ProposalVersion).where(ProposalVersion.proposal_id == proposal.id)
    return Submitted(proposal, db.session.scalars(mine.order_by(newest)).first())  # type: ignore[arg-type]


def _paper(kind: str) -> Paper:
    """The one paper of this kind."""
    return db.session.scalars(select(Paper).where(Paper.kind == kind)).one()


def _origin(found: Submitted, kind: str) -> Any:
    paper = proposal_documents_queries.find_document(found.version.id, kind)
    assert paper is not None
    return json.loads(paper.snapshot)["origin"]


def _newest() -> Submitted:
    """The newest version, read anew: the worker ends every session."""
    return _version(db.session.scalars(select(Proposal).order_by(Proposal.id.desc())).first())  # type: ignore[arg-type]


def _work() -> int:
    """Let the worker do what is due; it needs the database for itself."""
    db.session.rollback()
    return run_due()


def _printed(kind: str) -> Paper:
    """The one paper of this kind, made as its job makes it; the others wait."""
    key = _paper(kind).key
    db.session.rollback()
    rendering.render(proposal_documents_service.DOCUMENT, {"paper": key})
    return _paper(kind)


def _bytes(paper: Paper) -> bytes:
    return documents.path_of(paper.file_name or "").read_bytes()


def _text(paper: Paper) -> str:
    pages = PdfReader(io.BytesIO(_bytes(paper))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_a_submission_brings_receipt_and_printed_proposal(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        _submitted(both_cast)
        assert {_paper(kind).status for kind in proposal_documents_queries.KIND_LABELS} == {
            "queued"
        }
        assert _work() == len(proposal_documents_queries.KIND_LABELS) + 1, (
            "and the comparison with earlier proposals"
        )
        found = _newest()
        for kind in proposal_documents_queries.KIND_LABELS:
            paper = _paper(kind)
            assert paper.status == "ready"
            assert hashlib.sha256(_bytes(paper)).hexdigest() == paper.file_hash
            text = _text(paper)
            assert found.proposal.number in text and found.version.fingerprint in text
        assert len(PdfReader(io.BytesIO(_bytes(_paper("receipt")))).pages) == 1


def test_a_document_shows_the_text_as_submitted(app: Flask, cast: Cast) -> None:
    with app.app_context():
        found = _submitted(cast)
        found.proposal.title = "改过的名称"
        found.proposal.leader_phone = "010-99999999"
        proposal_documents_service.audit.record("test.change", found.proposal)
        db.session.commit()
        text = _text(_printed("proposal"))
        assert "园区数字人民币缴费" in text and "010-10000000" in text
        assert "改过的名称" not in text and "010-99999999" not in text


def test_a_regenerated_document_is_byte_identical(app: Flask, cast: Cast) -> None:
    with app.app_context():
        _submitted(cast)
        paper = _printed("proposal")
        first, key = _bytes(paper), paper.key
        paper._set_status("queued")
        proposal_documents_service.audit.record("test.change", paper)
        db.session.commit()
        db.session.remove()
        rendering.render(proposal_documents_service.DOCUMENT, {"paper": key})
        assert _bytes(_paper("proposal")) == first


def test_each_submission_has_its_own_documents(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        proposal = build.returned_proposal(both_cast, build_calls.open_call(both_cast))
        first = _version(proposal)
        proposals.submit(proposal, both_cast.leader, pledged=True)
        db.session.commit()
        second = _version(proposal)
        assert (first.version.number, second.version.number) == (1, 2)
        kept, new = (_origin(of, "receipt") for of in (first, second))
        assert (kept["version"], new["version"]) == (1, 2)
        assert kept["submitted_by"] == person(both_cast.applicant).name
        assert new["submitted_by"] == person(both_cast.leader).name
        assert kept["number"] == new["number"] == proposal.number


def test_a_refused_submission_leaves_no_document(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        draft = build.filled_draft(both_cast, build_calls.open_call(both_cast))
        with pytest.raises(Rejected):
            proposals.submit(draft, both_cast.applicant, pledged=False)
        db.session.rollback()
        assert db.session.scalars(select(Paper)).all() == []


def test_missing_documents_are_made_once_on_request(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        found = _submitted(both_cast)
        db.session.delete(_paper("receipt"))
        proposal_documents_service.audit.record("test.change", found.proposal)
        db.session.commit()
        proposal_documents_service.order_document(found, "receipt", person(both_cast.office))
        db.session.commit()
        origin = _origin(found, "receipt")
        assert origin["made_by"] == person(both_cast.office).name
        with pytest.raises(Rejected):
            proposal_documents_service.order_document(found, "receipt", person(both_cast.office))


# -- verification ------------------------------------------------------------------------------


def _actor(number: int, *roles: str) -> Actor:
    return Actor(number, frozenset(roles))


def test_fingerprint_details_are_only_for_insiders(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        found = _submitted(both_cast)
        code = found.version.fingerprint
        for actor in (
            _actor(both_cast.applicant, "applicant"),
            _actor(both_cast.leader, "applicant"),
            _actor(both_cast.office, "office"),
        ):
            (row,) = proposal_documents_queries.find_by_fingerprint(actor, code[:8].upper())
            assert row.visible and row.newest
            assert (row.number, row.version) == (found.proposal.number, 1)
            assert row.submitted_at == found.version.submitted_at
        for actor in (
            _actor(both_cast.stranger, "applicant"),
            _actor(both_cast.reviewer, "reviewer"),
            _actor(both_cast.leading, "leading"),
        ):
            assert proposal_documents_queries.find_by_fingerprint(actor, code) == [
                proposal_documents_queries.VerifiedFingerprint(visible=False)
            ]


@pytest.mark.parametrize("code", ["0" * 64, "", "abc", "%%%%%%%%", "________", "g" * 64])
def test_an_unknown_code_is_unknown(app: Flask, cast: Cast, code: str) -> None:
    with app.app_context():
        _submitted(cast)
        assert (
            proposal_documents_queries.find_by_fingerprint(_actor(cast.office, "office"), code)
            == []
        )


def test_the_hash_of_a_printed_file_is_known_too(app: Flask, cast: Cast) -> None:
    with app.app_context():
        _submitted(cast)
        code = _printed("proposal").file_hash or ""
        (row,) = proposal_documents_queries.find_by_fingerprint(_actor(cast.office, "office"), code)
        assert row.fingerprint == _newest().version.fingerprint


# -- the fingerprint without a database --------------------------------------------------------


def _command(server: ForkServer, file: Path) -> tuple[int | None, str]:
    """The documented command on a machine that has no database behind it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAB_")}
    without = {
        "LAB_INSTANCE": str(file.parent / "elsewhere"),
        "LAB_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    words = ("flask", "--app", "app", "proposal", "fingerprint", str(file))
    code, said = server.run(*words, environ={**kept, **without}, log=file.with_suffix(".log"))
    return code, said.strip()


def _submitted_content(app: Flask, cast: Cast) -> tuple[str, str]:
    """The stored content of a submitted version, and its fingerprint."""
    with app.app_context():
        version = _submitted(cast).version
        stored = version.content, version.fingerprint
        db.session.rollback()
        return stored


def test_the_fingerprint_is_recomputed_from_the_export(
    app: Flask, cast: Cast, fork_server: ForkServer, tmp_path: Path
) -> None:
    content, wanted = _submitted_content(app, cast)
    assert hashlib.sha256(content.encode()).hexdigest() == wanted
    plain = json.loads(content)
    indented = json.dumps(dict(reversed(plain.items())), indent=2, ensure_ascii=True)
    changed = json.dumps({**plain, "budget_fen": 1})
    answers = []
    for at, text in enumerate((content, indented + "\n", changed, "不是JSON", '{"a": 1.5}')):
        file = tmp_path / f"{at}.json"
        file.write_text(text, encoding="utf-8")
        answers.append(_command(fork_server, file))
    assert answers[:2] == [(0, wanted), (0, wanted)]
    code, other = answers[2]
    assert code == 0 and len(other) == 64 and other != wanted
    assert all(code and "这不是导出的申报内容" in said for code, said in answers[3:])


def test_the_documented_line_of_python_gives_the_fingerprint(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    content, wanted = _submitted_content(app, cast)
    (line,) = [
        line
        for line in (ROOT / "docs" / "fingerprint.md").read_text("utf-8").splitlines()
        if line.startswith("python3 -c ")
    ]
    program = line.split("'")[1]
    file = tmp_path / "a.json"
    file.write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == wanted

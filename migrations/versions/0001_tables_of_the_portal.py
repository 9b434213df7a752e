"""Tables of the portal

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.audit.models import POSTGRES_TRIGGERS, SQLITE_TRIGGERS
from lab.db.types import Hundredths, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_key", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prev_mac", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("mac", name=op.f("uq_audit_event_mac")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_object_key"), ["object_key"], unique=False)

    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_job_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["state", "due_at"], unique=False)

    op.create_table(
        "sequence",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sequence")),
        sa.UniqueConstraint("kind", "scope", name=op.f("uq_sequence_kind_scope")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failure_subject", ["subject", "at"], unique=False)

    op.create_table(
        "unit",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("side", sa.String(length=4), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("source_label", sa.String(length=60), nullable=False),
        sa.CheckConstraint("side IN ('post', 'bank')", name=op.f("ck_unit_side_known")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_unit_key")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("sign_in_name", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("source_label", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "kind <> 'staff' OR unit_id IS NOT NULL", name=op.f("ck_person_staff_has_unit")
        ),
        sa.CheckConstraint(
            "kind IN ('staff', 'system', 'security', 'audit')", name=op.f("ck_person_kind_known")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id", "kind", name=op.f("uq_person_id_kind")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_person_sign_in_name")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "auth_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_auth_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_auth_session_token_hash")),
    )
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auth_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "call",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("notice_text", sa.Text(), nullable=False),
        sa.Column("opens_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closes_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("minimum_sheets", sa.Integer(), nullable=False),
        sa.Column("trim", sa.Boolean(), nullable=False),
        sa.Column("rules_frozen", sa.Text(), nullable=True),
        sa.Column("rules_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("review_opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("review_closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("announced_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("archived_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("received_text", sa.String(length=40), nullable=False),
        sa.Column("approved_stated", sa.Integer(), nullable=True),
        sa.Column("month_text", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("source_label", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'open', 'closed', 'reviewing', 'announced', 'archived')",
            name=op.f("ck_call_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('announced', 'archived') OR (announced_at IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_call_announced_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('archived') OR (archived_at IS NOT NULL)",
            name=op.f("ck_call_archived_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('closed', 'reviewing', 'announced', 'archived') OR (closed_at IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_call_closed_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('published', 'open', 'closed', 'reviewing', 'announced', 'archived') OR (published_at IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_call_published_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('reviewing', 'announced', 'archived') OR (rules_frozen IS NOT NULL AND rules_fingerprint IS NOT NULL AND review_opened_at IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_call_review_evidence"),
        ),
        sa.CheckConstraint(
            "closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_call_closes_after_opens")
        ),
        sa.CheckConstraint(
            "minimum_sheets BETWEEN 1 AND 99", name=op.f("ck_call_minimum_sheets_range")
        ),
        sa.CheckConstraint("places BETWEEN 1 AND 999", name=op.f("ck_call_places_range")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_call_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("key", name=op.f("uq_call_key")),
        sa.UniqueConstraint("year", "batch", name=op.f("uq_call_year_batch")),
    )
    op.create_table(
        "notice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_person", ["person_id", "read_at"], unique=False)

    op.create_table(
        "password_history",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_password_history_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_history")),
    )
    with op.batch_alter_table("password_history", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_password_history_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "report",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("cutoff", sa.Date(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("data_hash", sa.String(length=64), nullable=False),
        sa.Column("has_demo", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=80), nullable=True),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("file_size", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "status <> 'failed' OR failure <> ''", name=op.f("ck_report_failed_evidence")
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'ready', 'failed')", name=op.f("ck_report_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('ready') OR (file_hash IS NOT NULL AND file_name IS NOT NULL)",
            name=op.f("ck_report_ready_evidence"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_report_job_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_report_made_by_id")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["report.id"], name=op.f("fk_report_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("key", name=op.f("uq_report_key")),
        sa.UniqueConstraint("number", name=op.f("uq_report_number")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_data_hash"), ["data_hash"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_kind", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("granted_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("person_kind = 'staff'", name=op.f("ck_role_grant_staff_only")),
        sa.CheckConstraint(
            "role IN ('applicant', 'reviewer', 'office', 'leading')",
            name=op.f("ck_role_grant_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "person_kind"],
            ["person.id", "person.kind"],
            name=op.f("fk_role_grant_person_id_person_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("person_id", "role", name=op.f("uq_role_grant_person_id_role")),
    )
    op.create_table(
        "stored_file",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("extension", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_name", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name=op.f("fk_stored_file_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_file_key")),
        sa.UniqueConstraint("storage_name", name=op.f("uq_stored_file_storage_name")),
    )
    op.create_table(
        "call_file",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_file_call_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_call_file_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_call_file_file_id")),
    )
    with op.batch_alter_table("call_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_file_call_id"), ["call_id"], unique=False)

    op.create_table(
        "criterion",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("lo", Hundredths(), nullable=False),
        sa.Column("hi", Hundredths(), nullable=False),
        sa.Column("step", Hundredths(), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "direction IN ('benefit', 'cost', 'info')", name=op.f("ck_criterion_direction_known")
        ),
        sa.CheckConstraint("hi > lo AND step > 0", name=op.f("ck_criterion_scale_sound")),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name=op.f("ck_criterion_weight_range")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_criterion_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("call_id", "key", name=op.f("uq_criterion_call_id_key")),
    )
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criterion_call_id"), ["call_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("ranking_number", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("notice_starts_on", sa.Date(), nullable=True),
        sa.Column("notice_ends_on", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'sent_back', 'approved', 'published')",
            name=op.f("ck_decision_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('published') OR (published_at IS NOT NULL AND notice_starts_on IS NOT NULL AND notice_ends_on IS NOT NULL)",
            name=op.f("ck_decision_published_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('sent_back') OR (note IS NOT NULL)",
            name=op.f("ck_decision_sent_back_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('sent_back', 'approved', 'published') OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_decision_decided_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'sent_back', 'approved', 'published') OR (proposed_by_id IS NOT NULL AND proposed_at IS NOT NULL)",
            name=op.f("ck_decision_proposed_evidence"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_decision_call_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_decision_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_decision_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("call_id", name=op.f("uq_decision_call_id")),
        sa.UniqueConstraint("key", name=op.f("uq_decision_key")),
    )
    op.create_table(
        "pledge",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("text_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_pledge_call_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_pledge_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("call_id", "reviewer_id", name=op.f("uq_pledge_call_id_reviewer_id")),
    )
    op.create_table(
        "proposal",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("leader_duty", sa.String(length=40), nullable=False),
        sa.Column("leader_phone", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("joint_unit_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=6), nullable=True),
        sa.Column("title", sa.String(length=50), nullable=False),
        sa.Column("project_type", sa.String(length=12), nullable=True),
        sa.Column("scenario_type", sa.String(length=12), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("innovation", sa.Text(), nullable=False),
        sa.Column("departments", sa.Text(), nullable=False),
        sa.Column("linkage", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("budget_fen", sa.BigInteger(), nullable=True),
        sa.Column("budget_source", sa.String(length=200), nullable=False),
        sa.Column("risks", sa.Text(), nullable=False),
        sa.Column("demonstration", sa.Text(), nullable=False),
        sa.Column("replicability", sa.Text(), nullable=False),
        sa.Column("smart_contract", sa.Boolean(), nullable=False),
        sa.Column("smart_contract_text", sa.String(length=300), nullable=False),
        sa.Column("unit_opinion", sa.Text(), nullable=False),
        sa.Column("leftovers", sa.Text(), nullable=False),
        sa.Column("pledged_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("source_label", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "project_type IN ('scene', 'hard_wallet', 'publicity', 'payment', 'street', 'other')",
            name=op.f("ck_proposal_project_type_known"),
        ),
        sa.CheckConstraint(
            "scenario_type IN ('retail', 'catering', 'utilities', 'transport', 'government', 'park', 'campus', 'health', 'culture', 'street', 'payroll', 'publicity', 'hard_wallet', 'other')",
            name=op.f("ck_proposal_scenario_type_known"),
        ),
        sa.CheckConstraint(
            "side IN ('post', 'bank', 'joint')", name=op.f("ck_proposal_side_known")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'refused', 'accepted', 'reviewing', 'reviewed', 'approved', 'reserved', 'declined', 'withdrawn')",
            name=op.f("ck_proposal_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('refused', 'approved', 'reserved', 'declined', 'withdrawn') OR (closed_at IS NOT NULL)",
            name=op.f("ck_proposal_final_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'returned', 'refused', 'accepted', 'reviewing', 'reviewed', 'approved', 'reserved', 'declined', 'withdrawn') OR (number IS NOT NULL AND submitted_at IS NOT NULL)",
            name=op.f("ck_proposal_submitted_evidence"),
        ),
        sa.CheckConstraint(
            "budget_fen IS NULL OR budget_fen >= 0", name=op.f("ck_proposal_budget_not_negative")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_proposal_call_id")),
        sa.ForeignKeyConstraint(
            ["joint_unit_id"], ["unit.id"], name=op.f("fk_proposal_joint_unit_id")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_proposal_leader_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_proposal_owner_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_proposal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("key", name=op.f("uq_proposal_key")),
        sa.UniqueConstraint("number", name=op.f("uq_proposal_number")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_call_status", ["call_id", "status"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_proposal_joint_unit_id"), ["joint_unit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_proposal_leader_id"), ["leader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "ranking_result",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("computed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_ranking_result_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_result")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_ranking_result_call_id_number")),
    )
    with op.batch_alter_table("ranking_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ranking_result_call_id"), ["call_id"], unique=False)

    op.create_table(
        "decision_item",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mark IN ('proposed', 'reserve', 'rejected')", name=op.f("ck_decision_item_mark_known")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_item_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_decision_item_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_item")),
        sa.UniqueConstraint(
            "decision_id", "proposal_id", name=op.f("uq_decision_item_decision_id_proposal_id")
        ),
    )
    with op.batch_alter_table("decision_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_item_decision_id"), ["decision_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_decision_item_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "formality_check",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'returned' OR due_on IS NOT NULL",
            name=op.f("ck_formality_check_due_date_given"),
        ),
        sa.CheckConstraint(
            "outcome = 'passed' OR reason <> ''", name=op.f("ck_formality_check_reason_given")
        ),
        sa.CheckConstraint(
            "outcome IN ('passed', 'returned', 'refused')",
            name=op.f("ck_formality_check_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_formality_check_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_formality_check_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formality_check")),
    )
    with op.batch_alter_table("formality_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_formality_check_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "project",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("short_name", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("joint_unit_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=6), nullable=True),
        sa.Column("scenario_type", sa.String(length=12), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("approved_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("announced_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("charter_signed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("charter_signed_by_id", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("landed_note", sa.Text(), nullable=True),
        sa.Column("accepted_note", sa.Text(), nullable=True),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("status_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("status_as_of", sa.Date(), nullable=True),
        sa.Column("light_override", sa.String(length=6), nullable=True),
        sa.Column("light_reason", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("source_label", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "light_override IN ('green', 'yellow', 'red', 'grey')",
            name=op.f("ck_project_light_override_known"),
        ),
        sa.CheckConstraint(
            "light_override IS NULL OR light_reason <> ''",
            name=op.f("ck_project_override_has_reason"),
        ),
        sa.CheckConstraint("side IN ('post', 'bank', 'joint')", name=op.f("ck_project_side_known")),
        sa.CheckConstraint(
            "status IN ('awaiting_charter', 'running', 'paused', 'trial', 'landed', 'awaiting_acceptance', 'accepted', 'closed', 'terminated')",
            name=op.f("ck_project_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('accepted', 'closed') OR (accepted_note IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_project_accepted_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('landed', 'awaiting_acceptance', 'accepted', 'closed') OR (landed_note IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_project_landed_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('paused', 'terminated') OR (status_reason IS NOT NULL)",
            name=op.f("ck_project_halted_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('running', 'paused', 'trial', 'landed', 'awaiting_acceptance', 'accepted', 'closed', 'terminated') OR (charter_signed_at IS NOT NULL AND started_on IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_project_started_evidence"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_project_call_id")),
        sa.ForeignKeyConstraint(
            ["charter_signed_by_id"], ["person.id"], name=op.f("fk_project_charter_signed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["joint_unit_id"], ["unit.id"], name=op.f("fk_project_joint_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_project_proposal_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_project_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("key", name=op.f("uq_project_key")),
        sa.UniqueConstraint("number", name=op.f("uq_project_number")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_project_proposal_id")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "proposal_avoid",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_avoid_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_avoid_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_avoid")),
        sa.UniqueConstraint(
            "proposal_id", "person_id", name=op.f("uq_proposal_avoid_proposal_id_person_id")
        ),
    )
    with op.batch_alter_table("proposal_avoid", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_avoid_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "proposal_file",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_proposal_file_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_file_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_proposal_file_file_id")),
    )
    with op.batch_alter_table("proposal_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_file_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "proposal_milestone",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_milestone_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_milestone")),
    )
    with op.batch_alter_table("proposal_milestone", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_milestone_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "proposal_person",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_person_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_person_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_person")),
        sa.UniqueConstraint(
            "proposal_id", "person_id", name=op.f("uq_proposal_person_proposal_id_person_id")
        ),
    )
    with op.batch_alter_table("proposal_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_person_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_proposal_person_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "proposal_target",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=3), nullable=False),
        sa.Column("base", Hundredths(), nullable=False),
        sa.Column("target", Hundredths(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_target_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_target")),
        sa.UniqueConstraint(
            "proposal_id", "indicator", name=op.f("uq_proposal_target_proposal_id_indicator")
        ),
    )
    with op.batch_alter_table("proposal_target", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_target_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "proposal_version",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_version_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_proposal_version_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_version")),
        sa.UniqueConstraint(
            "proposal_id", "number", name=op.f("uq_proposal_version_proposal_id_number")
        ),
    )
    with op.batch_alter_table("proposal_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_version_proposal_id"), ["proposal_id"], unique=False
        )

    op.create_table(
        "recusal",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_recusal_reason_given")),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["person.id"], name=op.f("fk_recusal_declared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_recusal_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["person.id"], name=op.f("fk_recusal_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint(
            "proposal_id", "reviewer_id", name=op.f("uq_recusal_proposal_id_reviewer_id")
        ),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_reviewer_id"), ["reviewer_id"], unique=False)

    op.create_table(
        "score_sheet",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("proposal_version", sa.Integer(), nullable=False),
        sa.Column("recommendation", sa.String(length=8), nullable=True),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "recommendation IN ('approve', 'revise', 'decline')",
            name=op.f("ck_score_sheet_recommendation_known"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'recused', 'abstained', 'cancelled')",
            name=op.f("ck_score_sheet_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('recused', 'abstained', 'cancelled') OR (closed_reason IS NOT NULL)",
            name=op.f("ck_score_sheet_closed_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('returned') OR (return_reason IS NOT NULL)",
            name=op.f("ck_score_sheet_returned_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted') OR (submitted_at IS NOT NULL)",
            name=op.f("ck_score_sheet_submitted_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"], ["person.id"], name=op.f("fk_score_sheet_assigned_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_score_sheet_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["person.id"], name=op.f("fk_score_sheet_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint("key", name=op.f("uq_score_sheet_key")),
        sa.UniqueConstraint(
            "proposal_id", "reviewer_id", name=op.f("uq_score_sheet_proposal_id_reviewer_id")
        ),
    )
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_score_sheet_proposal_id"), ["proposal_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_score_sheet_reviewer_id"), ["reviewer_id"], unique=False
        )

    op.create_table(
        "entry",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=3), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", Hundredths(), nullable=True),
        sa.Column("value_text", sa.String(length=40), nullable=False),
        sa.Column("forecast", sa.Boolean(), nullable=False),
        sa.Column("unavailable_reason", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("correction_reason", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("source_label", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "corrects_id IS NULL OR correction_reason <> ''",
            name=op.f("ck_entry_correction_has_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'confirmed', 'approved', 'returned', 'superseded')",
            name=op.f("ck_entry_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'superseded') OR (approved_at IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_entry_approved_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'superseded') OR source_label <> '' OR (confirmed_by_id IS NOT NULL AND approved_by_id IS NOT NULL AND approved_by_id <> entered_by_id)",
            name=op.f("ck_entry_approved_by_another"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('confirmed', 'approved', 'superseded') OR (confirmed_by_id IS NOT NULL AND confirmed_at IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_entry_confirmed_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('returned') OR (return_reason IS NOT NULL)",
            name=op.f("ck_entry_returned_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'confirmed', 'approved', 'superseded') OR (entered_by_id IS NOT NULL) OR source_label <> ''",
            name=op.f("ck_entry_entered_evidence"),
        ),
        sa.CheckConstraint("value IS NULL OR value >= 0", name=op.f("ck_entry_value_not_negative")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_entry_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_entry_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["entry.id"], name=op.f("fk_entry_corrects_id")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_entry_entered_by_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_entry_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_entry_key")),
        sa.UniqueConstraint(
            "project_id",
            "indicator",
            "period_end",
            "revision",
            name=op.f("uq_entry_project_id_indicator_period_end_revision"),
        ),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("ix_entry_period", ["project_id", "period_end"], unique=False)
        batch_op.create_index(
            "uq_entry_one_approved",
            ["project_id", "indicator", "period_end"],
            unique=True,
            sqlite_where=sa.text("status = 'approved'"),
            postgresql_where=sa.text("status = 'approved'"),
        )

    op.create_table(
        "milestone",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_milestone_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("key", name=op.f("uq_milestone_key")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestone_project_id"), ["project_id"], unique=False)

    op.create_table(
        "period_lock",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("locked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_period_lock_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_lock")),
        sa.UniqueConstraint(
            "project_id", "period_end", name=op.f("uq_period_lock_project_id_period_end")
        ),
    )
    op.create_table(
        "progress_report",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("next_plan", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_progress_report_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_progress_report_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
        sa.UniqueConstraint("key", name=op.f("uq_progress_report_key")),
        sa.UniqueConstraint(
            "project_id", "period_end", name=op.f("uq_progress_report_project_id_period_end")
        ),
    )
    op.create_table(
        "scenario",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("is_benchmark", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("source_label", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "channel IN ('online', 'offline')", name=op.f("ck_scenario_channel_known")
        ),
        sa.CheckConstraint(
            "kind IN ('retail', 'catering', 'utilities', 'transport', 'government', 'park', 'campus', 'health', 'culture', 'street', 'payroll', 'publicity', 'hard_wallet', 'other')",
            name=op.f("ck_scenario_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_scenario_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sa.UniqueConstraint("key", name=op.f("uq_scenario_key")),
        sa.UniqueConstraint("project_id", "name", name=op.f("uq_scenario_project_id_name")),
    )
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_project_id"), ["project_id"], unique=False)

    op.create_table(
        "score_item",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("score", Hundredths(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_score_item_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["score_sheet.id"], name=op.f("fk_score_item_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_item")),
        sa.UniqueConstraint(
            "sheet_id", "criterion_id", name=op.f("uq_score_item_sheet_id_criterion_id")
        ),
    )
    op.create_table(
        "sheet_history",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["score_sheet.id"], name=op.f("fk_sheet_history_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_history")),
    )
    with op.batch_alter_table("sheet_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_history_sheet_id"), ["sheet_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=3), nullable=False),
        sa.Column("base", Hundredths(), nullable=False),
        sa.Column("target", Hundredths(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_target_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("project_id", "indicator", name=op.f("uq_target_project_id_indicator")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_project_id"), ["project_id"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('leader', 'member')", name=op.f("ck_team_member_role_known")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_team_member_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_team_member_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint(
            "project_id", "person_id", name=op.f("uq_team_member_project_id_person_id")
        ),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_member_project_id"), ["project_id"], unique=False)
        batch_op.create_index(
            "uq_team_member_one_leader",
            ["project_id"],
            unique=True,
            sqlite_where=sa.text("role = 'leader'"),
            postgresql_where=sa.text("role = 'leader'"),
        )

    op.create_table(
        "merchant",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("source_label", sa.String(length=60), nullable=False),
        sa.CheckConstraint("outlets BETWEEN 1 AND 100000", name=op.f("ck_merchant_outlets_range")),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_merchant_scenario_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchant")),
        sa.UniqueConstraint("key", name=op.f("uq_merchant_key")),
        sa.UniqueConstraint("scenario_id", "name", name=op.f("uq_merchant_scenario_id_name")),
    )
    with op.batch_alter_table("merchant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merchant_scenario_id"), ["scenario_id"], unique=False)

    op.create_table(
        "onboarding_step",
        sa.Column("merchant_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "step IN ('contact', 'account', 'contract', 'filing', 'device', 'joint_test', 'trial', 'live', 'trading', 'paused', 'exited')",
            name=op.f("ck_onboarding_step_step_known"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["merchant.id"], name=op.f("fk_onboarding_step_merchant_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_onboarding_step_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_step")),
        sa.UniqueConstraint(
            "merchant_id", "step", name=op.f("uq_onboarding_step_merchant_id_step")
        ),
    )
    with op.batch_alter_table("onboarding_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_onboarding_step_merchant_id"), ["merchant_id"], unique=False
        )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_TRIGGERS if sqlite else POSTGRES_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("onboarding_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_onboarding_step_merchant_id"))

    op.drop_table("onboarding_step")
    with op.batch_alter_table("merchant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merchant_scenario_id"))

    op.drop_table("merchant")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_team_member_one_leader",
            sqlite_where=sa.text("role = 'leader'"),
            postgresql_where=sa.text("role = 'leader'"),
        )
        batch_op.drop_index(batch_op.f("ix_team_member_project_id"))
        batch_op.drop_index(batch_op.f("ix_team_member_person_id"))

    op.drop_table("team_member")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_target_project_id"))

    op.drop_table("target")
    with op.batch_alter_table("sheet_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_history_sheet_id"))

    op.drop_table("sheet_history")
    op.drop_table("score_item")
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scenario_project_id"))

    op.drop_table("scenario")
    op.drop_table("progress_report")
    op.drop_table("period_lock")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_project_id"))

    op.drop_table("milestone")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_entry_one_approved",
            sqlite_where=sa.text("status = 'approved'"),
            postgresql_where=sa.text("status = 'approved'"),
        )
        batch_op.drop_index("ix_entry_period")

    op.drop_table("entry")
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_sheet_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_score_sheet_proposal_id"))

    op.drop_table("score_sheet")
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recusal_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_recusal_proposal_id"))

    op.drop_table("recusal")
    with op.batch_alter_table("proposal_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_version_proposal_id"))

    op.drop_table("proposal_version")
    with op.batch_alter_table("proposal_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_target_proposal_id"))

    op.drop_table("proposal_target")
    with op.batch_alter_table("proposal_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_person_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_person_person_id"))

    op.drop_table("proposal_person")
    with op.batch_alter_table("proposal_milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_milestone_proposal_id"))

    op.drop_table("proposal_milestone")
    with op.batch_alter_table("proposal_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_file_proposal_id"))

    op.drop_table("proposal_file")
    with op.batch_alter_table("proposal_avoid", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_avoid_proposal_id"))

    op.drop_table("proposal_avoid")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_unit_id"))
        batch_op.drop_index(batch_op.f("ix_project_call_id"))

    op.drop_table("project")
    with op.batch_alter_table("formality_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_formality_check_proposal_id"))

    op.drop_table("formality_check")
    with op.batch_alter_table("decision_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_item_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_decision_item_decision_id"))

    op.drop_table("decision_item")
    with op.batch_alter_table("ranking_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ranking_result_call_id"))

    op.drop_table("ranking_result")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_unit_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_owner_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_leader_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_joint_unit_id"))
        batch_op.drop_index("ix_proposal_call_status")

    op.drop_table("proposal")
    op.drop_table("pledge")
    op.drop_table("decision")
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criterion_call_id"))

    op.drop_table("criterion")
    with op.batch_alter_table("call_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_file_call_id"))

    op.drop_table("call_file")
    op.drop_table("stored_file")
    op.drop_table("role_grant")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_data_hash"))

    op.drop_table("report")
    with op.batch_alter_table("password_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_history_person_id"))

    op.drop_table("password_history")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_person")

    op.drop_table("notice")
    op.drop_table("call")
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auth_session_person_id"))

    op.drop_table("auth_session")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_unit_id"))

    op.drop_table("person")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_failure_subject")

    op.drop_table("sign_in_failure")
    op.drop_table("sequence")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_object_key"))
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))
        batch_op.drop_index(batch_op.f("ix_audit_event_actor_id"))
        batch_op.drop_index(batch_op.f("ix_audit_event_action"))

    op.drop_table("audit_event")

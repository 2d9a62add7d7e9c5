"""Screening in depth: machines, operators, labels, flags, second looks.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

_NEW = ("label_kind", "reservations", "flags_open", "state")


def upgrade() -> None:
    _let_passes_have_a_state()
    op.create_table(
        "screening_waybills",
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("waybill", "enterprise_id", "outlet_id", name=op.f("pk_screening_waybills")),
    )
    op.execute(
        "INSERT INTO screening_waybills (waybill, enterprise_id, outlet_id)"
        " SELECT DISTINCT waybill, enterprise_id, outlet_id FROM screenings"
    )
    op.create_table(
        "screening_steps",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("second_clerk_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "screening_id", "number", name=op.f("pk_screening_steps")),
    )
    op.create_table(
        "screening_flag_closings",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("flag", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("conclusion", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("second_clerk_id", sa.Uuid(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("rules_version", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "screening_id", "flag", name=op.f("pk_screening_flag_closings")),
    )
    op.create_table(
        "screener_signs",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("machine_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "clerk_id", "number", name=op.f("pk_screener_signs")),
    )
    op.create_table(
        "machine_minutes",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("machine_id", sa.Uuid(), nullable=False),
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "machine_id", "minute", name=op.f("pk_machine_minutes")),
    )
    _let_papers_be_filed()


def downgrade() -> None:
    for table in (
        "screener_papers",
        "machine_papers",
        "machine_minutes",
        "screener_signs",
        "screening_flag_closings",
        "screening_steps",
        "screening_waybills",
    ):
        op.drop_table(table)
    op.drop_index("ix_screenings_recorded", table_name="screenings")
    with op.batch_alter_table("screenings") as screenings:
        for name in (*_NEW, "flags"):
            screenings.drop_column(name)


def _let_passes_have_a_state() -> None:
    with op.batch_alter_table("screenings") as screenings:
        screenings.add_column(sa.Column("label_kind", sa.String(length=16), nullable=True))
        screenings.add_column(sa.Column("reservations", sa.String(length=200), nullable=True))
        screenings.add_column(sa.Column("flags", sa.JSON(none_as_null=True), nullable=True))
        screenings.add_column(sa.Column("flags_open", sa.Integer(), nullable=True))
        screenings.add_column(sa.Column("state", sa.String(length=16), nullable=True))
    # Nothing was asked of papers or shifts when these were recorded, so nothing is said against them.
    op.execute(
        "UPDATE screenings SET label_kind = 'walk_in', reservations = '', flags_open = 0,"
        " state = CASE verdict WHEN 'clear' THEN 'labelled' ELSE verdict END"
    )
    with op.batch_alter_table("screenings") as screenings:
        for name in _NEW:
            screenings.alter_column(name, nullable=False)
    op.create_index("ix_screenings_recorded", "screenings", ["enterprise_id", "outlet_id", "recorded_at"])


def _let_papers_be_filed() -> None:
    op.create_table(
        "machine_papers",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("machine_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_no", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("calibrated_on", sa.Date(), nullable=False),
        sa.Column("calibration_due_on", sa.Date(), nullable=False),
        sa.Column("is_networked", sa.Boolean(), nullable=False),
        sa.Column("screening_company", sa.String(length=120), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "machine_id", "id", name=op.f("pk_machine_papers")),
    )
    op.create_table(
        "screener_papers",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_no", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("background_checked_on", sa.Date(), nullable=True),
        sa.Column("screening_company", sa.String(length=120), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "clerk_id", "id", name=op.f("pk_screener_papers")),
    )

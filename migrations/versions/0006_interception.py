"""Interception: cases, custody, reports, and the sender's other parcels.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "interceptions",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(length=6), nullable=False),
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("goods_code", sa.String(length=64), nullable=True),
        sa.Column("class_code", sa.String(length=8), nullable=False),
        sa.Column("disposal", sa.String(length=4), nullable=False),
        sa.Column("is_never_returned", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(length=16), nullable=False),
        sa.Column("goods_version", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "id", name=op.f("pk_interceptions")),
    )
    op.create_index(op.f("ix_interceptions_enterprise_id_opened_at"), "interceptions", ["enterprise_id", "opened_at"])
    op.create_index(op.f("ix_interceptions_origin_opened_at"), "interceptions", ["origin", "opened_at"])
    op.create_table(
        "interception_steps",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("interception_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("disposal", sa.String(length=4), nullable=False),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.Column("holder_since", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=32), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("instruction", sa.String(length=16), nullable=True),
        sa.Column("is_evacuated", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("actor_certificate_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("holder_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("holder_certificate_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("witness_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("witness_certificate_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seal_key_id", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "interception_id", "number", name=op.f("pk_interception_steps")),
    )
    op.create_table(
        "interception_obligations",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("interception_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("disposal", sa.String(length=4), nullable=False),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_in", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("outlet_id", "interception_id", "number", name=op.f("pk_interception_obligations")),
    )
    op.create_table(
        "interception_evidence",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("interception_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(length=24), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("seal_key_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "interception_id", "sha256", name=op.f("pk_interception_evidence")),
    )
    op.create_table(
        "interception_waybills",
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("interception_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("stops", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "waybill", "enterprise_id", "outlet_id", "interception_id", name=op.f("pk_interception_waybills")
        ),
    )
    op.create_index(
        "uq_interception_waybills_open",
        "interception_waybills",
        ["waybill", "enterprise_id"],
        unique=True,
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.create_table(
        "interception_cascades",
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("interception_id", sa.Uuid(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at_outlet_id", sa.Uuid(), nullable=False),
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column("settled_outlet_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("waybill", "enterprise_id", "interception_id", name=op.f("pk_interception_cascades")),
    )
    op.create_index(
        op.f("ix_interception_cascades_interception_id_enterprise_id"),
        "interception_cascades",
        ["interception_id", "enterprise_id"],
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_interception_cascades_interception_id_enterprise_id"), table_name="interception_cascades")
    op.drop_table("interception_cascades")
    op.drop_index("uq_interception_waybills_open", table_name="interception_waybills")
    op.drop_table("interception_waybills")
    op.drop_table("interception_evidence")
    op.drop_table("interception_obligations")
    op.drop_table("interception_steps")
    op.drop_index(op.f("ix_interceptions_origin_opened_at"), table_name="interceptions")
    op.drop_index(op.f("ix_interceptions_enterprise_id_opened_at"), table_name="interceptions")
    op.drop_table("interceptions")

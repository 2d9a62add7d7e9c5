"""Scans of parcels under way, what a sender sent of limited goods in a day, rehearsals of campaigns.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("acceptance_tokens", sa.Column("phone_token", sa.BigInteger(), nullable=True))
    op.add_column("acceptance_tokens", sa.Column("refused_name_token", sa.BigInteger(), nullable=True))
    op.add_column("inspections", sa.Column("unidentified", sa.Boolean(), nullable=True))
    op.add_column("decisions", sa.Column("noticed", sa.JSON(), nullable=True))
    op.create_table(
        "sender_amounts",
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("goods_code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("added", sa.String(length=40), nullable=False),
        sa.Column("total", sa.String(length=40), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "token", "enterprise_id", "day", "goods_code", "number", name=op.f("pk_sender_amounts")
        ),
    )
    op.create_index(op.f("ix_sender_amounts_outlet_id_acceptance_id"), "sender_amounts", ["outlet_id", "acceptance_id"])
    op.create_table(
        "scans",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at_outlet_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("instruction", sa.String(length=24), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "id", name=op.f("pk_scans")),
    )
    op.create_index(op.f("ix_scans_waybill_enterprise_id"), "scans", ["waybill", "enterprise_id"])
    op.create_table(
        "rehearsals",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=6), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=True),
        sa.Column("at_outlet_id", sa.Uuid(), nullable=True),
        sa.Column("at_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_acceptance_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_rehearsals")),
    )
    op.create_index(
        "ix_rehearsals_unfinished",
        "rehearsals",
        ["requested_at"],
        postgresql_where=sa.text("finished_at IS NULL"),
        sqlite_where=sa.text("finished_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_rehearsals_unfinished", table_name="rehearsals")
    op.drop_table("rehearsals")
    op.drop_index(op.f("ix_scans_waybill_enterprise_id"), table_name="scans")
    op.drop_table("scans")
    op.drop_index(op.f("ix_sender_amounts_outlet_id_acceptance_id"), table_name="sender_amounts")
    op.drop_table("sender_amounts")
    op.drop_column("decisions", "noticed")
    op.drop_column("inspections", "unidentified")
    op.drop_column("acceptance_tokens", "refused_name_token")
    op.drop_column("acceptance_tokens", "phone_token")

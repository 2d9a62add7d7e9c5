"""Rule sets: proposed by one person, approved by another, never edited.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "rule_sets",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("layer", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=6), nullable=False),
        sa.Column("proposed_by_client", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "name", "edition", name=op.f("pk_rule_sets")),
    )
    op.create_index("uq_rule_sets_id", "rule_sets", ["owner_id", "id"], unique=True)
    op.create_index(op.f("ix_rule_sets_layer"), "rule_sets", ["layer"], unique=False)
    op.create_table(
        "rule_set_outcomes",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("answered_by_client", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "name", "edition", name=op.f("pk_rule_set_outcomes")),
    )


def downgrade() -> None:
    op.drop_table("rule_set_outcomes")
    op.drop_index(op.f("ix_rule_sets_layer"), table_name="rule_sets")
    op.drop_index("uq_rule_sets_id", table_name="rule_sets")
    op.drop_table("rule_sets")

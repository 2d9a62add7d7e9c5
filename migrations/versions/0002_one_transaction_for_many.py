"""One transaction for many: what is written on the hot path is only ever inserted.

Waybills stand by a mark on their row, uses of inspection marks are rows, claims of keys lie apart.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

_STANDING = "uq_acceptance_waybills_standing"
# The hot look-ups go by primary keys. On an empty table another index that begins with the outlet looks as good to
# PostgreSQL's planner, and reads a whole outlet. Nobody looks inspections up by their waybill.
_RIVALS = ("acceptances", "verifications")


def upgrade() -> None:
    for table in _RIVALS:
        op.drop_index(f"ix_{table}_outlet_id_seal_key_id", table_name=table)
        op.create_index(f"ix_{table}_seal_key_id", table, ["seal_key_id"])
    op.drop_index("ix_inspections_outlet_id_waybill", table_name="inspections")
    _mark_what_stands()
    _let_uses_of_marks_be_rows()
    op.create_table(
        "idempotency_claims",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "operation", "key", name=op.f("pk_idempotency_claims")),
    )
    # A claim that is open at this moment lapses: its request is sent again and asks again.
    op.execute("DELETE FROM idempotency_keys WHERE status IS NULL")
    with op.batch_alter_table("idempotency_keys") as keys:
        keys.drop_column("claimed_until")
    with op.batch_alter_table("acceptances") as acceptances:
        acceptances.add_column(sa.Column("late", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.create_index("ix_inspections_outlet_id_waybill", "inspections", ["outlet_id", "waybill"])
    for table in _RIVALS:
        op.drop_index(f"ix_{table}_seal_key_id", table_name=table)
        op.create_index(f"ix_{table}_outlet_id_seal_key_id", table, ["outlet_id", "seal_key_id"])
    with op.batch_alter_table("acceptances") as acceptances:
        acceptances.drop_column("late")
    with op.batch_alter_table("idempotency_keys") as keys:
        keys.add_column(sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_table("idempotency_claims")
    with op.batch_alter_table("inspection_marks") as marks:
        marks.add_column(sa.Column("used_by", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE inspection_marks SET used_by = (SELECT u.acceptance_id FROM inspection_mark_uses u"
        " WHERE u.outlet_id = inspection_marks.outlet_id AND u.inspection_id = inspection_marks.inspection_id)"
    )
    op.drop_table("inspection_mark_uses")
    op.create_table(
        "standing_waybills",
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("waybill", "enterprise_id", name=op.f("pk_standing_waybills")),
    )
    op.execute(
        "INSERT INTO standing_waybills (waybill, enterprise_id, outlet_id, acceptance_id, recorded_at)"
        " SELECT waybill, enterprise_id, outlet_id, acceptance_id, recorded_at FROM acceptance_waybills WHERE stands"
    )
    op.drop_index(_STANDING, table_name="acceptance_waybills")
    with op.batch_alter_table("acceptance_waybills") as waybills:
        waybills.drop_column("stands")


def _mark_what_stands() -> None:
    with op.batch_alter_table("acceptance_waybills") as waybills:
        waybills.add_column(sa.Column("stands", sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE acceptance_waybills SET stands = EXISTS (SELECT 1 FROM standing_waybills s"
        " WHERE s.waybill = acceptance_waybills.waybill AND s.enterprise_id = acceptance_waybills.enterprise_id"
        " AND s.acceptance_id = acceptance_waybills.acceptance_id)"
    )
    with op.batch_alter_table("acceptance_waybills") as waybills:
        waybills.alter_column("stands", nullable=False)
    op.create_index(
        _STANDING,
        "acceptance_waybills",
        ["waybill", "enterprise_id"],
        unique=True,
        postgresql_where=sa.text("stands"),
        sqlite_where=sa.text("stands = 1"),
    )
    op.drop_table("standing_waybills")


def _let_uses_of_marks_be_rows() -> None:
    op.create_table(
        "inspection_mark_uses",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "inspection_id", name=op.f("pk_inspection_mark_uses")),
    )
    op.execute(
        "INSERT INTO inspection_mark_uses (outlet_id, inspection_id, acceptance_id)"
        " SELECT outlet_id, inspection_id, used_by FROM inspection_marks WHERE used_by IS NOT NULL"
    )
    with op.batch_alter_table("inspection_marks") as marks:
        marks.drop_column("used_by")

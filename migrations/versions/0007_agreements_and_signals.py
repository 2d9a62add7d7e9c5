"""Agreements with a sampling ratio; what the signals need: staff numbers, where outlets are, uses of photos.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

_RATIO_DEFAULT = "0.05"
"""Of agreements that were made before there were ratios; what the first edition of the figures proposes."""
_PHOTOS = {
    "sqlite": "json_each(inspections.photos) AS photo",
    "postgresql": "json_array_elements_text(inspections.photos) AS photo(value)",
}


def upgrade() -> None:
    _deepen_agreements()
    op.create_table(
        "agreement_parcels",
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("sampling_ratio", sa.String(length=8), nullable=False),
        sa.Column("is_sampled", sa.Boolean(), nullable=False),
        sa.Column("is_inspected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("outlet_id", "acceptance_id", name=op.f("pk_agreement_parcels")),
    )
    op.create_index(
        op.f("ix_agreement_parcels_agreement_id_accepted_on"), "agreement_parcels", ["agreement_id", "accepted_on"]
    )
    op.create_table(
        "staff_numbers",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("commitment_key_id", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id", "clerk_id", "id", name=op.f("pk_staff_numbers")),
    )
    op.create_index(op.f("ix_staff_numbers_enterprise_id_commitment"), "staff_numbers", ["enterprise_id", "commitment"])
    op.create_table(
        "outlet_details",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("latitude_udeg", sa.Integer(), nullable=True),
        sa.Column("longitude_udeg", sa.Integer(), nullable=True),
        sa.Column("closing_minute", sa.Integer(), nullable=True),
        sa.Column("described_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id", "outlet_id", name=op.f("pk_outlet_details")),
    )
    op.add_column("verifications", sa.Column("staff", sa.String(length=8), nullable=True))
    op.add_column("inspections", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("inspections", sa.Column("photos_reused", sa.Integer(), nullable=True))
    _remember_uses_of_photos()


def downgrade() -> None:
    op.drop_table("photo_uses")
    with op.batch_alter_table("inspections") as inspections:
        inspections.drop_column("photos_reused")
        inspections.drop_column("opened_at")
    with op.batch_alter_table("verifications") as verifications:
        verifications.drop_column("staff")
    op.drop_table("outlet_details")
    op.drop_table("staff_numbers")
    op.drop_table("agreement_parcels")
    with op.batch_alter_table("agreements") as agreements:
        for name in ("superseded_from", "superseded_by", "supersedes", "last_checked_on"):
            agreements.drop_column(name)
        for name in ("representative_id_copy", "sampling_ratio", "goods", "ended_reason"):
            agreements.drop_column(name)


def _deepen_agreements() -> None:
    op.add_column("agreements", sa.Column("ended_reason", sa.String(length=24), nullable=True))
    op.add_column("agreements", sa.Column("goods", sa.JSON(), nullable=True))
    op.add_column("agreements", sa.Column("sampling_ratio", sa.String(length=8), nullable=True))
    op.add_column("agreements", sa.Column("representative_id_copy", sa.String(length=64), nullable=True))
    op.add_column("agreements", sa.Column("last_checked_on", sa.Date(), nullable=True))
    op.add_column("agreements", sa.Column("supersedes", sa.Uuid(), nullable=True))
    op.add_column("agreements", sa.Column("superseded_by", sa.Uuid(), nullable=True))
    op.add_column("agreements", sa.Column("superseded_from", sa.Date(), nullable=True))
    op.execute(f"UPDATE agreements SET goods = '[]', sampling_ratio = '{_RATIO_DEFAULT}'")  # noqa: S608 - our constant
    with op.batch_alter_table("agreements") as agreements:
        agreements.alter_column("goods", existing_type=sa.JSON(), nullable=False)
        agreements.alter_column("sampling_ratio", existing_type=sa.String(length=8), nullable=False)


def _remember_uses_of_photos() -> None:
    """Photos of inspections made before count as used: a photo that comes back is seen, however old it is."""
    op.create_table(
        "photo_uses",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "enterprise_id", "outlet_id", "inspection_id", name=op.f("pk_photo_uses")),
    )
    photos = _PHOTOS[op.get_bind().dialect.name]
    op.execute(
        "INSERT INTO photo_uses (sha256, enterprise_id, outlet_id, inspection_id, waybill)"  # noqa: S608 - our constants
        f" SELECT DISTINCT photo.value, inspections.enterprise_id, inspections.outlet_id, inspections.id,"
        f" inspections.waybill FROM inspections CROSS JOIN {photos}"
    )

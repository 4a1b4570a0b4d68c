"""More camera facts: exposure, focus point, series hints, position, and marks that lie in the file; JPEG XL is tried again"""

import sqlalchemy as sa
from alembic import op

revision: str = '0002'
down_revision: str | None = '0001'
branch_labels: None = None
depends_on: None = None

COLUMNS = (
    ('focal_length_35mm', sa.Float()),
    ('exposure_bias', sa.Float()),
    ('program', sa.String(length=20)),
    ('metering', sa.String(length=20)),
    ('focus_x', sa.Float()),
    ('focus_y', sa.Float()),
    ('drive', sa.String(length=10)),
    ('bracket', sa.String(length=13)),
    ('burst', sa.Text()),
    ('sequence', sa.Integer()),
    ('latitude', sa.Float()),
    ('longitude', sa.Float()),
    ('altitude', sa.Float()),
    ('rating_in_file', sa.SmallInteger()),
    ('label_in_file', sa.Text()),
)


def upgrade() -> None:
    """To this revision."""
    for name, kind in COLUMNS:
        op.add_column('contents', sa.Column(name, kind, nullable=True))
    # The version before could not read these; this one can, and would not try a content that failed.
    failed = "status = 'unreadable' AND error LIKE 'JPEG XL pictures cannot be read%'"
    op.execute(f"UPDATE contents SET status = 'new', error = NULL WHERE {failed}")


def downgrade() -> None:
    """Back to the revision before."""
    for name, _ in reversed(COLUMNS):
        op.drop_column('contents', name)

"""Flags that other programs left in photo files, known of each file from when it is read next"""

import sqlalchemy as sa
from alembic import op

revision: str = '0008'
down_revision: str | None = '0007'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """To this revision."""
    op.add_column('contents', sa.Column('pick_in_file', sa.String(length=6), nullable=True))


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_column('contents', 'pick_in_file')

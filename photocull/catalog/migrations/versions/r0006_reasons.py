"""Why a policy decided as it did, kept beside each of its decisions"""

import sqlalchemy as sa
from alembic import op

revision: str = '0006'
down_revision: str | None = '0005'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """To this revision."""
    op.add_column('journal', sa.Column('reason', sa.Text(), nullable=True))


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_column('journal', 'reason')

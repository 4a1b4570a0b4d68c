"""When sidecars were last read, told by the journal, and which drive was noted, so that another one is told from it"""

import sqlalchemy as sa
from alembic import op

revision: str = '0007'
down_revision: str | None = '0006'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """To this revision."""
    op.add_column('outside', sa.Column('heard_at', sa.Integer(), nullable=True))
    op.execute('UPDATE outside SET heard_at = (SELECT max(id) FROM journal)')
    op.add_column('drives', sa.Column('identity', sa.Text(), nullable=True))


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_column('drives', 'identity')
    op.drop_column('outside', 'heard_at')

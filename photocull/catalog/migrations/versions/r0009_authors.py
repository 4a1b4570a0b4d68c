"""Who made each batch, so that undo takes back one's own in a catalogue that several people share"""

import sqlalchemy as sa
from alembic import op

revision: str = '0009'
down_revision: str | None = '0008'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """To this revision."""
    op.add_column('batches', sa.Column('author', sa.Text(), nullable=True))


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_column('batches', 'author')

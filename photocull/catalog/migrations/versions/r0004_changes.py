"""Which photos changed last, so that what is kept in memory can be renewed instead of being read again"""

import secrets

import sqlalchemy as sa
from alembic import op

revision: str = '0004'
down_revision: str | None = '0003'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        'changes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('photo_id', sa.Integer(), nullable=False),
        sa.Column('stamp', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_changes')),
        sqlite_autoincrement=True,
    )
    # Of no photo: with it no two catalogues, and no two copies of one that were migrated apart, look alike.
    op.execute(f'INSERT INTO changes (photo_id, stamp) VALUES (0, {secrets.randbits(62)})')


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_table('changes')

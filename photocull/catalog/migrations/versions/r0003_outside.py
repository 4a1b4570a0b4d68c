"""What lies outside: the marks that each photo's sidecars and file had when they were last read, and what is to be told of them"""

import sqlalchemy as sa
from alembic import op

revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """To this revision."""
    op.add_column('photos', sa.Column('noted', sa.Boolean(), nullable=True))
    op.create_table(
        'outside',
        sa.Column('photo_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('stamp', sa.Text(), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.Column('disputes', sa.JSON(), nullable=False),
        sa.Column('notes', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ['photo_id'], ['photos.id'], name=op.f('fk_outside_photo_id_photos'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('photo_id', name=op.f('pk_outside')),
    )


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_table('outside')
    op.drop_column('photos', 'noted')

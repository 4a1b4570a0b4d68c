"""On which drive the photos of a folder lie, so that those of a drive that is away are told from deleted ones"""

import sqlalchemy as sa
from alembic import op

revision: str = '0005'
down_revision: str | None = '0004'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """To this revision."""
    plain = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
    op.create_table(
        'drives',
        sa.Column('folder', plain, nullable=False),
        sa.Column('drive', plain, nullable=False),
        sa.PrimaryKeyConstraint('folder', name=op.f('pk_drives')),
    )


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_table('drives')

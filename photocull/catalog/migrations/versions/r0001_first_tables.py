"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision: str = '0001'
down_revision: str | None = None
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """To this revision."""
    op.create_table('batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('target', sa.Integer(), nullable=True),
    sa.Column('initiator', sa.Text(), nullable=False),
    sa.Column('at', sa.String(length=32), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('standing', sa.String(length=8), nullable=True),
    sa.ForeignKeyConstraint(['target'], ['batches.id'], name=op.f('fk_batches_target_batches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batches')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('batches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_batches_standing'), ['standing'], unique=False)

    op.create_table('contents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('noted', sa.Boolean(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('taken', sa.String(length=26), nullable=True),
    sa.Column('zone', sa.Integer(), nullable=True),
    sa.Column('camera', sa.Text(), nullable=True),
    sa.Column('lens', sa.Text(), nullable=True),
    sa.Column('exposure_time', sa.Float(), nullable=True),
    sa.Column('f_number', sa.Float(), nullable=True),
    sa.Column('iso', sa.Integer(), nullable=True),
    sa.Column('focal_length', sa.Float(), nullable=True),
    sa.Column('flash', sa.Boolean(), nullable=True),
    sa.Column('orientation', sa.SmallInteger(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contents')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_contents_fingerprint'))
    )
    op.create_table('models',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_models')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_models_fingerprint'))
    )
    op.create_table('judgements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('content_id', sa.Integer(), nullable=False),
    sa.Column('model_id', sa.Integer(), nullable=False),
    sa.Column('aesthetic', sa.Float(), nullable=False),
    sa.Column('colour', sa.Float(), nullable=False),
    sa.Column('technical', sa.Float(), nullable=False),
    sa.Column('overall', sa.Float(), nullable=False),
    sa.Column('scheme_kind', sa.String(length=16), nullable=True),
    sa.Column('scheme', sa.String(length=16), nullable=True),
    sa.Column('harmony', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['content_id'], ['contents.id'], name=op.f('fk_judgements_content_id_contents'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['model_id'], ['models.id'], name=op.f('fk_judgements_model_id_models')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_judgements')),
    sa.UniqueConstraint('content_id', 'model_id', name=op.f('uq_judgements_content_id_model_id'))
    )
    op.create_table('photos',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('folder', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('name_key', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('mtime_ns', sa.BigInteger(), nullable=False),
    sa.Column('content_id', sa.Integer(), nullable=False),
    sa.Column('partners', sa.JSON(), nullable=False),
    sa.Column('sidecars', sa.JSON(), nullable=False),
    sa.Column('missing', sa.Boolean(), nullable=False),
    sa.Column('rating', sa.SmallInteger(), nullable=True),
    sa.Column('rating_by', sa.String(length=12), nullable=True),
    sa.Column('pick', sa.String(length=6), nullable=True),
    sa.Column('pick_by', sa.String(length=12), nullable=True),
    sa.Column('label', sa.String(length=6), nullable=True),
    sa.Column('label_by', sa.String(length=12), nullable=True),
    sa.ForeignKeyConstraint(['content_id'], ['contents.id'], name=op.f('fk_photos_content_id_contents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photos')),
    sa.UniqueConstraint('path', name=op.f('uq_photos_path')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('photos', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photos_content_id'), ['content_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photos_folder_missing'), ['folder', 'missing'], unique=False)

    op.create_table('attention',
    sa.Column('judgement_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('height', sa.SmallInteger(), nullable=False),
    sa.Column('width', sa.SmallInteger(), nullable=False),
    sa.Column('grid', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['judgement_id'], ['judgements.id'], name=op.f('fk_attention_judgement_id_judgements'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('judgement_id', 'kind', name=op.f('pk_attention'))
    )
    op.create_table('explanations',
    sa.Column('judgement_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('palette', sa.JSON(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('embedding', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['judgement_id'], ['judgements.id'], name=op.f('fk_explanations_judgement_id_judgements'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('judgement_id', name=op.f('pk_explanations'))
    )
    op.create_table('journal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=6), nullable=False),
    sa.Column('before', sa.String(length=6), nullable=True),
    sa.Column('before_by', sa.String(length=12), nullable=True),
    sa.Column('after', sa.String(length=6), nullable=True),
    sa.Column('after_by', sa.String(length=12), nullable=True),
    sa.Column('who', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.id'], name=op.f('fk_journal_batch_id_batches')),
    sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_journal_photo_id_photos'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_journal_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_journal_photo_id_id'), ['photo_id', 'id'], unique=False)

    op.create_table('judgement_flags',
    sa.Column('judgement_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['judgement_id'], ['judgements.id'], name=op.f('fk_judgement_flags_judgement_id_judgements'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('judgement_id', 'name', name=op.f('pk_judgement_flags')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('judgement_flags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_judgement_flags_name'), ['name'], unique=False)

    op.create_table('judgement_themes',
    sa.Column('judgement_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('confidence', sa.Float(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['judgement_id'], ['judgements.id'], name=op.f('fk_judgement_themes_judgement_id_judgements'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('judgement_id', 'name', name=op.f('pk_judgement_themes')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('judgement_themes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_judgement_themes_name_confidence'), ['name', 'confidence'], unique=False)



def downgrade() -> None:
    """Back to the revision before."""
    with op.batch_alter_table('judgement_themes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_judgement_themes_name_confidence'))

    op.drop_table('judgement_themes')
    with op.batch_alter_table('judgement_flags', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_judgement_flags_name'))

    op.drop_table('judgement_flags')
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_journal_photo_id_id'))
        batch_op.drop_index(batch_op.f('ix_journal_batch_id'))

    op.drop_table('journal')
    op.drop_table('explanations')
    op.drop_table('attention')
    with op.batch_alter_table('photos', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photos_folder_missing'))
        batch_op.drop_index(batch_op.f('ix_photos_content_id'))

    op.drop_table('photos')
    op.drop_table('judgements')
    op.drop_table('models')
    op.drop_table('contents')
    with op.batch_alter_table('batches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_batches_standing'))

    op.drop_table('batches')

"""The catalogue's tables: photos are places, contents are what lies there, judgements belong to contents.

A photo keeps its id and its marks when its file moves or is edited; a content keeps what was read from it and what
each model said of it. So duplicates share judgements, and an edited file is a new content under the same photo.
"""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

REVISION: Final = "0009"
"""The migration that these tables correspond to; known here so that a start without migration loads no Alembic."""

SCORE_NAMES: Final = ("aesthetic", "colour", "technical", "overall")
"""The columns of a judgement's scores."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Range queries on paths need the order of code points; PostgreSQL's default order is a language's.
_PLAIN_TEXT = Text().with_variant(Text(collation="C"), "postgresql")

contents = Table(
    "contents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("status", String(10), nullable=False),
    Column("error", Text),
    Column("noted", Boolean, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("taken", String(26)),  # local time, ISO 8601, so that text order is time order
    Column("zone", Integer),  # seconds east of UTC; null where the camera did not say
    Column("camera", Text),
    Column("lens", Text),
    Column("exposure_time", Float),
    Column("f_number", Float),
    Column("iso", Integer),
    Column("focal_length", Float),
    Column("flash", Boolean),
    Column("orientation", SmallInteger),
    Column("words", Text, nullable=False),  # camera and lens, folded for the text search
    Column("focal_length_35mm", Float),
    Column("exposure_bias", Float),
    Column("program", String(20)),
    Column("metering", String(20)),
    Column("focus_x", Float),  # shares of the shown picture
    Column("focus_y", Float),
    Column("drive", String(10)),
    Column("bracket", String(13)),
    Column("burst", Text),
    Column("sequence", Integer),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("altitude", Float),
    Column("rating_in_file", SmallInteger),  # another program's; the photo's own lie in `photos`
    Column("label_in_file", Text),
    Column("pick_in_file", String(6)),  # empty where the file has none; null where nobody looked for one
)

photos = Table(
    "photos",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", _PLAIN_TEXT, nullable=False, unique=True),
    Column("folder", _PLAIN_TEXT, nullable=False),
    Column("name_key", _PLAIN_TEXT, nullable=False),
    Column("words", Text, nullable=False),  # the file name, folded for the text search
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("content_id", ForeignKey("contents.id"), nullable=False, index=True),
    Column("partners", JSON, nullable=False),
    Column("sidecars", JSON, nullable=False),
    Column("missing", Boolean, nullable=False),
    Column("rating", SmallInteger),
    Column("rating_by", String(12)),
    Column("pick", String(6)),
    Column("pick_by", String(12)),
    Column("label", String(6)),
    Column("label_by", String(12)),
    Column("noted", Boolean),  # there is something to be told of its sidecars, see `outside`
    Index(None, "folder", "missing"),
    sqlite_autoincrement=True,  # the id of a forgotten photo must not come back as another photo
)

outside = Table(
    "outside",
    metadata,
    Column("photo_id", ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("stamp", Text, nullable=False),  # names, sizes and times of the files when they were last read
    Column("said", JSON, nullable=False),  # field -> what they said then
    Column("disputes", JSON, nullable=False),  # field -> a sentence
    Column("notes", JSON, nullable=False),
    Column("heard_at", Integer),  # the journal's last entry when they were last read
)

# On which drive a folder's photos lie, so that those of a drive that is away are told from deleted ones.
drives = Table(
    "drives",
    metadata,
    Column("folder", _PLAIN_TEXT, primary_key=True),
    Column("drive", _PLAIN_TEXT, nullable=False),
    Column("identity", Text),  # of the file system on it, null where the system does not tell
)

models = Table(
    "models",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
)

# Narrow on purpose: every filter and sort reads it, the bulky rest lies in `explanations` and `attention`.
judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("content_id", ForeignKey("contents.id", ondelete="CASCADE"), nullable=False),
    Column("model_id", ForeignKey("models.id"), nullable=False),
    Column("aesthetic", Float, nullable=False),
    Column("colour", Float, nullable=False),
    Column("technical", Float, nullable=False),
    Column("overall", Float, nullable=False),
    Column("scheme_kind", String(16)),
    Column("scheme", String(16)),
    Column("harmony", String(20), nullable=False),
    UniqueConstraint("content_id", "model_id"),
)

explanations = Table(
    "explanations",
    metadata,
    Column("judgement_id", ForeignKey("judgements.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("palette", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("embedding", LargeBinary),  # little-endian float16
)

themes = Table(
    "judgement_themes",
    metadata,
    Column("judgement_id", ForeignKey("judgements.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("confidence", Float, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Index(None, "name", "confidence"),
    sqlite_with_rowid=False,
)

flags = Table(
    "judgement_flags",
    metadata,
    Column("judgement_id", ForeignKey("judgements.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("position", SmallInteger, nullable=False),
    Index(None, "name"),
    sqlite_with_rowid=False,
)

attention = Table(
    "attention",
    metadata,
    Column("judgement_id", ForeignKey("judgements.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("height", SmallInteger, nullable=False),
    Column("width", SmallInteger, nullable=False),
    Column("grid", LargeBinary, nullable=False),  # little-endian float16, row by row
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(6), nullable=False),  # decide, undo, redo
    Column("target", ForeignKey("batches.id")),  # the batch that was undone or redone
    Column("initiator", Text, nullable=False),
    Column("at", String(32), nullable=False),  # UTC, ISO 8601
    Column("sentence", Text, nullable=False),
    Column("standing", String(8)),  # of a photographer's decision: done, undone or settled; derived from later batches
    Column("author", Text),  # whose undo it is; null, of an older program, is anybody's
    Index(None, "standing"),
    sqlite_autoincrement=True,
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("photo_id", ForeignKey("photos.id", ondelete="CASCADE"), nullable=False),
    Column("field", String(6), nullable=False),
    Column("before", String(6)),
    Column("before_by", String(12)),
    Column("after", String(6)),
    Column("after_by", String(12)),
    Column("who", String(12), nullable=False),
    Column("reason", Text),  # a policy's, in words
    Index(None, "photo_id", "id"),
    sqlite_autoincrement=True,
)

# Of the last changes, so that what is kept in memory can be renewed; see `changes`.
changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("photo_id", Integer, nullable=False),  # no reference: that a photo is gone is told here as well
    Column("stamp", BigInteger, nullable=False),  # random, one for each commit
    sqlite_autoincrement=True,
)

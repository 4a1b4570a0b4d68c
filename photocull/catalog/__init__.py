"""The catalogue: photos, judgements and decisions in SQLite through SQLAlchemy; one thread writes."""

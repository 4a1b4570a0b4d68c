"""The catalogue: photos, judgements and decisions in SQLite or PostgreSQL through SQLAlchemy; one thread writes.

Scanned files go in by `Writer.register`, judgements by `Writer.store`, decisions by `Writer.decide`; after each commit
the listeners hear which photos changed and ask `catalog.query` again: ids first, rows by page. A photo is a place with
marks, a content is what lies there, a judgement is what one model said of a content.
"""

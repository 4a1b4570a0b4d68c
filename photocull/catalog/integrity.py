"""Looks for faults in a catalogue: file, references, marks that the journal does not give, judgements of no photo."""

from sqlalchemy import Connection, Engine, exists, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from photocull.catalog.faults import explained
from photocull.catalog.journal import MARKS, State, replay
from photocull.catalog.marks import FIELDS, Mark, mark_of
from photocull.catalog.schema import contents, judgements, photos
from photocull.core.errors import one_line


def faults_in(engine: Engine, location: str) -> tuple[str, ...]:
    """Every fault, a sentence each; empty for a sound catalogue."""
    try:
        with engine.connect() as connection:
            faults = _of_the_file(connection)
            if not faults:  # a damaged file gives answers that mean nothing
                faults = [*_of_references(connection), *_of_marks(connection), *_of_judgements(connection)]
            return tuple(faults)
    except SQLAlchemyError as error:
        return (explained(error, location).sentence,)


def _of_the_file(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    lines = connection.exec_driver_sql("PRAGMA quick_check(20)").scalars().all()
    words = [one_line(line.removeprefix("*** in database main ***")) for line in lines if line != "ok"]
    return [f"The catalogue is damaged: {word.rstrip('.')}." for word in words]


def _of_references(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    tables = dict.fromkeys(f"{row[0]} to {row[2]}" for row in rows)
    return [f"A reference from {names} leads nowhere." for names in tables]


def _of_marks(connection: Connection) -> list[str]:
    led_to, shown = replay(connection), _shown(connection)
    wrong = {photo for photo, field in led_to.keys() | shown.keys() if _differ(led_to, shown, (photo, field))}
    return [f"The marks of photo {photo} are not what the journal says." for photo in sorted(wrong)]


def _differ(one: State, other: State, key: tuple[int, str]) -> bool:
    return one.get(key, Mark()) != other.get(key, Mark())


def _shown(connection: Connection) -> State:
    """The marks on the photos, where there are any."""
    touched = or_(*(column.is_not(None) for column in MARKS))
    state: State = {}
    for row in connection.execute(select(photos).where(touched)).mappings():
        for field in FIELDS:
            state[row["id"], field] = mark_of(row, field)
    return state


def _of_judgements(connection: Connection) -> list[str]:
    shown = exists().where(photos.c.content_id == contents.c.id)
    orphans = connection.scalar(select(func.count()).select_from(judgements.join(contents)).where(~shown)) or 0
    return [f"Judgements that belong to no photo: {orphans}."] if orphans else []

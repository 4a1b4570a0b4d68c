"""How many photos each value of each filter would show, given what the other filters leave: one statement."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    SelectBase,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    true,
    union_all,
)

from photocull.catalog import sifting
from photocull.catalog.database import Catalog
from photocull.catalog.filters import FLAGGED, LABELLED, PROBLEM, STARS, Conditions, Part, joined
from photocull.catalog.paths import from_text
from photocull.catalog.records import Facets, Filter
from photocull.catalog.schema import flags, judgements, photos, themes

_VALUES: dict[Part, ColumnElement[Any]] = {
    "schemes": judgements.c.scheme,
    "harmonies": judgements.c.harmony,
    "ratings": STARS,
    "picks": FLAGGED,
    "labels": LABELLED,
}


def facets(catalog: Catalog, filter: Filter, model: str) -> Facets:
    """Counts beside every filter, among the photos of the filter's folders and paths."""
    if (view := catalog.view(filter, model, counts=True)) is not None:
        return sifting.facets(view, filter)
    with catalog.reading() as connection:
        rows = connection.execute(_query(filter, model)).all()
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.value is not None:  # photos without a scheme, a theme or a flag
            counts.setdefault(row.facet, {})[row.value] = row.photos
    whole = {row.value: row.photos for row in rows if row.facet == "whole"}
    return _facets(counts, whole)


def _facets(counts: Mapping[str, Mapping[str, int]], whole: Mapping[str, int]) -> Facets:
    return Facets(
        total=whole["total"],
        shown=whole["shown"],
        judged=whole["judged"],
        problems=whole["problems"],
        themes=counts.get("themes", {}),
        schemes=counts.get("schemes", {}),
        harmonies=counts.get("harmonies", {}),
        ratings={int(stars): count for stars, count in counts.get("ratings", {}).items()},
        picks=counts.get("picks", {}),
        labels=counts.get("labels", {}),
        flags=counts.get("flags", {}),
        folders={from_text(folder): count for folder, count in counts.get("folders", {}).items()},
    )


def _query(filter: Filter, model: str) -> Any:
    conditions = Conditions(filter)
    scope = _scope(conditions, model)
    return union_all(
        *_whole(scope, conditions),
        *(_grouped(part, scope.c[part], _others(scope, conditions, part), scope) for part in _VALUES),
        _grouped("folders", scope.c.folder, _others(scope, conditions, None), scope),
        _listed("themes", scope, themes, conditions, themes.c.confidence >= filter.min_theme),
        _listed("flags", scope, flags, conditions, true()),
    )


def _scope(conditions: Conditions, model: str) -> CTE:
    """Each photo of the folders with its values, and for every part of the filter whether it passes."""
    passed = [case((condition, 1), else_=0).label(f"ok_{part}") for part, condition in conditions.parts.items()]
    values = [value.label(part) for part, value in _VALUES.items()]
    problem = case((PROBLEM, 1), else_=0).label("problem")
    columns = (judgements.c.id.label("judgement_id"), photos.c.folder, problem, *values, *passed)
    return select(*columns).select_from(joined(model)).where(conditions.place).cte("scope")


def _others(scope: CTE, conditions: Conditions, left_out: Part | None) -> ColumnElement[bool]:
    return and_(true(), *(scope.c[f"ok_{part}"] == 1 for part in conditions.parts if part != left_out))


def _whole(scope: CTE, conditions: Conditions) -> list[SelectBase]:
    counted = {
        "total": true(),
        "shown": _others(scope, conditions, None),
        "judged": scope.c.judgement_id.is_not(None),
        "problems": scope.c.problem == 1,
    }
    return [
        select(literal("whole").label("facet"), literal(name).label("value"), func.count().label("photos"))
        .select_from(scope)
        .where(condition)
        for name, condition in counted.items()
    ]


def _grouped(facet: str, value: ColumnElement[Any], condition: ColumnElement[bool], source: FromClause) -> SelectBase:
    query = select(literal(facet).label("facet"), cast(value, String).label("value"), func.count().label("photos"))
    return query.select_from(source).where(condition).group_by(value)


def _listed(part: Part, scope: CTE, table: Table, conditions: Conditions, condition: ColumnElement[bool]) -> SelectBase:
    # An outer join, so that SQLite starts from the photos at hand and not from all themes of the catalogue.
    both = scope.outerjoin(table, and_(table.c.judgement_id == scope.c.judgement_id, condition))
    return _grouped(part, table.c.name, _others(scope, conditions, part), both)

"""A list of texts as one value of a statement, however long: PostgreSQL takes 65,535 values, SQLite 250,000."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_MANY: Final = 10_000
"""From here on; up to here each text is a value of its own, which databases plan best."""


class _Listed(FunctionElement[str]):
    """The rows of a JSON list."""

    type = Text()
    inherit_cache = True


@compiles(_Listed, "sqlite")
def _sqlite(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"


@compiles(_Listed, "postgresql")
def _postgresql(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    texts = f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS json))"
    return f'(SELECT {texts} COLLATE "C")'


def among(column: ColumnElement[str], texts: Sequence[str]) -> ColumnElement[bool]:
    """Whether the column has one of these texts; those of `catalog.paths.to_text`, so without NUL."""
    if len(texts) <= _MANY:
        return column.in_(texts)
    listed = _Listed(bindparam(None, json.dumps(texts), Text()))
    return column.op("IN", is_comparison=True)(listed)

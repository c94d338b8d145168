"""Records as one list has them: whatever is read through a connection is of its list alone.

Every table of records has a column for the further list of a province in which a row was recorded (`LIST`), empty in
the rows of the cities' own lists. A connection that belongs to a list (`of_list`) adds that condition to each of its
queries, wherever the query is written; one that belongs to none (backup, check of the hash chain) reads everything.
Writes name the list themselves (`list_of`), since a bulk insert passes no query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Select, event
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import FromClause, Join

from geo.records.model.tables import LIST

_OPTION = "diaban_list"
"""The execution option of a connection that belongs to a list: its key, '' for the lists of the cities."""
_OUTER = "an outer join of records: ask with EXISTS"


def of_list(key: str) -> dict[str, Any]:
    """The execution options of a connection that belongs to a list."""
    return {_OPTION: key}


def list_of(connection: Connection) -> str | None:
    """What rows written through a connection hold in `LIST`: the key of its list, None for the lists of the cities."""
    return connection.get_execution_options().get(_OPTION) or None


@contextmanager
def as_list(connection: Connection, key: str | None) -> Iterator[None]:
    """Let a connection belong to another list within a block; with None to none."""
    before = connection.get_execution_options().get(_OPTION)
    connection.execution_options(**{_OPTION: key})
    try:
        yield
    finally:
        connection.execution_options(**{_OPTION: before})


def of_all_lists(connection: Connection) -> AbstractContextManager[None]:
    """Let a connection read the rows of all lists within a block."""
    return as_list(connection, None)


def read_by_list(engine: Engine) -> None:
    """Have the connections of an engine that belong to a list read its rows alone."""
    event.listen(engine, "before_execute", _restricted, retval=True)


def _restricted(connection: Connection, statement: Any, many: Any, values: Any, _: Any) -> tuple[Any, Any, Any]:
    key = connection.get_execution_options().get(_OPTION)
    if key is None or isinstance(statement, Insert) or not any(map(_is_of_lists, visitors.iterate(statement))):
        return statement, many, values
    return visitors.cloned_traverse(statement, {}, {"select": lambda select: _restrict(select, key)}), many, values


def _is_of_lists(element: Any) -> bool:
    return isinstance(element, FromClause) and element.named_with_column and LIST in element.c


def _restrict(select: Select[Any], key: str) -> None:
    """Add the condition to a query, for each table of records that it reads."""
    columns = (part.c[LIST] for part in dict.fromkeys(_sources(select)) if LIST in part.c)
    # `select` is a copy that is changed where it stands: what holds it is not made again.
    select._where_criteria += tuple(column == key if key else column.is_(None) for column in columns)


def _sources(select: Select[Any]) -> Iterator[FromClause]:
    """What a query reads from, a table at a time: `get_final_froms` says the same in ten times the time.

    The condition would make an outer join another question: none is taken.
    """
    for part in (*select._raw_columns, *select._where_criteria, *select._from_obj):
        yield from map(_inner, part._from_objects)
    for target, _, _, flags in select._setup_joins:
        if flags["isouter"] or flags["full"]:
            raise NotImplementedError(_OUTER)
        yield from target._from_objects


def _inner(part: FromClause) -> FromClause:
    if isinstance(part, Join) and (part.isouter or part.full):
        raise NotImplementedError(_OUTER)
    return part

"""One of many keys, in a statement whose text is the same for any number of them: it is prepared and planned once."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, Boolean, Dialect, Integer, String, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Keys(TypeDecorator[list[Any]]):
    """Numbers or words as one parameter: an array of PostgreSQL's, a JSON text for SQLite."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: type) -> None:
        """`kind` is a part of what SQLAlchemy keeps statements by, as every positional argument is; no other is."""
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(String() if self.kind is str else Integer()))
        return dialect.type_descriptor(JSON())


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **more: Any) -> str:
    column, keys = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} = ANY ({keys})"


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **more: Any) -> str:
    column, keys = (compiler.process(each, **more) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 -- both are the compiler's


def among(column: Any, keys: Iterable[int] | Iterable[str]) -> _Among:
    """Whether a column holds one of the keys, whole numbers below 2**31 or words."""
    kind = int if isinstance(column.type, Integer) else str
    return _Among(column, bindparam(None, list(keys), type_=_Keys(kind), unique=True))

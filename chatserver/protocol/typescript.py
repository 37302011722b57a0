"""The wire types for TypeScript, made from the Python models so that the two cannot differ."""

import types
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from chatserver.protocol import catalog
from chatserver.protocol.snapshots import Snapshot

HEADER = "// Made from chatserver/protocol by `python -m chatserver.protocol.generate`; do not edit.\n\n"


def typescript() -> str:
    """The whole module: one interface a model, and a union for each vocabulary."""
    models: dict[str, type[BaseModel]] = {}
    unions = {
        "VisitorCommand": catalog.VISITOR_COMMANDS,
        "StaffCommand": catalog.STAFF_COMMANDS,
        "Reply": catalog.REPLIES,
        "DurableEvent": catalog.DURABLE_EVENTS,
        "EphemeralEvent": catalog.EPHEMERAL_EVENTS,
        "Snapshot": catalog.members(Snapshot),
    }
    for members in unions.values():
        for model in members:
            _collect(model, models)
    parts = [_interface(model) for model in models.values()]
    parts += [
        f"export type {name} = {_join(model.__name__ for model in models_)};\n" for name, models_ in unions.items()
    ]
    return HEADER + "\n".join(parts)


def _join(names: Iterable[str]) -> str:
    return " | ".join(names)


def _collect(model: type[BaseModel], found: dict[str, type[BaseModel]]) -> None:
    if model.__name__ in found:
        return
    for field in model.model_fields.values():
        for inner in _models_in(field.annotation):
            _collect(inner, found)
    found[model.__name__] = model


def _models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _interface(model: type[BaseModel]) -> str:
    lines = []
    for name, field in model.model_fields.items():
        optional = "" if field.is_required() or _is_constant(field.annotation) or not _from_client(model) else "?"
        lines.append(f"  readonly {name}{optional}: {typescript_type(field.annotation)};")
    return f"export interface {model.__name__} {{\n" + "\n".join(lines) + "\n}\n"


def _from_client(model: type[BaseModel]) -> bool:
    return model.__module__.endswith(".commands")


def _is_constant(annotation: Any) -> bool:
    return get_origin(annotation) is Literal and len(get_args(annotation)) == 1


SCALARS = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", datetime: "string"}


def typescript_type(annotation: Any) -> str:
    if annotation in SCALARS:
        return SCALARS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _join(f'"{member.value}"' for member in annotation)
    return _generic(get_origin(annotation), get_args(annotation))


def _generic(origin: Any, args: tuple[Any, ...]) -> str:
    if origin is Annotated:
        return typescript_type(args[0])
    if origin is Literal:
        return _join(f'"{value}"' for value in args)
    if origin in (Union, types.UnionType):
        return _join(typescript_type(arg) for arg in args)
    if origin is list:
        return f"readonly ({typescript_type(args[0])})[]"
    if origin is dict:
        return f"Readonly<Record<{typescript_type(args[0])}, {typescript_type(args[1])}>>"
    raise TypeError(f"no TypeScript for {origin}[{args}]")

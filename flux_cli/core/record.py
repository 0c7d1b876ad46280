"""``typing.NamedTuple`` for the modules of every start: the same classes, without ``typing`` (and ``re``, ``enum``,
``contextlib`` behind it) and without compiling source for each of them. Both together cost a quarter of ``flux get``.

A module that declares records begins with ``from __future__ import annotations``, so that their types need no import either.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:
    from _collections import _tuplegetter  # what the standard library's named tuples read their fields with

    class _Fields(type):
        """Makes the annotated names of a class the fields of its tuple; values given to them are defaults."""

        def __new__(meta, name, bases, space):
            fields = tuple(space.get("__annotations__", ()))
            defaults = {field: space[field] for field in fields if field in space}
            getters = {field: _tuplegetter(index, "") for index, field in enumerate(fields)}
            own = {"__slots__": (), "__match_args__": fields, "_fields": fields, "_field_defaults": defaults}
            return type.__new__(meta, name, bases, {**space, **getters, **own})

    class Record(tuple, metaclass=_Fields):
        """A tuple with named fields."""

        def __new__(cls, *values, **named):
            if named or len(values) != len(cls._fields):
                values = cls._whole(values, named)
            return tuple.__new__(cls, values)

        @classmethod
        def _whole(cls, values, named):
            """A value for each field: by position, by name, or its default. Raises TypeError."""
            rest = cls._fields[len(values) :]
            given = {**cls._field_defaults, **named}
            missing = [field for field in rest if field not in given]
            if missing or len(values) > len(cls._fields) or not named.keys() <= set(rest):
                raise TypeError(f"{cls.__name__}({', '.join(cls._fields)}) does not fit {len(values)} values and {list(named)}")
            return (*values, *(given[field] for field in rest))

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, **changes):
            return type(self)(**{**self._asdict(), **changes})

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{field}={value!r}' for field, value in self._asdict().items())})"

        def __getnewargs__(self):
            return tuple(self)


__all__ = ["Record"]

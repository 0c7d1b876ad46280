"""Who set which field: ``managedFields``, and server-side apply with its conflicts.

Fields are paths of FieldsV1 elements: ``("f:spec", 'k:{"name":"a"}', "f:image")``. The rules are those of Kubernetes'
structured merge and diff: an update owns what it changes, an apply owns what it names and loses what it names no more.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from flux_cli.core.objects import Object
from flux_cli.sandbox import field_paths
from flux_cli.sandbox.call import Call
from flux_cli.sandbox.field_paths import Path, Paths
from flux_cli.sandbox.refusal import Refusal
from flux_cli.sandbox.stamps import now

FIRST_APPLY = "before-first-apply"


class Manager(NamedTuple):
    """One entry of managedFields, but for its fields and time."""

    name: str
    operation: str
    api_version: str
    subresource: str = ""

    def __str__(self) -> str:
        said = f'"{self.name}"' + (f' with subresource "{self.subresource}"' if self.subresource else "")
        return said + (f" using {self.api_version}" if self.operation == "Update" else "")


class Owned(NamedTuple):
    """What one manager owns of an object, and since when (RFC 3339; "" where that is not told)."""

    fields: Paths
    time: str


Book = dict[Manager, Owned]


def updated(before: Object | None, after: Object, call: Call) -> None:
    """Write into ``after`` who owns what, now that this call's manager made it of ``before`` by create, update or patch."""
    known = field_paths.flat(_concerned(before, call), call.served) if before else {}
    new = field_paths.flat(_concerned(after, call), call.served)
    changed, removed = field_paths.difference(known, new)
    if not call.served.custom:
        changed -= field_paths.GIVEN
    changed = frozenset(path for path in changed if _here(path, call))
    if before is None:
        changed -= field_paths.ADMITTED.get(call.served.key, set())
    me = Manager(call.manager(), "Update", call.served.api_version, call.target.subresource or call.through)
    book = _read(before)
    mine = book.get(me, Owned(frozenset(), ""))
    book = {m: o._replace(fields=o.fields - changed - removed) if m != me else o for m, o in book.items()}
    fields = (mine.fields | changed) - removed
    book[me] = mine if fields == mine.fields else Owned(fields, "" if call.through else now())
    _write(after, book)


def _concerned(obj: Object, call: Call) -> Object:
    """The part of an object that this endpoint may have changed."""
    if call.target.subresource != "status":
        return obj
    return {"status": obj["status"]} if "status" in obj else {}


def _here(path: Path, call: Call) -> bool:
    """Whether this endpoint sets the field: status is set at ``/status`` alone, and nothing else is set there."""
    if "status" not in call.served.subresources:
        return True
    return (path[0] == "f:status") is (call.target.subresource == "status")


def applied(before: Object | None, config: Object, call: Call) -> tuple[Object, Callable[[Object], None]]:
    """The object that an apply makes of ``before``, and what writes the owners into it. Raises 409 on conflicts."""
    config = _without_foreign(config, call)
    live = before or {"apiVersion": config["apiVersion"], "kind": config["kind"], "metadata": {}}
    book = _read(before)
    if before and not book:
        book[Manager(FIRST_APPLY, "Update", call.served.api_version)] = Owned(
            frozenset(field_paths.flat(before, call.served)), now()
        )
    me = next(
        (m for m in book if (m.name, m.operation, m.subresource) == (call.manager(), "Apply", call.target.subresource)), None
    )
    mine = Manager(call.manager(), "Apply", call.served.api_version, call.target.subresource)
    was = book.pop(me).fields if me else frozenset()
    wanted = field_paths.named(config, call.served)
    after = field_paths.merge(live, config, call.served)
    elsewhere = frozenset().union(*(o.fields for o in book.values()))
    field_paths.drop(after, was - wanted - elsewhere, wanted | elsewhere)
    changed, _ = field_paths.difference(field_paths.flat(live, call.served), field_paths.flat(after, call.served))
    conflicts = [(m, p) for m, o in sorted(book.items()) for p in sorted(o.fields & changed & wanted)]
    if conflicts and not call.flag("force"):
        raise _conflict(conflicts)
    taken = {m: o._replace(fields=o.fields - changed) for m, o in book.items()}
    time = next((o.time for m, o in _read(before).items() if m == me and o.fields == wanted), now())

    def own(obj: Object) -> None:
        _write(obj, taken | {mine: Owned(wanted, time)})

    return after, own


def _without_foreign(config: Object, call: Call) -> Object:
    """The part of an applied configuration that this endpoint takes: status at ``/status``, all else elsewhere."""
    if call.target.subresource:
        return {"apiVersion": config["apiVersion"], "kind": config["kind"], "metadata": {}} | {
            k: v for k, v in config.items() if k == call.target.subresource
        }
    left = ("status",) if "status" in call.served.subresources else ()
    return {k: v for k, v in config.items() if k not in left}


def _conflict(conflicts: list[tuple[Manager, Path]]) -> Refusal:
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {manager}", "field": field_paths.shown(path)}
        for manager, path in conflicts
    ]
    if len(conflicts) == 1:
        manager, path = conflicts[0]
        said = f"1 conflict: conflict with {manager}: {field_paths.shown(path)}"
    else:
        lines = []
        for manager in dict.fromkeys(m for m, _ in conflicts):
            lines += [f"conflicts with {manager}:", *(f"- {field_paths.shown(p)}" for m, p in conflicts if m == manager)]
        said = f"{len(conflicts)} conflicts: " + "\n".join(lines)
    return Refusal(409, f"Apply failed with {said}", details={"causes": causes})


def _read(obj: Object | None) -> Book:
    book: Book = {}
    for entry in (obj or {}).get("metadata", {}).get("managedFields") or []:
        manager = Manager(
            str(entry.get("manager", "")),
            str(entry.get("operation", "")),
            str(entry.get("apiVersion", "")),
            str(entry.get("subresource", "")),
        )
        book[manager] = Owned(field_paths.unfold(entry.get("fieldsV1") or {}), str(entry.get("time", "")))
    return book


@lru_cache(maxsize=256)
def _entry(manager: Manager, owned: Owned) -> dict[str, Any]:
    """One entry of managedFields. Objects of one kind mostly have the same, and then it is there once: nobody changes it."""
    entry: dict[str, Any] = {
        "manager": manager.name,
        "operation": manager.operation,
        "apiVersion": manager.api_version,
        **({"time": owned.time} if owned.time else {}),
        "fieldsType": "FieldsV1",
        "fieldsV1": field_paths.fold(owned.fields),
    }
    return entry | ({"subresource": manager.subresource} if manager.subresource else {})


def _write(obj: Object, book: Book) -> None:
    entries: list[dict[str, Any]] = []
    for manager, owned in sorted(
        book.items(), key=lambda item: (item[0].operation, item[1].time, item[0].name, item[0].subresource)
    ):
        if not owned.fields:
            continue
        entries.append(_entry(manager, owned))
    obj["metadata"].pop("managedFields", None)
    if entries:
        obj["metadata"]["managedFields"] = entries

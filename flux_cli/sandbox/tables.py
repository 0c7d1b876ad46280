"""Which columns the server prints for a kind (``kubectl get``)."""

from typing import Any

from flux_cli.core.objects import Object, dig, text
from flux_cli.sandbox import cluster_tables, own_tables
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.columns import Column, age, by_path, since


def columns_of(served: Served) -> list[Column]:
    """Those of its CRD, of Flux's, or of the server's own kinds; name and age where nothing else is known."""
    name = Column("Name", lambda obj: text(obj, "metadata.name"), format="name")
    if served.custom:
        usual = FLUX_COLUMNS[:1] if served.schema else FLUX_COLUMNS
        return [name, *map(_defined, served.columns or usual)]
    return own_tables.COLUMNS.get(served.key) or cluster_tables.COLUMNS.get(served.key) or [name, Column("Age", age)]


# For Flux's kinds where no CRD says otherwise, as their CRDs do.
FLUX_COLUMNS: tuple[Object, ...] = (
    {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
    {"name": "Ready", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].status'},
    {"name": "Status", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].message'},
)


def _defined(column: Object) -> Column:
    """A column of a CRD's ``additionalPrinterColumns``."""
    path, kind = text(column, "jsonPath"), text(column, "type")

    def value(obj: Object) -> Any:
        found = by_path(obj, path)
        if not found:
            return None
        return since(str(found[0])) if kind == "date" else found[0] if len(found) == 1 else ",".join(map(str, found))

    note = text(column, "description") or f"Custom resource definition column (in JSONPath format): {path}"
    return Column(text(column, "name"), value, dig(column, "priority", 0), kind, text(column, "format"), note)

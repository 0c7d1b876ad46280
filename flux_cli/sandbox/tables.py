"""Tables: the columns that the server prints for a kind (``kubectl get``)."""

from flux_cli.core.objects import Object
from flux_cli.sandbox.call import Call


def table(found: list[Object], metadata: Object, call: Call) -> Object:
    raise NotImplementedError

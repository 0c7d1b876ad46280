"""Arguments of ``plugin``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import argument

Wanted = Annotated[str, argument(metavar="<name>[@<version>|@<digest>]")]
Installed = Annotated[str, argument(metavar="<name>")]
OneOrAll = Annotated[str, argument(metavar="[name]")]
Query = Annotated[str, argument(metavar="[query]")]

"""Every source of candidates that a declaration names exists."""

from flux_cli import kinds
from flux_cli.commands._dialect import candidates
from flux_cli.commands._dialect.loading import load

TABLE = load()


def test_declared_sources_exist() -> None:
    declared = {TABLE.node(path).complete for path in TABLE.nodes} | {row[5] for row in TABLE.flags}
    declared |= {*candidates.BY_FLAG.values(), *candidates.BY_TYPE.values()}
    known = {*candidates._SOURCES, "none", "", *kinds.NAMES}
    assert {source for source in declared if source.partition(":")[0] not in known} == set()


def test_flags_that_are_completed_by_name_exist() -> None:
    names = {row[0] for row in TABLE.flags}
    assert [name for name in candidates.BY_FLAG if name not in names] == []


def test_types_that_are_completed_exist() -> None:
    from flux_cli.commands._dialect.values import PARSERS

    assert [name for name in candidates.BY_TYPE if name not in PARSERS] == []

"""Which Kustomization is built: the one of the cluster, of a local file, or both together."""

import pathlib
from collections.abc import Callable

from flux_cli.core import gojson
from flux_cli.core.api import Cluster
from flux_cli.core.errors import ApiError, FluxError, NotFound
from flux_cli.core.goyaml_load import YamlError, load_all
from flux_cli.core.objects import Object, dig, name_of, namespace_of, text
from flux_cli.kinds import named
from flux_cli.services.building.plan import Plan

_FAILED = "failed to get kustomization object: "


def find(plan: Plan, connect: Callable[[], Cluster]) -> Object:
    """The Kustomization of a plan. With a local file its spec counts, and the live object's inventory."""
    live = None if plan.dry_run else _live(plan, connect)
    if not plan.file:
        found = live or plan.fallback
        if found is None:
            raise FluxError(_FAILED + f"failed find kustomization with name '{plan.name}' and namespace '{plan.namespace}'")
        return found
    found = from_file(plan)
    if live and dig(live, "status.inventory"):
        return {**found, "status": live["status"]}
    return found


def _live(plan: Plan, connect: Callable[[], Cluster]) -> Object | None:
    try:
        return connect().get(named("Kustomization").resource, plan.namespace, plan.name)
    except NotFound as err:
        if plan.fallback is not None or plan.ignore_not_found:
            return None
        raise FluxError(_FAILED + str(err)) from err
    except ApiError as err:
        raise FluxError(_FAILED + str(err), hint=err.hint) from err


def from_file(plan: Plan) -> Object:
    """The first document of the file that is the wanted Kustomization; a document without namespace is taken as well."""
    try:
        for doc in load_all(pathlib.Path(plan.file).read_text(errors="replace")):
            if _is_wanted(doc, plan):
                _check_variables(doc)
                return dict(doc)
    except OSError as err:
        raise FluxError(f"{_FAILED}failed to read kustomization file {plan.file}: {err.strerror}") from err
    except YamlError as err:
        raise FluxError(
            f"{_FAILED}failed to unmarshall kustomization file {plan.file}: error converting YAML to JSON: {err}"
        ) from err
    except TypeError as err:
        hint = "Put the value in quotes: what is substituted is text."
        raise FluxError(f"{_FAILED}failed to unmarshall kustomization file {plan.file}: {err}", hint=hint) from err
    raise FluxError(
        f"{_FAILED}failed find kustomization with name '{plan.name}' and namespace '{plan.namespace}' in file '{plan.file}'"
    )


def _is_wanted(doc: object, plan: Plan) -> bool:
    if not isinstance(doc, dict) or doc.get("kind") != "Kustomization":
        return False
    group = text(doc, "apiVersion").partition("/")[0]
    return group == "kustomize.toolkit.fluxcd.io" and name_of(doc) == plan.name and namespace_of(doc) in ("", plan.namespace)


def _check_variables(doc: Object) -> None:
    """Raise TypeError, in the words of Go's decoder, for a variable that is no text: the commonest slip in such a file."""
    for value in dict(dig(doc, "spec.postBuild.substitute", {})).values():
        if value is not None and not isinstance(value, str):
            field = "Go struct field PostBuild.spec.postBuild.substitute of type string"
            raise TypeError(
                f"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {gojson.kind(value)} into {field}"
            )

"""/version, /api and /apis, in the old form and the aggregated one."""

from flux_cli.core.objects import Object
from flux_cli.sandbox.call import Answer, encode
from flux_cli.sandbox.catalog import Catalog, Served, response_kind

VERSION: Object = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.3",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "",
    "compiler": "",
    "platform": "flux-sandbox",
}
AGGREGATED = "g=apidiscovery.k8s.io"


def page(catalog: Catalog, path: str, accept: str) -> Answer | None:
    """The answer to a discovery path, None where the path is none."""
    parts = path.strip("/").split("/")
    whole = AGGREGATED in accept and len(parts) == 1
    match parts:
        case ["version"]:
            return _json(VERSION)
        case ["api"] if whole:
            return _aggregated({"": catalog.groups()[""]}, catalog, accept)
        case ["apis"] if whole:
            return _aggregated({g: v for g, v in catalog.groups().items() if g}, catalog, accept)
        case ["api"]:
            return _json({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
        case ["apis"]:
            groups = [_group(g, v) for g, v in catalog.groups().items() if g]
            return _json({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
        case ["apis", group] if group in catalog.groups():
            return _json({"kind": "APIGroup", "apiVersion": "v1"} | _group(group, catalog.groups()[group]))
        case ["api", version] if version in catalog.groups()[""]:
            return _json(_resources("", version, catalog))
        case ["apis", group, version] if version in catalog.groups().get(group, ()):
            return _json(_resources(group, version, catalog))
    return None


def _json(obj: Object, content_type: str = "application/json") -> Answer:
    return Answer(200, {"content-type": content_type}, encode(obj))


def _group(name: str, versions: list[str]) -> Object:
    listed = [{"groupVersion": f"{name}/{v}", "version": v} for v in versions]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


def _resources(group: str, version: str, catalog: Catalog) -> Object:
    listed: list[Object] = []
    for served in catalog.within(group, version):
        entry: Object = {
            "name": served.plural,
            "singularName": served.singular,
            "namespaced": served.namespaced,
            "kind": served.kind,
            "verbs": list(served.verbs),
        }
        if served.short_names:
            entry["shortNames"] = list(served.short_names)
        if served.categories:
            entry["categories"] = list(served.categories)
        listed.append(entry)
        for name, verbs in served.subresources.items():
            said = {"name": f"{served.plural}/{name}", "singularName": "", "namespaced": served.namespaced}
            listed.append(said | _kind_of(served, name) | {"verbs": list(verbs)})
    legacy = not group  # the oldest list of all does not tell its version
    return {
        "kind": "APIResourceList",
        **({} if legacy else {"apiVersion": "v1"}),
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": listed,
    }


def _kind_of(served: Served, subresource: str) -> Object:
    """What a subresource answers; group and version are told where they are not the resource's."""
    group, version, kind = response_kind(served, subresource)
    return (
        {"kind": kind}
        if (group, version) == (served.group, served.version)
        else {"group": group, "version": version, "kind": kind}
    )


def _aggregated(groups: dict[str, list[str]], catalog: Catalog, accept: str) -> Answer:
    """v2, or v2beta1 for a client that asks for that alone."""
    version = "v2" if "v=v2;" in f"{accept};" or "v=v2," in accept else "v2beta1"
    found = [
        {
            "metadata": {"name": name} if name else {},
            "versions": [
                {"version": v, "resources": [_described(s) for s in catalog.within(name, v)], "freshness": "Current"}
                for v in versions
            ],
        }
        for name, versions in groups.items()
    ]
    body = {"kind": "APIGroupDiscoveryList", "apiVersion": f"apidiscovery.k8s.io/{version}", "metadata": {}, "items": found}
    return _json(body, f"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList")


def _described(served: Served) -> Object:
    kind = {
        "group": served.group if served.custom else "",
        "version": served.version if served.custom else "",
        "kind": served.kind,
    }
    entry: Object = {
        "resource": served.plural,
        "responseKind": kind,
        "scope": "Namespaced" if served.namespaced else "Cluster",
        "singularResource": served.singular,
        "verbs": list(served.verbs),
    }
    if served.short_names:
        entry["shortNames"] = list(served.short_names)
    if served.categories:
        entry["categories"] = list(served.categories)
    if served.subresources:
        entry["subresources"] = [
            {"subresource": name, "responseKind": kind | _kind_of(served, name), "verbs": list(verbs)}
            for name, verbs in served.subresources.items()
        ]
    return entry

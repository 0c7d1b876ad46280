"""What is pasted into ``explain``: tables, logs, descriptions, with the objects that they name."""

import json

import pytest
from front_door import Flux

PATH = "kustomization path not found: stat /tmp/kustomization-1/nope: no such file or directory"
LOGIN = "failed to checkout and determine revision: unable to clone 'https://h/r': authentication required"
TIMEOUT = "Helm install failed for release apps/web with chart web@1.0.0: context deadline exceeded"
JSON = {
    "level": "error",
    "ts": "2026-11-23T09:24:52Z",
    "msg": "Reconciler error",
    "controllerKind": "Kustomization",
    "namespace": "apps",
}
PASTED = {
    "a table with tabs, and what is ready in it": (
        f"NAMESPACE\tNAME    \tREVISION\tSUSPENDED\tREADY\tMESSAGE\napps\tkustomization/good\tmain@sha1:1\tFalse\tTrue\tApplied\n"
        f"apps\tkustomization/infra\t\tFalse\tFalse\t{PATH}\napps\tgitrepository/apps\t\tFalse\tFalse\t{LOGIN}\napps\thelmrelease/web\t\tFalse\tFalse\t{TIMEOUT}\n",
        ["kustomize-path-not-found Kustomization/apps/infra", "git-auth-failed GitRepository/apps/apps", "workload-not-ready HelmRelease/apps/web"],
    ),
    "a table whose tabs became spaces": (
        f"NAME    REVISION       SUSPENDED  READY  MESSAGE\ninfra                    False      False  {PATH}\nbase  main@sha1:1  False  False  {LOGIN}\n",
        ["kustomize-path-not-found Kustomization/NAMESPACE/infra", "git-auth-failed GitRepository/NAMESPACE/base"],
    ),
    "lines of flux logs": (
        f"2026-11-23T09:24:52.135Z error Kustomization/infra.apps - {PATH}\n2026-11-23T09:24:53.1Z info Kustomization/infra.apps - artifact found\n"
        f"2026-11-23T09:24:54.135Z error GitRepository/base.infra - {LOGIN}\n",
        ["kustomize-path-not-found Kustomization/apps/infra", "git-auth-failed GitRepository/infra/base"],
    ),
    "lines of a controller's log, said twice": (
        "".join(json.dumps(JSON | {"name": name, "error": said}) + "\n" for name, said in (("a", PATH), ("a", PATH), ("b", PATH))),
        ["kustomize-path-not-found Kustomization/apps/a", "kustomize-path-not-found Kustomization/apps/b"],
    ),
    "what only waits for another object": (
        f"2026-11-23T09:24:52Z error Kustomization/web.apps - dependency 'apps/infra' is not ready\n2026-11-23T09:24:52Z error Kustomization/infra.apps - {PATH}\n",
        ["kustomize-path-not-found Kustomization/apps/infra"],
    ),
    "one row, one kind that only the rule knows": (
        f"NAME\tREVISION\tSUSPENDED\tREADY\tMESSAGE\ninfra\t\tFalse\tFalse\t{PATH}\n",
        ["kustomize-path-not-found Kustomization/NAMESPACE/infra"],
    ),
    "a condition as YAML": (
        "- message: 'health check failed after 30s: timeout waiting for: [Deployment/apps/web status: ''InProgress'']'\n  reason: HealthCheckFailed\n",
        ["workload-not-ready Kustomization/NAMESPACE/NAME"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PASTED)
def test_each_failing_object_of_a_paste_is_named(flux: Flux, name: str) -> None:
    pasted, wanted = PASTED[name]
    got = flux("explain -o json", stdin=pasted)
    causes = json.loads(got.out)["causes"]
    assert (got.code, [shown(c) for c in causes[: len(wanted)]]) == (0, wanted)


def shown(cause: dict[str, dict[str, str]]) -> str:
    about = cause["object"] if cause["object"]["kind"] != "Deployment" else cause["showsOn"]
    return "{} {kind}/{namespace}/{name}".format(cause["code"], **about)


def test_objects_of_a_table_are_no_readings_of_one_text(flux: Flux) -> None:
    got = flux("explain", stdin=PASTED["lines of flux logs"][0])
    assert "\nAlso told of\n  git-auth-failed: The Git server refuses the credentials of GitRepository infra/base" in got.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('Container image "x:1" is not present with pull policy of Never', "workload-image-pull"),
        ("no match for platform in manifest: not found", "workload-image-pull"),
        (
            'Liveness probe failed: Get "http://10.0.0.5/": dial tcp 10.0.0.5:80: connect: connection refused',
            "workload-crashloop",
        ),
        (
            'Readiness probe failed: Get "http://10.0.0.5/": dial tcp 10.0.0.5:80: connect: connection refused',
            "workload-not-ready",
        ),
        ("Job was active longer than specified deadline", "workload-crashloop"),
        ("Error syncing load balancer: failed to ensure load balancer", "workload-service-pending"),
        ("Deployment exceeded its progress deadline", "workload-not-ready"),
    ],
)
def test_words_of_kubernetes_alone(flux: Flux, words: str, code: str) -> None:
    assert json.loads(flux("explain -o json", words).out)["causes"][0]["code"] == code


def test_a_sentence_names_only_what_the_message_named(flux: Flux) -> None:
    sentence = "The image{} of a container cannot be pulled: it does not exist, or the registry does not hand it out."
    known, unknown = (
        flux("explain", words).out.splitlines()[2]
        for words in ('Failed to pull image "web:9": not found', "Error: ImagePullBackOff")
    )
    assert (known, unknown) == (sentence.format(" web:9"), sentence.format(""))

"""``build kustomization`` without a cluster: whole outputs, and not a byte written beside the manifests."""

import base64
import textwrap

import pytest
from building.conftest import Tree
from front_door import Flux

KS = """
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {name: apps, namespace: flux-system}
    spec:
      path: ./apps
      sourceRef: {kind: GitRepository, name: flux-system}
"""
CM = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: apps}\n"
BUILD = "build ks apps --path ./apps --kustomization-file ./ks.yaml --dry-run"
OWNED = "  labels:\n    kustomize.toolkit.fluxcd.io/name: apps\n    kustomize.toolkit.fluxcd.io/namespace: flux-system\n"


def config_map(name: str, data: str = "") -> str:
    return f"apiVersion: v1\n{data}kind: ConfigMap\nmetadata:\n{OWNED}  name: {name}\n  namespace: apps\n---\n"


def spec(text: str) -> str:
    return KS.rstrip() + "\n" + textwrap.indent(textwrap.dedent(text).strip(), "      ") + "\n"


def test_a_folder_without_kustomization_file(flux: Flux, tree: Tree) -> None:
    """In lexical order; folders with a kustomization file count as one; ignore files are read; other files are not looked at."""
    tree(
        {
            "ks.yaml": KS, "apps/b.yml": CM % "b", "apps/a.yaml": CM % "a", "apps/notes.md": "no: [yaml",
            "apps/.sourceignore": "# comment\n/gone.yaml\nsecret/\n!secret/kept.yaml\n", "apps/gone.yaml": "no: [yaml",
            "apps/secret/x.yaml": CM % "x", "apps/secret/kept.yaml": CM % "kept", "apps/deep/er/c.yaml": CM % "c",
            "apps/own/kustomization.yaml": "resources: [z.yaml]\n", "apps/own/z.yaml": CM % "z", "apps/own/y.yaml": CM % "y",
        }
    )  # fmt: skip
    expected = "".join(config_map(name) for name in ("a", "b", "c", "z", "kept"))
    assert flux(BUILD) == (0, expected, "")
    assert flux(f"{BUILD} --ignore-paths 'deep/,own/' --in-memory-build") == (
        0, "".join(config_map(name) for name in ("a", "b", "kept")), "",
    )  # fmt: skip


def test_everything_that_the_spec_adds(flux: Flux, tree: Tree) -> None:
    more = spec("""
        targetNamespace: prod
        namePrefix: p-
        nameSuffix: -s
        commonMetadata: {labels: {team: a}, annotations: {note: b}}
        images: [{name: registry.example.com/web, newTag: "2.0"}]
        components: [../parts/label]
        patches:
        - target: {kind: Deployment}
          patch: "- {op: replace, path: /spec/replicas, value: 5}"
    """)
    tree(
        {
            "ks.yaml": more,
            "apps/kustomization.yml": "resources: [../base]\nimages: [{name: registry.example.com/web, digest: 'sha256:0'}]\n",
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec: {replicas: 1, template: {spec: {containers: [{name: c, image: "registry.example.com/web:1.0"}]}}}
            """,
            "parts/label/kustomization.yaml": """
                apiVersion: kustomize.config.k8s.io/v1alpha1
                kind: Component
                labels: [{pairs: {part: yes-please}}]
            """,
        }
    )
    expected = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          annotations:
            note: b
          labels:
            kustomize.toolkit.fluxcd.io/name: apps
            kustomize.toolkit.fluxcd.io/namespace: flux-system
            part: yes-please
            team: a
          name: p-web-s
          namespace: prod
        spec:
          replicas: 5
          template:
            spec:
              containers:
              - image: registry.example.com/web:2.0
                name: c
        ---
    """
    assert flux(BUILD) == (0, textwrap.dedent(expected).lstrip("\n"), "")


def test_variables_are_filled_in(flux: Flux, tree: Tree) -> None:
    tree(
        {
            "ks.yaml": spec("postBuild: {substitute: {cluster: prod, empty: ''}}"),
            "apps/a.yaml": CM % "a" + "data: {cluster: '${cluster}', region: '${region:=eu}', none: '[${nope}]', own: '$${x}'}\n",
            "apps/b.yaml": """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: b, namespace: apps, annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}}
                data: {cluster: "${cluster}"}
            """,
        }
    )
    data = "data:\n  cluster: prod\n  none: '[]'\n  own: ${x}\n  region: eu\n"
    second = config_map("b", "data:\n  cluster: ${cluster}\n").replace(
        "metadata:\n", "metadata:\n  annotations:\n    kustomize.toolkit.fluxcd.io/substitute: disabled\n"
    )
    assert flux(BUILD) == (0, config_map("a", data) + second, "")
    said = 'envsubst error: variable substitution failed: variable not set (strict mode): "nope"'
    assert flux(f"{BUILD} --strict-substitute") == (1, "", f"✗ var substitution failed for 'a': {said}\n")


def test_a_name_that_no_variable_may_have(flux: Flux, tree: Tree) -> None:
    tree({"ks.yaml": spec("postBuild: {substitute: {a-b: c}}"), "apps/a.yaml": CM % "a"})
    said = "envsubst error: 'a-b' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"
    assert flux(BUILD) == (1, "", f"✗ var substitution failed for 'a': {said}\n")


def test_a_variable_that_is_no_text(flux: Flux, tree: Tree) -> None:
    tree({"ks.yaml": spec("postBuild: {substitute: {port: 80}}"), "apps/a.yaml": CM % "a"})
    said = "json: cannot unmarshal number into Go struct field PostBuild.spec.postBuild.substitute of type string"
    assert flux(BUILD) == (
        1,
        "",
        "✗ failed to get kustomization object: failed to unmarshall kustomization file ./ks.yaml: "
        f"error unmarshaling JSON: while decoding JSON: {said}\nPut the value in quotes: what is substituted is text.\n",
    )


def test_labels_and_values_of_secrets_are_text(flux: Flux, tree: Tree) -> None:
    """As the controller's library has it; and a field that a kustomization file does not have is not looked at."""
    tree(
        {
            "ks.yaml": KS,
            "apps/kustomization.yaml": "resources: [a.yaml]\nresource: [typo.yaml]\n",
            "apps/a.yaml": """
                apiVersion: v1
                kind: Secret
                metadata: {name: a, labels: {rank: 1, on: true}}
                data: {}
                stringData: {port: 8080, none: null}
                ---
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: b}
                spec: {values: {size: 1}}
                sops: {mac: "ENC[AES256_GCM,data:def]"}
            """,
        }
    )
    answer = flux(BUILD)
    assert (answer.code, answer.err) == (0, "")
    docs = answer.out.split("---\n")
    assert docs[0] == (
        f'apiVersion: v1\nkind: Secret\nmetadata:\n{OWNED}    "on": "true"\n    rank: "1"\n  name: a\n'
        'stringData:\n  none: ""\n  port: "8080"\n'
    )
    assert docs[1] == (
        f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n{OWNED}  name: b\nspec:\n  values:\n    size: 1\n"
    )


def test_what_sops_encrypted_is_masked(flux: Flux, tree: Tree) -> None:
    inner = base64.b64encode(b'{"sops": {"x": "ENC[AES256]"}}').decode()
    tree(
        {
            "ks.yaml": KS,
            "apps/a.yaml": """
                apiVersion: v1
                kind: Secret
                metadata: {name: a, namespace: apps}
                data: {token: "ENC[AES256_GCM,data:abc]"}
                sops: {mac: "ENC[AES256_GCM,data:def]", version: "3.9"}
            """,
            "apps/b.yaml": f"apiVersion: v1\nkind: Secret\nmetadata: {{name: b, namespace: apps}}\ndata: {{f: {inner}, g: YQ==}}\n",
        }
    )
    answer = flux(BUILD)
    assert answer.code == 0
    assert "ENC[" not in answer.out
    assert "data:\n  token: KipTT1BTKio=\n" in answer.out
    assert "data:\n  f: KipTT1BTKio=\n  g: YQ==\n" in answer.out
    assert "sops:" not in answer.out


def test_children_are_built_from_local_sources(flux: Flux, tree: Tree) -> None:
    child = KS.replace("name: apps", "name: child").replace("path: ./apps", "path: ./child")
    tree({"ks.yaml": KS, "apps/ks.yaml": child, "child/cm.yaml": CM % "below"})
    answer = flux(f"{BUILD} --recursive --local-sources GitRepository/flux-system/flux-system=./")
    assert answer.code == 0
    assert answer.out.endswith(config_map("below").replace("name: apps\n    kust", "name: child\n    kust"))
    lost = "cannot get local path for GitRepository/flux-system/flux-system of kustomization child"
    assert flux(f"{BUILD} --recursive").err.splitlines()[0] == f"✗ {lost}"


@pytest.mark.parametrize(
    ("line", "files", "said"),
    [
        ("build ks", {}, "kustomization name is required"),
        ("build ks apps", {}, 'invalid resource path ""'),
        ("build ks apps --path ./nope", {}, 'invalid resource path "{cwd}/nope"'),
        ("build ks apps --path ./apps --dry-run", {}, "dry-run mode requires a kustomization file"),
        ("build ks apps --path ./apps --kustomization-file no.yaml", {}, 'invalid kustomization file "no.yaml"'),
        (
            "build ks other --path ./apps --kustomization-file ks.yaml --dry-run", {},
            "failed to get kustomization object: failed find kustomization with name 'other' and namespace 'flux-system' in file 'ks.yaml'",
        ),
        (BUILD, {"apps/a.yaml": "kind: [no"}, (
            "failed to generate kustomization.yaml: failed to decode Kubernetes YAML from {cwd}/apps/a.yaml: "
            "MalformedYAMLError: yaml: line 1: did not find expected ',' or ']' <nil>"
        )),
        (BUILD, {"apps/a.yaml": "apiVersion: v1\nkind: ConfigMap\n"}, (
            "failed to generate kustomization.yaml: failed to decode Kubernetes YAML from {cwd}/apps/a.yaml: "
            "missing metadata.name in object {{{{v1 ConfigMap}} {{{{ }} map[] map[]}}}} <nil>"
        )),
        (BUILD, {"apps/kustomization.yaml": "resources: [no.yaml]\n"}, (
            "failed to generate kustomization.yaml: lstat {cwd}/apps/no.yaml: no such file or directory <nil>"
        )),
    ],
)  # fmt: skip
def test_what_is_wrong(flux: Flux, tree: Tree, line: str, files: dict[str, str], said: str) -> None:
    root = tree({"ks.yaml": KS, "apps/.keep": "", **files})
    assert flux(line) == (1, "", f"✗ {said.format(cwd=root)}\n")


def test_messages_of_kustomize_name_the_users_own_paths(flux: Flux, tree: Tree) -> None:
    root = tree(
        {
            "ks.yaml": KS,
            "apps/kustomization.yaml": "resources: [a.yaml]\npatches: [{path: ../no.yaml}]\n",
            "apps/a.yaml": CM % "a",
        }
    )
    answer = flux(BUILD)
    assert answer.code == 1
    assert answer.err.startswith("✗ kustomize build failed: ")
    assert f"{root}/no.yaml" in answer.err
    assert "flux-build-" not in answer.err


def test_without_kustomize(flux: Flux, tree: Tree) -> None:
    tree({"ks.yaml": KS, "apps/a.yaml": CM % "a"})
    answer = flux(BUILD, PATH="/nonexistent")
    assert answer == (
        1, "", "✗ kustomize is not installed\nInstall kustomize 5 or newer, or kubectl 1.27 or newer, on the PATH.\n"
    )  # fmt: skip


def test_an_in_memory_build_stays_in_the_working_folder(flux: Flux, tree: Tree, tmp_path: object) -> None:
    root = tree({"ks.yaml": KS, "sub/x.yaml": CM % "x"})
    answer = flux(f"{BUILD.replace('./apps', '..')} --in-memory-build")
    assert answer.code == 1
    assert answer.err.startswith(f"✗ failed to generate kustomization.yaml: fs-security-constraint abs {root.parent}")

"""Commands to copy name what is in the specs: addresses, paths, charts; never a password, and nothing that is for another kind."""

import pathlib

from diagnosis.chains import NO_INDEX, PATH
from diagnosis.scenarios import GIT, REPO, applied, charted, git, released, source
from diagnosis.world import Object, chart, failing, kept, made
from front_door import Flux


def remedy(flux: Flux, folder: pathlib.Path, symptom: str, *objects: Object) -> str:
    """What stands under Next, without its indentation."""
    text = flux(f"why {symptom} -n apps --from {kept(folder, *objects)}").out
    return text.partition("\nNext\n")[2].replace("\n  ", "\n").removeprefix("  ")


def test_a_git_repository(flux: Flux, tmp_path: pathlib.Path) -> None:
    objects = git('failed to checkout and determine revision: unable to clone: couldn\'t find remote ref "refs/heads/x"')
    assert remedy(flux, tmp_path, "ks/apps", *objects) == (
        "git ls-remote https://git.example.com/apps.git\nkubectl edit gitrepository apps -n apps # spec.ref\n"
    )


def test_a_password_in_an_address_stays_there(flux: Flux, tmp_path: pathlib.Path) -> None:
    message = "unable to clone: repository not found"
    got = remedy(flux, tmp_path, "ks/apps", *git(message, url="https://me:hunter22@git.example.com/a b;rm"))
    assert got.startswith("git ls-remote 'https://***@git.example.com/a b;rm'\n")


def test_an_ssh_host(flux: Flux, tmp_path: pathlib.Path) -> None:
    objects = git("ssh: handshake failed: knownhosts: key mismatch", url="ssh://git@git.example.com:2222/apps")
    assert remedy(flux, tmp_path, "ks/apps", *objects).startswith("ssh-keyscan -p 2222 git.example.com > known_hosts\n")


def test_who_logs_in_without_a_secret_is_told_to_name_one(flux: Flux, tmp_path: pathlib.Path) -> None:
    refused = "failed to checkout and determine revision: unable to clone 'https://h/r': authentication required: "
    make = "flux create secret git {} -n apps --url=https://git.example.com/apps.git --username=git --password=TOKEN\n"
    look = "flux reconcile source git apps -n apps\n"
    assert remedy(flux, tmp_path / "none", "ks/apps", *git(refused)) == (
        make.format("apps") + "kubectl edit gitrepository apps -n apps # secretRef: {name: apps}\n" + look
    )
    there = [*git(refused, secretRef={"name": "creds"}), made("Secret", "creds", data={"username": ""})]
    assert remedy(flux, tmp_path / "some", "ks/apps", *there) == make.format("creds") + look
    cloud = git(refused, provider="azure", serviceAccountName="reader")
    assert remedy(flux, tmp_path / "cloud", "ks/apps", *cloud) == (
        "kubectl get serviceaccount reader -n apps -o yaml # annotations: the cloud's role\n" + look
    )


def test_a_registry_gets_the_login_that_it_takes(flux: Flux, tmp_path: pathlib.Path) -> None:
    refused = "failed to determine artifact digest: GET https://r/v2/a/manifests/1: UNAUTHORIZED: authentication required"
    objects = source(
        "OCIRepository", refused, "OCIArtifactPullFailed", url="oci://r.example.com:5000/apps", secretRef={"name": "pull"}
    )
    got = remedy(flux, tmp_path, "ks/apps", *objects, made("Secret", "pull", data={".dockerconfigjson": ""}))
    assert got.startswith("flux create secret oci pull -n apps --url=r.example.com:5000 --username=USER --password=TOKEN\n")
    assert "secret helm" not in got


def test_the_user_of_an_ssh_address_is_no_secret(flux: Flux, tmp_path: pathlib.Path) -> None:
    refused = "unable to clone: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey]"
    for user, shown in (("git", "git"), ("git:hunter22", "***")):
        objects = git(refused, url=f"ssh://{user}@h/r", secretRef={"name": "creds"})
        got = remedy(flux, tmp_path / user[:5], "ks/apps", *objects, made("Secret", "creds", data={"identity": ""}))
        assert f"{shown}@h/r" in got
        assert "hunter22" not in got


def test_a_certificate(flux: Flux, tmp_path: pathlib.Path) -> None:
    message = "failed to determine artifact digest: x509: certificate signed by unknown authority"
    objects = source("OCIRepository", message, "OCIArtifactPullFailed", url="oci://r.example.com:5000/apps")
    got = remedy(flux, tmp_path, "ks/apps", *objects)
    assert got.startswith("openssl s_client -connect r.example.com:5000 -showcerts </dev/null\n")


def test_a_bucket(flux: Flux, tmp_path: pathlib.Path) -> None:
    message = "failed to confirm existence of 'b' bucket: dial tcp 10.0.0.1:9000: connect: connection refused"
    where: Object = {"endpoint": "minio:9000", "bucketName": "b", "insecure": True, "url": None}
    got = remedy(flux, tmp_path, "ks/apps", *source("Bucket", message, "BucketOperationFailed", **where))
    assert got.startswith(
        "kubectl run probe -n flux-system --rm -it --restart=Never --image=curlimages/curl -- curl -sSIv http://minio:9000\n"
    )


def test_a_chart_repository(flux: Flux, tmp_path: pathlib.Path) -> None:
    repository = failing(
        "HelmRepository", "charts", "Failed", NO_INDEX + "404 Not Found", spec={"url": "https://charts.example.com/x"}
    )
    objects = charted(chart("web", "NoSourceArtifact", "no artifact available for HelmRepository source 'charts'"), repository)
    assert remedy(flux, tmp_path, "hr/web", *objects).startswith("curl -sSI https://charts.example.com/x/index.yaml\n")


def test_a_chart_of_a_repository(flux: Flux, tmp_path: pathlib.Path) -> None:
    got = remedy(flux, tmp_path, "hr/web", *released("execution error at (web/templates/x.yaml:2:4): x"))
    assert "\nhelm template web --repo https://charts.example.com --version 1.0.0 -f values.yaml\n" in got
    assert "ARTIFACT" not in got


def test_a_chart_of_a_registry(flux: Flux, tmp_path: pathlib.Path) -> None:
    registry = made("HelmRepository", "charts", spec={"type": "oci", "url": "oci://r.example.com/charts"})
    got = remedy(flux, tmp_path, "hr/web", registry, *released("execution error at (web/templates/x.yaml:2:4): x")[1:])
    assert "\nhelm template oci://r.example.com/charts/web --version 1.0.0 -f values.yaml\n" in got
    assert "--repo" not in got


def test_a_chart_object_speaks_of_its_release(flux: Flux, tmp_path: pathlib.Path) -> None:
    message = "values files merge error: failed to merge chart values: no values file found at path 'prod.yaml'"
    got = remedy(flux, tmp_path, "helmchart/apps-web", *charted(chart("web", "ValuesFilesError", message), REPO))
    assert got == "kubectl edit helmrelease web -n apps # spec.chart.spec.valuesFiles\n"


def test_a_path(flux: Flux, tmp_path: pathlib.Path) -> None:
    got = remedy(
        flux, tmp_path, "ks/apps", *applied('kustomize build failed: json: unknown field "x"', "BuildFailed", path="./prod")
    )
    assert got.splitlines()[0] == "flux build kustomization apps -n apps --path ./prod --dry-run"
    assert "git ls-tree -r -d --name-only 77e95a8aef7b32e591f060c31963210c517292b0\n" in remedy(
        flux, tmp_path / "other", "ks/apps", *applied(PATH, "ArtifactFailed")
    )


def test_a_release_gets_no_command_for_a_kustomization(flux: Flux, tmp_path: pathlib.Path) -> None:
    refused = 'admission webhook "v.kyverno.svc" denied the request: blocked'
    assert "kustomization" not in remedy(flux, tmp_path, "hr/web", *released(refused))
    assert "flux diff kustomization apps -n apps --path ./" in remedy(
        flux, tmp_path / "other", "ks/apps", GIT, *applied(refused)[1:]
    )

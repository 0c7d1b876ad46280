"""What a plain read may load: every module here is a millisecond or more of somebody's `flux get`."""

import pathlib
import subprocess
import sys
from typing import Any

import yaml
from kube.loopback import answer, kubeconfig, listing

HEAVY = {
    "asyncio", "concurrent.futures", "dataclasses", "datetime", "email", "encodings.idna", "http.client", "httpx", "inspect", "ipaddress",
    "kubernetes", "msgspec", "pydantic", "rich", "subprocess", "tempfile", "threading", "typer", "urllib.parse", "urllib3", "yaml", "zlib",
}  # fmt: skip
PROGRAM = """
import sys
from flux_cli.core.api import Resource
from flux_cli.core.app import Settings
from flux_cli.kube.session import connect
kind = Resource("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization")
print([item["metadata"]["name"] for item in connect(Settings(kubeconfig=sys.argv[1]), {}).within(10).list(kind).items])
print(sorted(sys.modules))
"""


def test_a_plain_read_loads_nothing_heavy(serve: Any, tmp_path: pathlib.Path) -> None:
    """The kubeconfig is block YAML, as kubectl writes it; the server answers with TLS and a token."""
    path = kubeconfig(tmp_path, serve(lambda _: answer(listing("one"))).server)
    pathlib.Path(path).write_text(yaml.safe_dump(yaml.safe_load(pathlib.Path(path).read_text()), width=1 << 20))
    program = f"import sys; sys.path[:] = {sys.path!r}\n{PROGRAM}"
    done = subprocess.run([sys.executable, "-S", "-c", program, path], capture_output=True, text=True)
    assert done.stderr == ""
    names, modules = done.stdout.splitlines()
    assert names == "['one']"
    assert [name for name in sorted(HEAVY) if f"'{name}'" in modules] == []

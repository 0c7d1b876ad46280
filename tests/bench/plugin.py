"""A credential plugin that takes its time, as those of cloud providers do."""

import contextlib
import json
import pathlib
import tempfile
import time
from collections.abc import Iterator, Mapping

import yaml

SECONDS = 0.3  # what a quick one of them takes
VERSION = "client.authentication.k8s.io/v1"


@contextlib.contextmanager
def behind(env: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment of a command whose token (that of ``env``'s kubeconfig) such a plugin hands out, good for an hour."""
    config = yaml.safe_load(pathlib.Path(env["KUBECONFIG"]).read_text())
    user = config["users"][0]["user"]
    expiry = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    status = {"token": user["token"], "expirationTimestamp": expiry}
    with tempfile.TemporaryDirectory() as name:
        script, kubeconfig = pathlib.Path(name, "plugin"), pathlib.Path(name, "kubeconfig")
        answer = json.dumps({"apiVersion": VERSION, "kind": "ExecCredential", "status": status})
        script.write_text(f"#!/bin/sh\nsleep {SECONDS}\necho '{answer}'\n")
        script.chmod(0o700)
        config["users"][0]["user"] = {"exec": {"apiVersion": VERSION, "command": str(script), "interactiveMode": "Never"}}
        kubeconfig.write_text(yaml.safe_dump(config))
        yield {**env, "KUBECONFIG": str(kubeconfig), "XDG_RUNTIME_DIR": name}

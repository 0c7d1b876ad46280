"""Runs a script on a cluster and makes what it answered comparable."""

import http.client
import json
import re
import ssl
import time
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from .scripts import WIDGET_CRD, Step


class Side(NamedTuple):
    """A cluster that answers at ``server`` (https) to two tokens."""

    server: str
    admin: str
    viewer: str

    def call(self, step: Step) -> tuple[int, str, dict[str, str]]:
        """(status, body, headers)."""
        address = urlsplit(self.server)
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(address.hostname or "", address.port, context=context, timeout=30)
        token = {"admin": self.admin, "viewer": self.viewer}.get(step.token, step.token)
        connection.putrequest(step.method, quote(step.path, safe="/?&=%!,:()+"), skip_accept_encoding=True)
        for name, value in (
            ("Authorization", f"Bearer {token}"),
            ("Accept", step.accept),
            ("User-Agent", "parity/1"),
            *step.headers,
        ):
            connection.putheader(name, value)
        body = None if step.body is None else json.dumps(step.body).encode()
        if body is not None:
            connection.putheader("Content-Type", step.type)
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read().decode()
        connection.close()
        return answer.status, content, {k.lower(): v for k, v in answer.getheaders()}

    def prepare(self) -> None:
        """Serve widgets."""
        self.call(Step("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", WIDGET_CRD))
        for _ in range(100):
            if self.call(Step("GET", "/apis/parity.example.com/v1/widgets"))[0] == 200:
                return
            time.sleep(0.1)


def run(side: Side, name: str, steps: list[Step]) -> list[Any]:
    """The script's answers, comparable: [[status, body], …]. Times, uids and resource versions are placeholders."""
    namespace = f"parity-{name}"
    side.call(Step("POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}))
    first, token, answers = "", "", []
    for step in steps:
        path = step.path.replace("NS", namespace).replace("FIRST", first).replace("CONTINUE", token)
        body = json.loads(json.dumps(step.body).replace('"NS"', f'"{namespace}"'))
        deadline = time.monotonic() + 60
        while True:
            status, content, headers = side.call(step._replace(path=path, body=body))
            if "Too large resource version" not in content or time.monotonic() > deadline:
                break  # else it is a cache of the real server, which lags behind
        body = _parsed(content)
        if isinstance(body, dict) and isinstance(body.get("metadata"), dict):
            first = first or str(body["metadata"].get("resourceVersion", ""))
            token = body["metadata"].get("continue", token)
        answers.append([status, comparable(body), *([headers["warning"]] if "warning" in headers else [])])
    return answers


def _parsed(content: str) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in content.splitlines()]
    except ValueError:
        return content


PLACEHOLDERS = {"uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "time", "lastTransitionTime", "continue", "clusterIP",
                "clusterIPs", "lastUpdateTime", "hash", "token", "expirationTimestamp", "nodePort"}  # fmt: skip


LEFT_OUT = ("serverAddressByClientCIDRs", "storageVersionHash", "description")  # of no use to any client


def comparable(value: Any, key: str = "") -> Any:
    if key in PLACEHOLDERS and value:
        return f"<{key}>"
    if key == "items" and value is None:
        return []  # the server writes an empty list of metadata so
    if isinstance(value, dict):
        return {k: comparable(v, k) for k, v in sorted(value.items()) if k not in LEFT_OUT}
    if isinstance(value, list):
        made = [comparable(v) for v in value]
        return (
            sorted(made, key=json.dumps)
            if key in ("causes", "managedFields", "conditions", "verbs", "nonResourceRules", "resourceRules")
            else made
        )
    if isinstance(value, str):
        value = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uid>", value)
        value = re.sub(r'(resourceVersion\\?":\\?)"\d+', r'\1"<version>', value)
        value = re.sub(r":\d{5}/TCP", ":<port>/TCP", value)
        value = re.sub(r"^10\.0\.\d+\.\d+$", "<address>", value)
        value = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>", value)
        listed = re.fullmatch(r"(.* is invalid: )\[(.*)\]", value, re.S)
        if listed:  # the server tells several causes in no fixed order
            value = listed[1] + "[" + ", ".join(sorted(re.split(r", (?=spec\.)", listed[2]))) + "]"
        return re.sub(r"^\d+[smh]$", "<age>", value) if key == "" else value
    return value

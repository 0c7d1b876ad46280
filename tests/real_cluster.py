"""A real kube-apiserver with etcd on loopback, for tests marked ``real``.

The binaries: ``kube-apiserver`` in the folder that FLUX_TEST_ASSETS names (``make assets`` builds it), ``etcd`` there or on PATH.
"""

import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse
from typing import Any

import httpx
import trustme
import yaml

SPARE = {"GOGC": "400"}  # a short life: collecting garbage rarely is a quarter of what a start costs
TOKENS = 'admintoken,admin,admin,"system:masters"\nviewtoken,viewer,viewer,"viewers"\n'


def assets() -> pathlib.Path | None:
    """The folder with the binaries, or None where there are none: such tests are then skipped, and say so."""
    folder = os.environ.get("FLUX_TEST_ASSETS", "")
    found = (
        folder and pathlib.Path(folder, "kube-apiserver").exists() and shutil.which("etcd", path=f"{folder}:{os.environ['PATH']}")
    )
    return pathlib.Path(folder).resolve() if found else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RealCluster:
    """etcd, the API server and a stand-in node agent that serves pod logs from ``logs``; ``stop`` ends all three.

    ``kubeconfig`` has the contexts ``admin`` (all rights, current) and ``viewer`` (none). ``etcd`` names the binary that is
    taken where there is such a one.
    """

    def __init__(self, binaries: pathlib.Path, folder: pathlib.Path, *, etcd: str = "etcd") -> None:
        self.folder = folder
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self.people = trustme.CA()  # signs client certificates: common name is the user, organization the group
        self._kinds: dict[tuple[str, str], tuple[str, bool]] = {}
        headers = {"Authorization": "Bearer admintoken", "Accept": "application/json"}
        self._http = httpx.Client(headers=headers, timeout=30, trust_env=False, verify=False)  # asked before it has a certificate
        self._processes: list[subprocess.Popen[bytes]] = []
        try:
            self._start(binaries, etcd)
        except BaseException:
            self.stop()
            raise

    def _start(self, binaries: pathlib.Path, preferred: str) -> None:
        d = self.folder
        (d / "tokens.csv").write_text(TOKENS)
        self.people.cert_pem.write_to_path(str(d / "people.pem"))
        for command in (("genrsa", "-out", "sa.key", "2048"), ("rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub")):
            subprocess.run(["openssl", *command], cwd=d, check=True, capture_output=True)
        path = f"{binaries}:{os.environ['PATH']}"
        etcd = shutil.which(preferred, path=path) or shutil.which("etcd", path=path)
        assert etcd
        client, peer, port = free_port(), free_port(), free_port()
        self._run("etcd", etcd, "--data-dir", "etcd", f"--listen-client-urls=http://127.0.0.1:{client}",
                  f"--advertise-client-urls=http://127.0.0.1:{client}", f"--listen-peer-urls=http://127.0.0.1:{peer}",
                  "--unsafe-no-fsync")  # fmt: skip
        self._run("apiserver", str(binaries / "kube-apiserver"), f"--etcd-servers=http://127.0.0.1:{client}",
                  "--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file=sa.pub",
                  "--service-account-signing-key-file=sa.key", "--cert-dir=certs", f"--secure-port={port}",
                  "--bind-address=127.0.0.1",
                  "--authorization-mode=RBAC", "--token-auth-file=tokens.csv", "--client-ca-file=people.pem", "--service-cluster-ip-range=10.0.0.0/16",
                  "--disable-admission-plugins=ServiceAccount,NamespaceLifecycle", "--profiling=false")  # fmt: skip
        self.server = f"https://127.0.0.1:{port}"
        self._await_ready()
        self.kubeconfig = d / "kubeconfig"
        self.kubeconfig.write_text(yaml.safe_dump(self._config(d / "certs" / "apiserver.crt")))
        self._serve_logs()

    def _run(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            started = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder, env=os.environ | SPARE
            )
        self._processes.append(started)

    def _await_ready(self) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self._processes[-1].poll() is not None:
                break
            try:
                if self.call("GET", "/readyz")[0] == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise RuntimeError("the API server did not start:\n" + (self.folder / "apiserver.log").read_text()[-2000:])

    def _config(self, ca: pathlib.Path) -> dict[str, Any]:
        users = [{"name": n, "user": {"token": t}} for n, t in (("admin", "admintoken"), ("viewer", "viewtoken"))]
        contexts = [{"name": n, "context": {"cluster": "real", "user": n}} for n in ("admin", "viewer")]
        cluster = {"server": self.server, "certificate-authority": str(ca)}
        return {"apiVersion": "v1", "kind": "Config", "clusters": [{"name": "real", "cluster": cluster}], "users": users,
                "contexts": contexts, "current-context": "admin"}  # fmt: skip

    def call(self, method: str, path: str, body: Any = None, content_type: str = "application/json") -> tuple[int, Any]:
        """One request as admin: (HTTP status, decoded JSON or text)."""
        data = json.dumps(body).encode() if body is not None else None
        answer = self._http.request(method, self.server + path, content=data, headers={"Content-Type": content_type})
        try:
            return answer.status_code, answer.json()
        except ValueError:
            return answer.status_code, answer.text

    def load(self, objects: list[dict[str, Any]]) -> None:
        """Create these objects, CRDs and owners first, each with its status; raises on the first that is refused."""
        first = [
            "Namespace",
            "CustomResourceDefinition",
            "Node",
            "Secret",
            "ConfigMap",
            "ServiceAccount",
            "Deployment",
            "ReplicaSet",
        ]
        for obj in sorted(objects, key=lambda o: first.index(o["kind"]) if o["kind"] in first else len(first)):
            self._load(json.loads(json.dumps(obj)))

    def _load(self, obj: dict[str, Any]) -> None:
        meta, status_part = obj["metadata"], obj.pop("status", None)
        for key in ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "deletionTimestamp"):
            meta.pop(key, None)
        meta.pop("ownerReferences", None)
        path = self._path(obj)
        status, answer = self.call("POST", path, obj)
        if status == 409:
            status, answer = self.call("PATCH", f"{path}/{meta['name']}", obj, "application/merge-patch+json")
        if status >= 300:
            raise RuntimeError(f"{obj['kind']}/{meta['name']}: {answer}")
        if status_part:
            self.call("PATCH", f"{path}/{meta['name']}/status", {"status": status_part}, "application/merge-patch+json")

    def _path(self, obj: dict[str, Any]) -> str:
        version = obj["apiVersion"]
        root = "/api/v1" if version == "v1" else f"/apis/{version}"
        deadline = time.monotonic() + 30
        while (version, obj["kind"]) not in self._kinds:  # a CRD that was just made takes a moment
            if time.monotonic() > deadline:
                raise RuntimeError(f"{version} {obj['kind']} is not served")
            status, listed = self.call("GET", root)
            for r in listed.get("resources", []) if status == 200 else []:
                if "/" not in r["name"]:
                    self._kinds[version, r["kind"]] = (r["name"], r["namespaced"])
            if (version, obj["kind"]) not in self._kinds:
                time.sleep(0.1)
        plural, namespaced = self._kinds[version, obj["kind"]]
        return f"{root}/namespaces/{obj['metadata'].get('namespace', 'default')}/{plural}" if namespaced else f"{root}/{plural}"

    def _serve_logs(self) -> None:
        """The node agent's part: the API server asks it for a pod's log."""
        logs = self.logs

        class Agent(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                found = re.match(r"/containerLogs/[^/]+/([^/]+)/", self.path)
                file = logs / f"{found[1]}.log" if found else None
                lines = file.read_text().splitlines() if file and file.exists() else []
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                if "tailLines" in query:
                    count = int(query["tailLines"][0])
                    lines = lines[-count:] if count else []
                self.send_response(200)
                self.end_headers()
                self.wfile.write("".join(line + "\n" for line in lines).encode())

        self._agent = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Agent)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
        self._agent.socket = tls.wrap_socket(self._agent.socket, server_side=True)
        threading.Thread(target=self._agent.serve_forever, args=(0.02,), daemon=True).start()
        self.log_port = self._agent.server_address[1]

    def point_nodes_here(self, *names: str) -> None:
        """Make these nodes' agent ours, so that logs of their pods are answered."""
        for name in names:
            status = {"status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": self.log_port}}}}
            self.call("PATCH", f"/api/v1/nodes/{name}/status", status, "application/merge-patch+json")

    def stop(self) -> None:
        self._http.close()
        if hasattr(self, "_agent"):
            self._agent.shutdown()
            self._agent.server_close()
        for process in reversed(self._processes):  # nobody wants what they hold: no time for a good end
            process.kill()
            process.wait()

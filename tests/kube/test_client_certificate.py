"""Client certificates, as data and as files, against a real API server."""

import base64
import pathlib
from typing import Any

import pytest
import yaml
from real_cluster import RealCluster

from flux_cli.core.api import NAMESPACE
from flux_cli.core.app import Settings
from flux_cli.core.errors import Unauthorized
from flux_cli.core.objects import name_of
from flux_cli.kube.client import KubeClient
from flux_cli.kube.session import connect

pytestmark = pytest.mark.real


def client(cluster: RealCluster, folder: pathlib.Path, user: dict[str, Any]) -> KubeClient:
    config = yaml.safe_load(cluster.kubeconfig.read_text())
    config["users"] = [{"name": "admin", "user": user}]
    (folder / "config").write_text(yaml.safe_dump(config))
    return connect(Settings(kubeconfig=str(folder / "config")), {"HOME": str(folder)})


def test_as_data_and_as_files(real_cluster: RealCluster, tmp_path: pathlib.Path) -> None:
    issued = real_cluster.people.issue_cert("jane.example", common_name="jane", organization_name="system:masters")
    chain, key = b"".join(part.bytes() for part in issued.cert_chain_pems), issued.private_key_pem.bytes()
    (tmp_path / "jane.crt").write_bytes(chain)
    (tmp_path / "jane.key").write_bytes(key)
    data = {"client-certificate-data": base64.b64encode(chain).decode(), "client-key-data": base64.b64encode(key).decode()}
    for user in (data, {"client-certificate": "jane.crt", "client-key": "jane.key"}):
        listed = client(real_cluster, tmp_path, user).list(NAMESPACE).items
        assert "kube-system" in map(name_of, listed)


def test_one_of_another_authority_is_nobody(real_cluster: RealCluster, tmp_path: pathlib.Path) -> None:
    import trustme

    issued = trustme.CA().issue_cert("jane.example", common_name="jane", organization_name="system:masters")
    chain, key = b"".join(part.bytes() for part in issued.cert_chain_pems), issued.private_key_pem.bytes()
    user = {"client-certificate-data": base64.b64encode(chain).decode(), "client-key-data": base64.b64encode(key).decode()}
    with pytest.raises(Unauthorized):
        client(real_cluster, tmp_path, user).list(NAMESPACE)

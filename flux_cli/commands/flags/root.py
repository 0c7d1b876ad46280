"""The flags of every command. Parameters are named as the fields of ``core.app.Settings`` that they fill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from flux_cli.commands._dialect.declare import flag

if TYPE_CHECKING:
    from flux_cli.core.app import App

# A command that must know whether it was given lists it with the default None.
Timeout = Annotated[float | None, flag("--timeout", type="duration", help="How long the whole command may take")]


def everywhere(
    app: App,
    as_user: Annotated[str, flag("--as", help="Act as this user")] = "",
    as_group: Annotated[
        Sequence[str], flag("--as-group", type="stringArray", help="Act as a member of this group; may be repeated")
    ] = (),
    as_uid: Annotated[str, flag("--as-uid", help="Act as the user with this UID")] = "",
    as_user_extra: Annotated[
        Sequence[str],
        flag("--as-user-extra", type="stringArray", help="Further attributes key=value of the user to act as; may be repeated"),
    ] = (),
    cache_dir: Annotated[
        str, flag("--cache-dir", help="Folder for what was learned about the cluster's kinds", complete="dirs")
    ] = "$HOME/.kube/cache",
    certificate_authority: Annotated[
        str, flag("--certificate-authority", help="File with the CA of the API server", complete="files")
    ] = "",
    client_certificate: Annotated[
        str, flag("--client-certificate", help="File with the client certificate", complete="files")
    ] = "",
    client_key: Annotated[str, flag("--client-key", help="File with the key of the client certificate", complete="files")] = "",
    cluster: Annotated[str, flag("--cluster", help="Cluster of the kubeconfig to talk to", complete="clusters")] = "",
    context: Annotated[str, flag("--context", help="Context of the kubeconfig to use", complete="contexts")] = "",
    disable_compression: Annotated[
        bool, flag("--disable-compression", help="Ask the API server for uncompressed answers")
    ] = False,
    insecure_skip_tls_verify: Annotated[
        bool, flag("--insecure-skip-tls-verify", help="Do not check the API server's certificate; connections are open to attack")
    ] = False,
    kube_api_burst: Annotated[int, flag("--kube-api-burst", help="Requests that may go to the API server at once")] = 300,
    kube_api_qps: Annotated[float, flag("--kube-api-qps", help="Requests a second to the API server")] = 50,
    kubeconfig: Annotated[str, flag("--kubeconfig", help="The kubeconfig file to use", complete="files")] = "",
    namespace: Annotated[str, flag("--namespace", "-n", help="The namespace to work in", complete="namespaces")] = "flux-system",
    ns_follows_kube_context: Annotated[
        bool, flag("--ns-follows-kube-context", help="Without -n, work in the namespace of the kubeconfig's context")
    ] = False,
    server: Annotated[str, flag("--server", help="Address of the API server")] = "",
    timeout: Timeout = 300.0,
    tls_server_name: Annotated[str, flag("--tls-server-name", help="Name that the API server's certificate must hold")] = "",
    token: Annotated[str, flag("--token", help="Bearer token for the API server")] = "",
    user: Annotated[str, flag("--user", help="User of the kubeconfig to act as", complete="users")] = "",
    verbose: Annotated[bool, flag("--verbose", help="Print the objects that are made")] = False,
) -> None:
    """Declares the flags; nobody calls it."""

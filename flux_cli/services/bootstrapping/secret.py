"""The Secret with which source-controller reads the repository."""

from collections.abc import Callable, Mapping

from flux_cli.core.api import SECRET
from flux_cli.core.errors import ApiError, FluxError, NotFound
from flux_cli.git import host_keys
from flux_cli.services import keys
from flux_cli.services.bootstrapping.wish import SecretWish, Wish, World
from flux_cli.services.installing import upsert_secret

Publish = Callable[[str], None]


def reconcile(wish: Wish, secret: SecretWish, world: World, publish: Publish) -> None:
    """Make the Secret, or leave it where it is good as it is. ``publish`` gets a public key, before the Secret is applied."""
    log, name = world.log, f'"{wish.namespace}/{wish.secret_name}"'
    log.action(f"determining if source secret {name} exists")
    if not secret.always and _exists(wish, world):
        log.success("source secret up to date")
        return
    log.action("generating source secret")
    data = content(secret, world.environ)
    if "identity.pub" in data:
        public = data["identity.pub"].strip()
        log.success(f"public key: {public}")
        publish(data["identity.pub"])
    log.action(f"applying source secret {name}")
    upsert_secret(
        world.cluster,
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": wish.secret_name, "namespace": wish.namespace},
            "stringData": data,
        },
    )
    log.success("reconciled source secret")


def _exists(wish: Wish, world: World) -> bool:
    try:
        world.cluster.get(SECRET, wish.namespace, wish.secret_name, metadata_only=True)
    except NotFound:
        return False
    except ApiError as err:
        raise FluxError(f"failed to determine if deploy key secret exists: {err}", hint=err.hint) from err
    return True


def content(secret: SecretWish, environ: Mapping[str, str]) -> dict[str, str]:
    """The Secret's ``stringData``."""
    ca = {"ca.crt": secret.ca} if secret.ca else {}
    if secret.username and secret.password:
        return {"username": secret.username, "password": secret.password} | ca
    if secret.bearer_token:
        return {"bearerToken": secret.bearer_token} | ca
    pair = secret.pair or keys.generate(secret.algorithm, secret.rsa_bits, secret.curve)
    hosts = host_keys.scan(secret.host, environ)
    data = {"identity": pair.private, "identity.pub": pair.public, "known_hosts": hosts}
    return data | ({"password": secret.key_password} if secret.key_password else {})

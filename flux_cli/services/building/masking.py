"""What SOPS encrypted is not shown: the values of encrypted Secrets are replaced, as in the Go CLI's output."""

import base64
import binascii
import re

from flux_cli.core.errors import FluxError
from flux_cli.core.goyaml import bare
from flux_cli.core.objects import Object, dig, name_of

MASK = "**SOPS**"
_MASK_DATA = base64.b64encode(MASK.encode()).decode()
_DOCKER = '{"mask":"**SOPS**"}'
_DOCKER_DATA = base64.b64encode(_DOCKER.encode()).decode()
_ALPHABET = re.compile(r"[A-Za-z0-9+/]*={0,2}\Z")


def mask_sops(obj: Object, text: str) -> None:
    """Mask a Secret in place; ``text`` is its YAML. Raises FluxError for data that is no base64.

    As upstream has it, a Secret's values come out as text, and empty data is dropped; of other kinds only SOPS's own field goes.
    """
    if obj.get("kind") != "Secret":
        obj.pop("sops", None)
        return
    data, strings = _map(obj, "data"), _map(obj, "stringData")
    for values in (data, strings):
        values.update({key: "" if value is None else bare(value) for key, value in values.items()})
    if "data" in obj and not data:
        del obj["data"]
    if "sops:" in text and "mac: ENC[" in text:
        obj.pop("sops", None)
        docker = obj.get("type") == "kubernetes.io/dockerconfigjson"
        data.update(dict.fromkeys(data, _DOCKER_DATA if docker else _MASK_DATA))
        strings.update(dict.fromkeys(strings, _DOCKER if docker else MASK))
        return
    for key, value in data.items():
        if _encrypted(_decoded(value, name_of(obj))):
            data[key] = _MASK_DATA
    for key, value in strings.items():
        if isinstance(value, str) and _encrypted(value.encode()):
            strings[key] = _MASK_DATA


def _map(obj: Object, field: str) -> Object:
    found = dig(obj, field, {})
    return found if isinstance(found, dict) else {}


def _encrypted(value: bytes) -> bool:
    return b"sops" in value and b"ENC[" in value


def _decoded(value: object, name: str) -> bytes:
    plain = re.sub(r"[\r\n]", "", value) if isinstance(value, str) else ""
    at = next((i for i, char in enumerate(plain) if not re.match(r"[A-Za-z0-9+/=]", char)), None)
    if at is None and _ALPHABET.match(plain):
        try:
            return base64.b64decode(plain)
        except binascii.Error:
            at = len(plain) // 4 * 4
    raise FluxError(f"failed to mask secret {name} sops data: illegal base64 data at input byte {at or 0}")

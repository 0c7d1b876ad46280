"""Manifests, blobs and tags of one repository; what is read is checked against its digest."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple
from urllib.parse import urljoin

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import items
from flux_cli.core.unanswered import reason
from flux_cli.oci.reference import Reference
from flux_cli.oci.refusal import RegistryError
from flux_cli.oci.transport import PASSING, Transport

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_ACCEPT = ", ".join(
    (
        MANIFEST, "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    )
)  # fmt: skip
_CHUNK = 1 << 20
_MAX_MANIFEST = 8 << 20
_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')


class Manifest(NamedTuple):
    """``raw`` is what the registry keeps, ``content`` what it says, ``digest`` the name of exactly these bytes."""

    raw: bytes
    content: dict[str, Any]
    digest: str
    media_type: str


class Repository:
    """The manifests, blobs and tags of one repository, as the OCI distribution specification has them."""

    def __init__(self, reference: Reference, transport: Transport) -> None:
        self.reference = reference
        self._transport = transport
        self._root = f"/v2/{reference.repository}"

    def ready(self) -> None:
        """Reach the registry. Raises RegistryError where that fails."""
        try:
            self._transport.open()
        except RegistryError as err:
            raise RegistryError(f"error setting up transport: {err}", status=err.status, hint=err.hint) from err

    def close(self) -> None:
        self._transport.close()

    def manifest(self, identifier: str) -> Manifest:
        """Raises RegistryError; also where the bytes are not those of a digest that was asked for."""
        answer = self._transport.request("GET", f"{self._root}/manifests/{identifier}", headers={"Accept": _ACCEPT}, stream=True)
        raw = b"".join(_limited(answer, _MAX_MANIFEST))
        digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
        told = answer.headers.get("docker-content-digest", "")
        wanted = identifier if identifier.startswith("sha256:") else told if told.startswith("sha256:") else digest
        if wanted != digest:
            raise RegistryError(f'manifest digest: "{digest}" does not match requested digest: "{wanted}" for "{self.reference}"')
        try:
            content = json.loads(raw)
        except ValueError as err:
            raise RegistryError(f"the manifest of {self.reference} is not JSON") from err
        if not isinstance(content, dict):
            raise RegistryError(f"the manifest of {self.reference} is not an object")
        return Manifest(raw, content, digest, answer.headers.get("content-type", MANIFEST).partition(";")[0])

    def put_manifest(self, raw: bytes, media_type: str, identifier: str) -> None:
        path = f"{self._root}/manifests/{identifier}"
        self._transport.request("PUT", path, headers={"Content-Type": media_type}, body=raw, scope="push,pull")

    def tags(self) -> list[str]:
        """All tags, page by page."""
        url, out = f"{self._root}/tags/list?n=1000", []
        seen = set()
        while url and url not in seen:
            seen.add(url)
            answer = self._transport.request("GET", url)
            try:
                found = answer.json().get("tags") or []
            except (ValueError, AttributeError) as err:
                raise RegistryError(f"GET {answer.url}: the answer is no list of tags") from err
            out += [str(tag) for tag in found]
            link = _NEXT.search(answer.headers.get("link", ""))
            url = urljoin(str(answer.url), link[1]) if link else ""
            if url and not url.startswith(self._transport.open() + "/"):
                raise RegistryError(f"{self.reference.registry} sends us elsewhere for the next page of tags: {url}")
        return out

    def referrers(self, digest: str) -> list[dict[str, Any]]:
        """Descriptors of what refers to a manifest; a registry without that call keeps an index under a tag."""
        answer = self._transport.request("GET", f"{self._root}/referrers/{digest}", accepted=(400, 404, 405))
        try:
            found = answer.json() if answer.status_code == 200 else self.manifest(digest.replace(":", "-")).content
        except ValueError as err:
            raise RegistryError(f"GET {answer.url}: the answer is not JSON") from err
        except RegistryError as err:
            if err.status == 404:
                return []
            raise
        return [entry for entry in items(found, "manifests") if isinstance(entry, dict)]

    def has_blob(self, digest: str) -> bool:
        path = f"{self._root}/blobs/{digest}"
        status: int = self._transport.request("HEAD", path, scope="push,pull", accepted=(404, 401, 403)).status_code
        return status == 200

    def push_blob(self, file: IO[bytes], digest: str, size: int) -> None:
        """Upload what is not there yet. What broke off goes on where the registry says that it stopped."""
        if self.has_blob(digest):
            return
        started = self._transport.request("POST", f"{self._root}/blobs/uploads/", body=b"", scope="push,pull")
        where = self._location(started)
        for attempt in (1, 2, 3):
            offset = 0 if attempt == 1 else self._arrived(where)
            try:
                where = self._send(where, file, offset, size)
                break
            except RegistryError as err:
                if attempt == 3 or err.status not in (0, 416, *PASSING):
                    raise
        joint = "&" if "?" in where else "?"
        self._transport.request("PUT", f"{where}{joint}digest={digest}", body=b"", scope="push,pull")

    def _send(self, where: str, file: IO[bytes], offset: int, size: int) -> str:
        def chunks() -> Iterable[bytes]:
            file.seek(offset)
            while chunk := file.read(_CHUNK):
                yield chunk

        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size - offset)}
        if offset:
            headers["Content-Range"] = f"{offset}-{size - 1}"
        answer = self._transport.request("PATCH", where, headers=headers, body=chunks, scope="push,pull", once=True)
        return self._location(answer)

    def _arrived(self, where: str) -> int:
        """How many bytes of an upload the registry has."""
        answer = self._transport.request("GET", where, scope="push,pull", accepted=(404,))
        found = re.fullmatch(r"0-(\d+)", answer.headers.get("range", ""))
        return int(found[1]) + 1 if found and int(found[1]) else 0

    def _location(self, answer: Any) -> str:
        location: str = answer.headers.get("location", "")
        if not location:
            raise RegistryError(f"{self.reference.registry} did not say where to upload to")
        return str(urljoin(str(answer.url), location))

    def pull_blob(self, descriptor: dict[str, Any], file: IO[bytes]) -> None:
        """Download a layer into ``file`` and check it. Raises RegistryError."""
        digest, size = str(descriptor.get("digest", "")), descriptor.get("size")
        if not re.fullmatch(r"sha256:[a-f0-9]{64}", digest):
            raise RegistryError(f"the layer of {self.reference} has no SHA-256 digest")
        answer = self._transport.request("GET", f"{self._root}/blobs/{digest}", stream=True)
        found, length = hashlib.sha256(), 0
        for chunk in _limited(answer, size if isinstance(size, int) else 1 << 40):
            found.update(chunk)
            length += len(chunk)
            file.write(chunk)
        if f"sha256:{found.hexdigest()}" != digest or (isinstance(size, int) and length != size):
            raise RegistryError(
                f'error verifying sha256 checksum after reading {length} bytes; got "sha256:{found.hexdigest()}", want "{digest}"'
            )


def _limited(answer: Any, limit: int) -> Iterator[bytes]:
    """The body in pieces; more than ``limit`` bytes is an error."""
    import httpx

    length = 0
    try:
        for chunk in answer.iter_bytes(_CHUNK):
            length += len(chunk)
            if length > limit:
                raise FluxError(f"{answer.url} sends more than the {limit} bytes that were announced")
            yield chunk
    except httpx.HTTPError as err:
        raise RegistryError(f'Get "{answer.url}": {reason(err)}') from err
    finally:
        answer.close()

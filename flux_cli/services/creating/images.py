"""Image automation: repositories to scan, policies to select a tag, updates to commit it."""

import re
from urllib.parse import urlsplit

from flux_cli.core.errors import UsageError
from flux_cli.core.objects import Object
from flux_cli.kinds import named
from flux_cli.services.creating.patterns import capture_groups
from flux_cli.services.creating.shape import Kept, Meta, interval, manifest, named_ref, optional_interval, parse_labels

_REPOSITORY_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789_-./"
_ORDERS = ("asc", "desc")
_DIGESTS = ("Never", "IfNotPresent", "Always")


def image_repository(meta: Meta, *, image: str, secret: str = "", cert: str = "", scan_timeout: float = 0.0) -> Object:
    """An ImageRepository. Raises UsageError."""
    if not image:
        raise UsageError("an image repository (--image) is required")
    if wrong := _wrong_image(image):
        raise UsageError(f"unable to parse image value: {wrong}")
    return manifest(named("ImageRepository").resource, meta, parse_labels(meta.labels), {
        "image": image, "interval": interval(meta.interval), "timeout": optional_interval(scan_timeout),
        "secretRef": named_ref(secret), "certSecretRef": named_ref(cert),
    })  # fmt: skip


def _wrong_image(image: str) -> str:
    """Why this is no repository of a registry, in the words of the library that the controllers use; empty where it is one."""
    registry, slash, repository = image.partition("/")
    if not slash or not ("." in registry or ":" in registry or registry == "localhost"):
        registry, repository = "", image
    if not 2 <= len(repository) <= 255:
        return f"repository must be between 2 and 255 characters in length: {repository}"
    if repository.strip(_REPOSITORY_CHARS) or set(repository) - set(_REPOSITORY_CHARS):
        return f"repository can only contain the characters `{_REPOSITORY_CHARS}`: {repository}"
    try:
        parts = urlsplit(f"//{registry}")
        valid = parts.netloc == registry and not set(registry) & set(" @?#\\") and (parts.port or True)
    except ValueError:
        valid = False
    return "" if valid else f"registries must be valid RFC 3986 URI authorities: {registry}"


def image_policy(
    meta: Meta, *, image_ref: str, semver: str = "", alpha: str = "", numeric: str = "", filter_regex: str = "",
    filter_extract: str = "", reflect_digest: str = "",
) -> Object:  # fmt: skip
    """An ImagePolicy. ``meta.interval`` is this command's own: 0 where it was not given. Raises UsageError."""
    if not image_ref:
        raise UsageError("the name of an ImageRepository in the namespace is required (--image-ref)")
    labels = parse_labels(meta.labels)
    policy = _policy(semver, alpha, numeric)
    tags = _filter(filter_regex, filter_extract)
    if reflect_digest and reflect_digest not in _DIGESTS:
        raise UsageError("invalid value for --reflect-digest, must be one of 'Never', 'IfNotPresent', 'Always'")
    if meta.interval and reflect_digest != "Always":
        raise UsageError(
            "the --interval flag can only be used with the 'Always' digest reflection policy, use --reflect-digest=Always"
        )
    return manifest(named("ImagePolicy").resource, meta, labels, {
        "imageRepositoryRef": {"name": image_ref}, "policy": Kept(policy), "filterTags": Kept(tags) if tags else None,
        "digestReflectionPolicy": reflect_digest, "interval": optional_interval(meta.interval),
    })  # fmt: skip


def _policy(semver: str, alpha: str, numeric: str) -> Object:
    if semver and (alpha or numeric):
        return {}  # upstream lets this pass and makes a policy that selects nothing
    if alpha and numeric:
        raise UsageError("only one of --select-semver, --select-alpha or --select-numeric can be specified")
    if semver:
        return {"semver": {"range": semver}}
    for order, field, flag in ((alpha, "alphabetical", "alpha"), (numeric, "numerical", "numeric")):
        if order and order not in _ORDERS:
            raise UsageError(f'--select-{flag} must be one of ["asc", "desc"]')
        if order:
            return {field: {"order": order}}
    raise UsageError("a policy must be provided with either --select-semver or --select-alpha")


def _filter(pattern: str, extract: str) -> Object | None:
    if not pattern:
        if extract:
            raise UsageError("cannot specify --filter-extract without specifying --filter-regex")
        return None
    names = capture_groups(pattern)
    if names is None:
        raise UsageError("--filter-regex is an invalid regex pattern")
    _check_extract(extract, names)
    return {"pattern": pattern, "extract": extract}


def _check_extract(template: str, names: set[str]) -> None:
    """The template of what is taken out of a tag: ``$name``, ``${name}``, ``$1``; ``$$`` is a dollar sign."""
    at = template.find("$")
    while at >= 0:
        if template.startswith("$$", at):
            at = template.find("$", at + 2)
            continue
        found = re.compile(r"\$(?:(\w+)|\{(\w+)\})").match(template, at)
        if not found:
            raise UsageError("--filter-extract is malformed")
        name = found[1] or found[2]
        number = name.isascii() and name.isdigit() and len(name) < 10 and (name == "0" or name[0] != "0")
        if not number and name not in names:
            raise UsageError(f"capture group ${name} used in --filter-extract not found in --filter-regex")
        at = template.find("$", found.end())


def image_update(
    meta: Meta, *, git_repository: str, git_namespace: str = "", path: str = "", checkout_branch: str = "", push_branch: str = "",
    commit_template: str = "", author_name: str = "", author_email: str = "", signing_secret: str = "", signing_type: str = "",
) -> Object:  # fmt: skip
    """An ImageUpdateAutomation. Raises UsageError."""
    required = (
        (git_repository, "a reference to a GitRepository is required (--git-repo-ref)"),
        (checkout_branch, "the Git repository branch is required (--checkout-branch)"),
        (author_name, "the author name is required (--author-name)"),
        (author_email, "the author email is required (--author-email)"),
    )
    for value, message in required:
        if not value:
            raise UsageError(message)
    if signing_type and not signing_secret:
        raise UsageError("--signing-key-type requires --signing-key-secret")
    if signing_type not in ("", "gpg", "ssh"):
        raise UsageError("--signing-key-type must be one of: gpg, ssh")
    key = {"secretRef": named_ref(signing_secret), "type": signing_type} if signing_secret else None
    author = {"name": author_name, "email": author_email}
    return manifest(named("ImageUpdateAutomation").resource, meta, parse_labels(meta.labels), {
        "sourceRef": {"kind": "GitRepository", "name": git_repository, "namespace": git_namespace},
        "git": {
            "checkout": {"ref": {"branch": checkout_branch}},
            "commit": {"author": author, "signingKey": key, "messageTemplate": commit_template},
            "push": {"branch": push_branch},
        },
        "interval": interval(meta.interval), "update": {"path": path, "strategy": "Setters"} if path else None,
    })  # fmt: skip

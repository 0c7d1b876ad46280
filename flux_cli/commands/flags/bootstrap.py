"""Flags of ``bootstrap``: those that all Git hosts share, then those of some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import flag
from flux_cli.commands.flags.install import (
    ClusterDomain,
    Components,
    ComponentsExtra,
    Force,
    ImagePullSecret,
    LogLevel,
    Manifests,
    NetworkPolicy,
    Plan,
    Registry,
    RegistryCreds,
    TolerationKeys,
    Version,
    WatchAllNamespaces,
)

__all__ = [
    "ClusterDomain", "Components", "ComponentsExtra", "Force", "ImagePullSecret", "LogLevel", "Manifests", "NetworkPolicy",
    "Plan", "Registry", "RegistryCreds", "TolerationKeys", "Version", "WatchAllNamespaces",
]  # fmt: skip

Branch = Annotated[str, flag("--branch", help="Branch that the cluster follows")]
RecurseSubmodules = Annotated[bool, flag("--recurse-submodules", help="Have the source fetch submodules, too")]
SparseCheckout = Annotated[Sequence[str], flag("--sparse-checkout", help="Folders that the source fetches, instead of all")]
TokenAuth = Annotated[bool, flag("--token-auth", help="Have the source log in with the token over HTTPS, instead of an SSH key")]
SecretName = Annotated[str, flag("--secret-name", help="Secret that the source logs in with")]
SshKeyAlgorithm = Annotated[str, flag("--ssh-key-algorithm", type="rsa|ecdsa|ed25519", help="Kind of the SSH key that is made")]
SshRsaBits = Annotated[int, flag("--ssh-rsa-bits", type="rsaKeyBits", help="Size of an RSA key that is made")]
SshEcdsaCurve = Annotated[str, flag("--ssh-ecdsa-curve", type="p256|p384|p521", help="Curve of an ECDSA key that is made")]
SshHostkeyAlgos = Annotated[Sequence[str], flag("--ssh-hostkey-algos", help="Kinds of host keys to accept over SSH")]
SshHostname = Annotated[str, flag("--ssh-hostname", help="SSH host of the source, where it differs from the repository's host")]
CaFile = Annotated[str, flag("--ca-file", help="File with the CA of the Git server, PEM", complete="files")]
PrivateKeyFile = Annotated[str, flag("--private-key-file", help="SSH private key to use instead of a new one", complete="files")]
AuthorName = Annotated[str, flag("--author-name", help="Name of the commits' author")]
AuthorEmail = Annotated[str, flag("--author-email", help="E-mail address of the commits' author")]
GpgKeyRing = Annotated[str, flag("--gpg-key-ring", help="OpenPGP key ring to sign commits with", complete="files")]
GpgPassphrase = Annotated[str, flag("--gpg-passphrase", help="Passphrase of the OpenPGP key")]
GpgKeyId = Annotated[str, flag("--gpg-key-id", help="Which key of the ring to sign with")]
SshSigningKeyFile = Annotated[str, flag("--ssh-signing-key-file", help="SSH private key to sign commits with", complete="files")]
SshSigningPassword = Annotated[str, flag("--ssh-signing-password", help="Passphrase of the signing key")]
SshSigningPassphrase = Annotated[str, flag("--ssh-signing-passphrase", help="The same as --ssh-signing-password", hidden=True)]
SshSigningReuse = Annotated[bool, flag("--ssh-signing-reuse-private-key", help="Sign commits with the key of --private-key-file")]
Appendix = Annotated[str, flag("--commit-message-appendix", help="Text below the commits' messages, such as [ci skip]")]

Url = Annotated[str, flag("--url", help="URL of the repository: https://, ssh:// or http://")]
Interval = Annotated[float, flag("--interval", type="duration", help="How often the source looks for commits")]
Path = Annotated[
    str, flag("--path", type="safeRelativePath", help="Folder of the repository that the cluster follows", complete="dirs")
]
Username = Annotated[str, flag("--username", "-u", help="User name for the repository")]
Password = Annotated[str, flag("--password", "-p", help="Password or token for the repository, or passphrase of the private key")]
Silent = Annotated[bool, flag("--silent", "-s", help="Do not ask whether the key has access")]
AllowInsecureHttp = Annotated[bool, flag("--allow-insecure-http", help="Allow http:// URLs; what is sent can be read on the way")]
WithBearerToken = Annotated[bool, flag("--with-bearer-token", help="Send the password as a bearer token; implies --token-auth")]

Owner = Annotated[str, flag("--owner", help="Organisation, group, project or user that owns the repository")]
Repository = Annotated[str, flag("--repository", help="Name of the repository; it is created where it does not exist")]
Team = Annotated[Sequence[str], flag("--team", help="Teams that get access, as name or name:permission")]
Group = Annotated[Sequence[str], flag("--group", help="Groups that get access, as name or name:permission")]
Personal = Annotated[bool, flag("--personal", help="The owner is a user")]
Private = Annotated[bool, flag("--private", help="Make the repository private when it is created")]
PrivateOld = Annotated[
    bool, flag("--private", help="Make the repository private when it is created", deprecated="use --visibility instead")
]
Visibility = Annotated[
    str, flag("--visibility", type="internal|private|public", help="Visibility of the repository when it is created")
]
Hostname = Annotated[str, flag("--hostname", help="Host of the Git service")]
ReadWriteKey = Annotated[bool, flag("--read-write-key", help="Give the deploy key write access, for image automation")]
Reconcile = Annotated[bool, flag("--reconcile", help="Bring the teams' access of an existing repository in line")]
DeployTokenAuth = Annotated[bool, flag("--deploy-token-auth", help="Have the source log in with a deploy token of the project")]

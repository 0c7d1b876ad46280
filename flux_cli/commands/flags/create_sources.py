"""Flags of ``create source`` and ``create secret``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Strings = Sequence[str]
_RECEIVERS = "generic|generic-hmac|github|gitlab|bitbucket|harbor|dockerhub|quay|gcr|nexus|acr|cdevents"

# -- every source

FetchTimeout = Annotated[float, flag("--fetch-timeout", type="duration", help="How long fetching may take")]
ProxySecretRef = Annotated[str, flag("--proxy-secret-ref", help="Existing Secret with the address and credentials of a proxy")]
IgnorePaths = Annotated[
    Strings, flag("--ignore-paths", type="strings", help="Paths to leave out, as in .gitignore; may be repeated")
]
Insecure = Annotated[bool, flag("--insecure", help="Allow plain HTTP")]
VerifyProvider = Annotated[
    str, flag("--verify-provider", type="sourceOCIVerifyProvider", help="Check signatures with this: cosign")
]
VerifySecret = Annotated[str, flag("--verify-secret-ref", help="Secret with the public keys of signatures")]
VerifyIssuer = Annotated[str, flag("--verify-issuer", help="Pattern of the OIDC issuer of a signature")]
VerifySubject = Annotated[str, flag("--verify-subject", help="Pattern of the OIDC subject of a signature")]

# -- credentials

Username = Annotated[str, flag("--username", "-u", help="User name")]
Password = Annotated[
    str, flag("--password", "-p", help="Password; better from a file or standard input, where no process list shows it")
]
KeyPassword = Annotated[
    str, flag("--password", "-p", help="Password, or the passphrase of the private key; better from a file or standard input")
]
PasswordStdin = Annotated[bool, flag("--password-stdin", help="Read the password from standard input")]
PasswordFile = Annotated[str, flag("--password-file", help="Read the password from this file", complete="files")]
CaFile = Annotated[str, flag("--ca-file", help="File with the CA of the server", complete="files")]
CertFile = Annotated[str, flag("--cert-file", help="File with the client certificate", complete="files")]
KeyFile = Annotated[str, flag("--key-file", help="File with the key of the client certificate", complete="files")]
PrivateKeyFile = Annotated[
    str, flag("--private-key-file", help="File with the SSH key to use instead of a new one", complete="files")
]
SshAlgorithm = Annotated[str, flag("--ssh-key-algorithm", type="rsa|ecdsa|ed25519", help="Kind of the new SSH key")]
SshBits = Annotated[int, flag("--ssh-rsa-bits", type="rsaKeyBits", help="Size of a new RSA key")]
SshCurve = Annotated[str, flag("--ssh-ecdsa-curve", type="p256|p384|p521", help="Curve of a new ECDSA key")]
SecretRef = Annotated[str, flag("--secret-ref", help="Existing Secret with the credentials")]

# -- git

GitUrl = Annotated[str, flag("--url", help="Address of the repository, ssh://, https:// or http://")]
Branch = Annotated[str, flag("--branch", help="Branch to follow")]
Tag = Annotated[str, flag("--tag", help="Tag to use")]
TagSemver = Annotated[str, flag("--tag-semver", help="Use the highest tag in this range of versions")]
RefName = Annotated[str, flag("--ref-name", help="Full name of the reference, such as refs/pull/420/head")]
Commit = Annotated[str, flag("--commit", help="Commit to use")]
GitProvider = Annotated[str, flag("--provider", type="generic|github|aws|azure", help="How to authenticate with the Git host")]
RecurseSubmodules = Annotated[bool, flag("--recurse-submodules", help="Fetch submodules too")]
Silent = Annotated[bool, flag("--silent", "-s", help="Do not ask whether the deploy key was added")]
SparsePaths = Annotated[
    Strings, flag("--sparse-checkout-paths", type="strings", help="Folders to check out, instead of all; may be repeated")
]

# -- helm, oci, bucket, chart

HelmUrl = Annotated[str, flag("--url", help="Address of the chart repository, https://, http:// or oci://")]
OciProvider = Annotated[
    str,
    flag(
        "--oci-provider",
        help="How to authenticate with an OCI registry: generic, aws, azure or gcp",
        complete="words:generic|aws|azure|gcp",
    ),
]
PassCredentials = Annotated[
    bool, flag("--pass-credentials", help="Send the credentials to other hosts too, where the repository leads there")
]
OciUrl = Annotated[str, flag("--url", help="Address of the artifact, oci://")]
Digest = Annotated[str, flag("--digest", help="Digest of the artifact")]
Cloud = Annotated[str, flag("--provider", type="generic|aws|azure|gcp", help="How to authenticate")]
OciServiceAccount = Annotated[str, flag("--service-account", help="ServiceAccount whose pull secrets are used")]
CertRef = Annotated[str, flag("--cert-ref", help="Existing Secret with TLS certificates")]
LayerSelector = Annotated[
    str, flag("--layer-selector", help="Layer of the artifact to use, media-type:extract or media-type:copy")
]
BucketProvider = Annotated[str, flag("--provider", type="bucketProvider", help="Who runs the storage")]
BucketName = Annotated[str, flag("--bucket-name", help="Name of the bucket")]
Endpoint = Annotated[str, flag("--endpoint", help="Address of the storage, host[:port]")]
AccessKey = Annotated[str, flag("--access-key", help="Access key")]
SecretKey = Annotated[str, flag("--secret-key", help="Secret key")]
Region = Annotated[str, flag("--region", help="Region of the bucket")]
LocalSource = Annotated[str, flag("--source", type="helmChartSource", help="Source of the chart, Kind/name")]

# -- secrets

RepositoryUrl = Annotated[str, flag("--url", help="Address that the credentials are for")]
BearerToken = Annotated[str, flag("--bearer-token", help="Token, instead of user name and password")]
CaCrtFile = Annotated[str, flag("--ca-crt-file", help="File with the CA of the server", complete="files")]
TlsCrtFile = Annotated[str, flag("--tls-crt-file", help="File with the client certificate", complete="files")]
TlsKeyFile = Annotated[str, flag("--tls-key-file", help="File with the key of the client certificate", complete="files")]
ProxyAddress = Annotated[str, flag("--address", help="Address of the proxy")]
AppId = Annotated[str, flag("--app-id", help="Id of the GitHub App")]
AppOwner = Annotated[str, flag("--app-installation-owner", help="Owner of the installation")]
AppInstallation = Annotated[str, flag("--app-installation-id", help="Id of the installation")]
AppPrivateKey = Annotated[str, flag("--app-private-key", help="File with the app's private key", complete="files")]
AppBaseUrl = Annotated[str, flag("--app-base-url", help="API address of a GitHub Enterprise server")]
TrustPolicyFile = Annotated[str, flag("--trust-policy-file", help="File with the trust policy", complete="files")]
CaCertFiles = Annotated[
    Strings,
    flag("--ca-cert-file", type="strings", help="File with a root certificate, .crt or .pem; may be repeated", complete="files"),
]
ReceiverType = Annotated[str, flag("--type", type=_RECEIVERS, help="Who calls the webhook")]
ReceiverToken = Annotated[str, flag("--token", help="Token of the webhook; a random one where none is given")]
Hostname = Annotated[str, flag("--hostname", help="Host name that the webhook is reached at")]
EmailClaim = Annotated[str, flag("--email-claim", help="E-mail address of the Google service account that calls")]
AudienceClaim = Annotated[
    str, flag("--audience-claim", help="Audience of the caller's token; the webhook's URL where none is given")
]

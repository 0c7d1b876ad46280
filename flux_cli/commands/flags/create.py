"""Flags of ``create`` that its commands share, and those of deployments, images, notifications and tenants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Strings = Sequence[str]

# -- every create command

Interval = Annotated[
    float, flag("--interval", type="duration", help="How often the object is reconciled, where its kind has an interval")
]
Export = Annotated[bool, flag("--export", help="Print the object as YAML instead of sending it to the cluster")]
Labels = Annotated[Strings, flag("--label", type="strings", help="Labels of the object, key=value; may be repeated")]

# -- several of them

SecretRef = Annotated[str, flag("--secret-ref", help="Existing Secret with the credentials")]
CertRef = Annotated[str, flag("--cert-ref", help="Existing Secret with TLS certificates")]
ServiceAccount = Annotated[str, flag("--service-account", help="ServiceAccount to act as")]
_BEFORE = "Objects that have to be ready before, [namespace/]name; may be repeated"
KsDependsOn = Annotated[Strings, flag("--depends-on", type="strings", help=_BEFORE, complete="places:Kustomization")]
HrDependsOn = Annotated[Strings, flag("--depends-on", type="strings", help=_BEFORE, complete="places:HelmRelease")]
TargetNamespace = Annotated[str, flag("--target-namespace", help="Namespace of what is deployed")]
KubeconfigSecretRef = Annotated[
    str, flag("--kubeconfig-secret-ref", help="Secret with the kubeconfig of another cluster to deploy to")
]

# -- kustomization

KsSource = Annotated[
    str,
    flag(
        "--source",
        type="kustomizationSource",
        help="Source of the manifests, [Kind/]name[.namespace]; without a kind a GitRepository",
    ),
]
KsPath = Annotated[str, flag("--path", type="safeRelativePath", help="Folder in the source to apply", complete="dirs")]
Prune = Annotated[bool, flag("--prune", help="Delete what is no longer in the source")]
Wait = Annotated[bool, flag("--wait", help="Ready only when all that was applied is healthy")]
HealthCheck = Annotated[
    Strings, flag("--health-check", type="strings", help="Workload that has to be healthy, Kind/name.namespace; may be repeated")
]
HealthTimeout = Annotated[float, flag("--health-check-timeout", type="duration", help="How long to wait for health")]
Validation = Annotated[
    str,
    flag(
        "--validation", help="No longer used",
        deprecated="this arg is no longer used, all resources are validated using server-side apply dry-run",
    ),
]  # fmt: skip
DecryptionProvider = Annotated[str, flag("--decryption-provider", type="decryptionProvider", help="Decrypt with this: sops")]
DecryptionSecret = Annotated[str, flag("--decryption-secret", help="Secret with the decryption keys")]
RetryInterval = Annotated[float, flag("--retry-interval", type="duration", help="How soon to try again after a failure")]

# -- helmrelease

HrSource = Annotated[str, flag("--source", type="chartSource", help="Source of the chart, Kind/name[.namespace]")]
Chart = Annotated[str, flag("--chart", help="Name of the chart, or its path in a Git repository or bucket")]
ChartVersion = Annotated[str, flag("--chart-version", help="Version of the chart, exact or a range")]
ChartRef = Annotated[str, flag("--chart-ref", help="Chart by reference: OCIRepository/name or HelmChart/name, [.namespace]")]
ChartInterval = Annotated[float, flag("--chart-interval", type="duration", help="How often to look for a new chart")]
ReconcileStrategy = Annotated[
    str,
    flag("--reconcile-strategy", help="When a chart is new: ChartVersion or Revision", complete="words:ChartVersion|Revision"),
]
ReleaseName = Annotated[str, flag("--release-name", help="Name of the Helm release")]
StorageNamespace = Annotated[str, flag("--storage-namespace", help="Namespace where Helm keeps the release")]
CreateTargetNamespace = Annotated[bool, flag("--create-target-namespace", help="Make the target namespace where it is missing")]
Crds = Annotated[str, flag("--crds", type="Skip|Create|CreateReplace", help="What an upgrade does with CRDs of the chart")]
Values = Annotated[
    Strings,
    flag("--values", type="strings", help="File with values, later ones over earlier ones; may be repeated", complete="files"),
]
ValuesFrom = Annotated[
    Strings, flag("--values-from", type="strings", help="Values from Secret/name or ConfigMap/name; may be repeated")
]

# -- image

Image = Annotated[str, flag("--image", help="Repository of images to scan, without a tag")]
ScanTimeout = Annotated[float, flag("--scan-timeout", type="duration", help="How long a scan may take")]
ImageRef = Annotated[str, flag("--image-ref", help="ImageRepository to select from")]
SelectSemver = Annotated[str, flag("--select-semver", help="Select the highest version in this range")]
SelectAlpha = Annotated[
    str, flag("--select-alpha", help="Select by the alphabet: asc for the last, desc for the first", complete="words:asc|desc")
]
SelectNumeric = Annotated[
    str, flag("--select-numeric", help="Select by number: asc for the highest, desc for the lowest", complete="words:asc|desc")
]
FilterRegex = Annotated[str, flag("--filter-regex", help="Only tags that match this pattern")]
FilterExtract = Annotated[str, flag("--filter-extract", help="What of the tag to compare, from groups of --filter-regex: $name")]
ReflectDigest = Annotated[
    str,
    flag(
        "--reflect-digest",
        help="When to resolve the digest: Never, IfNotPresent or Always",
        complete="words:Never|IfNotPresent|Always",
    ),
]
PolicyInterval = Annotated[float, flag("--interval", type="duration", help="How often the digest is resolved again")]
GitRepoRef = Annotated[str, flag("--git-repo-ref", help="GitRepository to commit to")]
GitRepoNamespace = Annotated[str, flag("--git-repo-namespace", help="Namespace of the GitRepository")]
GitRepoPath = Annotated[str, flag("--git-repo-path", help="Folder in which image tags are updated")]
CheckoutBranch = Annotated[str, flag("--checkout-branch", help="Branch to check out")]
PushBranch = Annotated[str, flag("--push-branch", help="Branch to push to, where it is not the one to check out")]
CommitTemplate = Annotated[str, flag("--commit-template", help="Template of the commit message")]
AuthorName = Annotated[str, flag("--author-name", help="Author of commits")]
AuthorEmail = Annotated[str, flag("--author-email", help="E-mail address of the author")]
SigningSecret = Annotated[str, flag("--signing-key-secret", help="Secret with the key that signs commits")]
SigningType = Annotated[
    str, flag("--signing-key-type", help="Kind of the key that signs commits: gpg or ssh", complete="words:gpg|ssh")
]

# -- notifications

ProviderRef = Annotated[str, flag("--provider-ref", help="Provider that gets the events")]
EventSeverity = Annotated[
    str, flag("--event-severity", help="Only events of this severity: info or error", complete="words:info|error")
]
EventSource = Annotated[
    Strings, flag("--event-source", type="strings", help="Objects whose events are sent, Kind/name[.namespace]; may be repeated")
]
ProviderType = Annotated[str, flag("--type", help="Type of the provider, such as slack or github")]
Channel = Annotated[str, flag("--channel", help="Channel to post to")]
BotName = Annotated[str, flag("--username", help="Name to post as")]
Address = Annotated[str, flag("--address", help="Address to send to")]
ReceiverType = Annotated[
    str,
    flag(
        "--type", type="generic|generic-hmac|github|gitlab|bitbucket|harbor|dockerhub|quay|gcr|nexus|acr|cdevents",
        help="Who calls the webhook",
    ),
]  # fmt: skip
ReceiverSecretRef = Annotated[str, flag("--secret-ref", help="Existing Secret with the webhook's token")]
EventNames = Annotated[Strings, flag("--event", type="strings", help="Events to react to; may be repeated")]
Resources = Annotated[Strings, flag("--resource", type="strings", help="Objects to reconcile, Kind/name; may be repeated")]

# -- tenant

WithNamespace = Annotated[Strings, flag("--with-namespace", type="strings", help="Namespace of the tenant; may be repeated")]
ClusterRole = Annotated[str, flag("--cluster-role", help="ClusterRole that the tenant has in its namespaces")]
WithServiceAccount = Annotated[
    str, flag("--with-service-account", help="Name of the tenant's ServiceAccount, where it is not the tenant's name")
]
SkipNamespace = Annotated[bool, flag("--skip-namespace", help="Do not make the namespaces")]

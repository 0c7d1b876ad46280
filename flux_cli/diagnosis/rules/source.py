"""Sources: what a Git server, a chart repository, a registry or a bucket answers."""

from flux_cli.diagnosis.rules._model import GENERIC, SPECIFIC, Example, Rule

GIT = ("GitRepository", "ImageUpdateAutomation", "Kustomization", "HelmRelease", "HelmChart")
OCI = ("OCIRepository", "HelmChart", "HelmRelease", "HelmRepository", "Kustomization", "ImageRepository", "ImagePolicy")
HELM = ("HelmRepository", "HelmChart", "HelmRelease", "Kustomization")
# A registry or a chart repository answered, not a Git server.
REGISTRY_TALK = ("/v2/", "oci://", "chart pull error", "index.yaml", ".tgz", "artifact digest", "artifact tag")
CLONE = "failed to checkout and determine revision: unable to clone 'https://git.example.com/team/apps.git': "

# fmt: off
RULES = (
    Rule(
        "git-login-refused", "git-auth-failed",
        (
            "authentication failed for", "username or password is not correct", "personal access token",
            "token expired", "expired token", "access token is invalid", "http 401", "remote: unauthorized",
            "403 write access", "authentication required", "authorization failed", "invalid credentials",
            "http basic: access denied", "invalid username or password",
            "unexpected client error … status code: 401", "unexpected client error … status code: 403",
            "bad credentials", "support for password authentication was removed", "could not read username",
            "remote: access denied", "remote: permission", "not authorized to access",
            "failed to get … installation access token", "could not refresh installation",
            "too many redirects or authentication replays", "error: permission denied", "repository access denied",
            "account is suspended",
            "failed to create provider access token",
        ),
        ("git-secret", "git-source"),
        "The Git server refuses the credentials of {object}: they are missing, wrong or expired.",
        (
            "ServiceAccount| kubectl get serviceaccount {root_name} -n {root_namespace} -o yaml  # annotations: the cloud's role",
            "not ServiceAccount| flux create secret git {root_name} -n {root_namespace} --url={url} --username=git --password=TOKEN",
            "GitRepository| kubectl edit gitrepository {git_name} -n {git_namespace}  # secretRef: {{name: {git_name}}}",
            "flux reconcile source git {git_name} -n {git_namespace}",
        ),
        (
            Example("GitRepository", CLONE + "authentication required: ", "GitOperationFailed"),
            Example("GitRepository", "failed to checkout and determine revision: unable to list remote for "
                                  "'https://gitlab.com/a/b.git': authorization failed"),
            Example("GitRepository", "unable to clone 'https://x/y', error: remote: HTTP Basic: Access denied"),
        ),
        kinds=GIT, unless=(*REGISTRY_TALK, "proxy authentication"), rank=SPECIFIC,
    ),
    Rule(
        "git-key-refused", "git-auth-failed",
        (
            "failed to authenticate ssh session", "unable to send userauth-publickey",
            "callback returned unsupported credentials", "ssh: must specify hostkeycallback",
            "failed to retrieve list of ssh authentication methods", "no supported methods remain",
            "permission denied (publickey", "attempted methods [none", "ssh: no key found",
            "unable to parse private key", "ssh: this private key is passphrase protected",
            "identity key is encrypted", "cannot decode encrypted private key", "ssh: cannot decode",
            "decryption password incorrect", "ssh: parse error in message", "key has been revoked", "public key authentication failed", "no longer allowed. please use a newer client",
        ),
        ("git-secret", "git-source"),
        "The Git server does not accept the SSH key of {object}.",
        (
            "flux create secret git {root_name} -n {root_namespace} --url={url}  # then "
            "add the printed key as deploy key",
            "GitRepository| kubectl edit gitrepository {git_name} -n {git_namespace}  # secretRef: {{name: {git_name}}}",
            "flux reconcile source git {git_name} -n {git_namespace}",
        ),
        (
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  "'ssh://git@example.com/org/repo': ssh: handshake failed: ssh: unable "
                                  "to authenticate, attempted methods [none publickey], no supported "
                                  "methods remain"),
            Example("GitRepository", "SSH identity key is encrypted but no 'password' field was provided in "
                                  "the secret 'apps/creds'", "AuthenticationFailed"),
        ),
        rank=SPECIFIC,
    ),
    Rule(
        "git-credentials-shape", "git-auth-failed",
        (
            "'identity' is required", "invalid 'ssh' auth option", "invalid 'https' auth option",
            "invalid 'http' auth option", "failed to configure authentication options … password",
            "auth option: 'username'", "auth option: 'password'", "auth secret error",
        ),
        ("git-secret", "git-source"),
        "The Secret of {object} does not fit its URL: ssh:// wants identity and known_hosts, https:// "
        "wants username and password.",
        (
            "Secret| kubectl get secret {root_name} -n {root_namespace} -o jsonpath='{{.data}}' | jq keys",
            "flux create secret git {root_name} -n {root_namespace} --url={url}  # https: --username, --password or --bearer-token",
            "GitRepository| kubectl edit gitrepository {git_name} -n {git_namespace}  # secretRef: {{name: {git_name}}}",
        ),
        (
            Example("GitRepository", "failed to configure authentication options: invalid 'ssh' auth "
                                  "option: 'identity' is required", "AuthenticationFailed"),
            Example("GitRepository", "invalid 'https' auth option: 'username' requires 'password' to be set"),
        ),
        unless=("known_hosts' is required",), rank=SPECIFIC,
    ),
    Rule(
        "git-provider-data", "git-auth-failed",
        (
            "app id must be provided", "github app data must be specified",
            "has github app data but provider is not set", "app installation", "invalidproviderconfiguration",
            "github app private key must be provided",
        ),
        ("git-source",),
        "spec.provider of {object} and the data of its Secret do not belong together.",
        (
            "kubectl edit gitrepository {git_name} -n {git_namespace}  # provider: github wants "
            "githubAppID, githubAppInstallationID, githubAppPrivateKey",
        ),
        (
            Example("GitRepository", "Failed to configure authentication options: app ID must be provided "
                                  "to use github app authentication"),
            Example("GitRepository", "secretRef with github app data must be specified when provider is set "
                                  "to github", "InvalidProviderConfiguration"),
        ),
        kinds=GIT, rank=SPECIFIC + 2,
    ),
    Rule(
        "git-authentication", "git-auth-failed",
        ("failed to configure authentication options",),
        ("git-secret", "git-source"),
        "{object} cannot log in to its Git server.",
        (
            "flux get sources git {git_name} -n {git_namespace}",
            "kubectl describe gitrepository {git_name} -n {git_namespace}",
        ),
        (
            Example("GitRepository",
                "failed to configure authentication options: something new", "AuthenticationFailed"),
            Example("GitRepository", "failed to configure authentication options: something newer"),
        ),
        kinds=("GitRepository",), reasons=("AuthenticationFailed", "InvalidProviderConfiguration"), rank=GENERIC,
    ),
    Rule(
        "git-host-key", "git-ssh-hostkey",
        (
            "error: certificate", "remote host key is not", "unknown certificate check failure",
            "host key does not match", "no hostkey alg", "knownhosts: key mismatch", "knownhosts: key is unknown",
            "key is unknown", "host key verification failed", "hostkey could not be verified",
            "known_hosts' is required", "host key mismatch", "knownhosts:", "hostkey mismatch",
            "host identification has changed",
            "no common algorithm for host key",
        ),
        ("git-secret", "git-source"),
        "The host key that the Git server shows is not the one in known_hosts of {root}.",
        (
            "ssh-keyscan -p {port} {host} > known_hosts",
            "Secret| kubectl edit secret {root_name} -n {root_namespace}  # replace known_hosts, in base64",
            "not Secret| flux create secret git {git_name} -n {git_namespace} --url={url}  # with known_hosts of the host",
            "flux reconcile source git {git_name} -n {git_namespace}",
        ),
        (
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  "'ssh://git@github.com/x/y': ssh: handshake failed: knownhosts: key mismatch"),
            Example("GitRepository", "failed to configure authentication options: invalid 'ssh' auth "
                                  "option: 'known_hosts' is required"),
            Example("ImageUpdateAutomation", "unable to fetch-connect to remote 'ssh://git@git.example.com/repo': "
                                  "ssh: handshake failed: hostkey could not be verified"),
        ),
        rank=SPECIFIC + 5,
    ),
    Rule(
        "git-repository-absent", "git-repo-not-found",
        (
            "repository not found", "repository does not exist", "project you were looking for could not be found",
            "does not appear to be a git repository", "unexpected client error … status code: 404",
            "repository '…' not found", "could not find repository", "tf401019", "either does not exist",
        ),
        ("git-source",),
        "The Git server knows no repository at the URL of {object} (some servers say so, too, when the "
        "login may not see it).",
        ("git ls-remote {url}", "kubectl edit gitrepository {git_name} -n {git_namespace}  # spec.url"),
        (
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  "'http://127.0.0.1:8081/nothing.git': repository not found: "),
            Example("GitRepository", "unable to clone 'ssh://git@gitlab.com/a/b': ERROR: The project you "
                                  "were looking for could not be found or you don't have permission to view it."),
        ),
        kinds=GIT, unless=("authentication required",), rank=SPECIFIC,
    ),
    Rule(
        "git-ref-absent", "git-ref-not-found",
        (
            "reference … not found", "branch … not found", "tag … not found", "cannot locate remote-tracking branch",
            "no reference found", "unable to find commit", "not a valid object name", "revspec",
            "failed to find ref", "couldn't find remote ref", "no match found for semver", "reference not found",
            "unable to resolve commit", "invalid ref name", "unable to find the ref", "no such ref",
            "improper constraint", "semver parse", "unable to resolve ref", "commit … not found",
            "failed to resolve commit", "unable to find reference",
        ),
        ("checkout", "git-source"),
        "The branch, tag, version range or commit that {object} asks for is not in the repository.",
        ("git ls-remote {url}", "kubectl edit gitrepository {git_name} -n {git_namespace}  # spec.ref"),
        (
            Example("GitRepository", "failed to checkout and determine revision: no match found for semver: "
                                  ">=5.0.0", "GitOperationFailed"),
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  '\'https://h/r\': couldn\'t find remote ref "refs/heads/master"'),
            Example("ImageUpdateAutomation", "failed to checkout source: unable to clone 'https://h/r': couldn't "
                                  'find remote ref "refs/heads/dev"'),
        ),
        kinds=("GitRepository", "ImageUpdateAutomation", "Kustomization"), unless=("artifact tag", "reference delta", "values reference", "remote reference"),
        captures=("ref",), rank=SPECIFIC,
    ),
    Rule(
        "git-empty", "git-ref-not-found",
        ("git repository is empty", "remote repository is empty", "failed to sparse checkout"),
        ("git-source",),
        "The repository of {object} has nothing to check out: no commit yet, or a sparse-checkout folder "
        "that is not there.",
        ("git log --oneline -1 origin/{branch}", "kubectl edit gitrepository {git_name} -n {git_namespace}"),
        (
            Example("GitRepository", "git repository is empty", "EmptyGitRepository"),
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  "'http://h/r.git': remote repository is empty"),
        ),
        rank=SPECIFIC,
    ),
    Rule(
        "git-incompatible", "git-repo-incompatible",
        (
            "empty git-upload-pack given", "status code: 400", "is not in expected format", "submodule",
            "unsupported capability", "object not found", "transport '…' is not supported", "unsupported scheme",
            "invalid auth method", "packfile", "reference delta not found", "unexpected requesting",
            "failed to parse url", "first path segment in url", "multi_ack", "unknown transport", "no transport type",
            "no common algorithm for", "failed to load source ignore patterns",
        ),
        ("git-source",),
        "The Git server, the URL's form or the repository's content is something that Flux's Git library "
        "cannot handle.",
        (
            "kubectl edit gitrepository {git_name} -n {git_namespace}  # URL as the provider documents "
            "it for ssh:// or https://",
            "flux check",
        ),
        (
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  "'ssh://h:22/a/_git/b': empty git-upload-pack given"),
            Example("GitRepository", "failed to parse url 'git@github.com:a/b': first path segment in URL "
                                  "cannot contain colon", "URLInvalid"),
            Example("GitRepository", "unable to clone 'https://u@dev.azure.com/o/p/_git/r': unexpected "
                                  'client error: unexpected requesting "x" status code: 400'),
        ),
        kinds=("GitRepository", "ImageUpdateAutomation"),
        unless=("status code: 401", "status code: 403", "status code: 404", "status code: 5"),
    ),
    Rule(
        "git-unknown", "git-repo-incompatible",
        (
            "failed to checkout and determine revision", "failed to checkout source:", "failed to create git client",
            "unable to clone '", "unable to clone:", "unable to list remote for",
        ),
        ("git-source",),
        "Flux's Git library cannot fetch the repository of {object}, for a reason that it seldom gives.",
        (
            "git clone {url}", "kubectl edit gitrepository {git_name} -n {git_namespace}  # url, ref",
            "flux logs --kind=GitRepository --name={git_name} -n {git_namespace}",
        ),
        (
            Example("GitRepository", CLONE + "some refs were not updated", "GitOperationFailed"),
        ),
        kinds=GIT, reasons=("GitOperationFailed",), rank=GENERIC,
    ),
    Rule(
        "git-url", "git-repo-incompatible",
        (),
        ("self",),
        "spec.url of {object} is not a URL that Flux can use.",
        ("kubectl edit gitrepository {name} -n {namespace}  # https://… or ssh://git@HOST/…",),
        (Example("GitRepository", "malformed", "URLInvalid"),),
        kinds=("GitRepository",), reasons=("URLInvalid",), rank=GENERIC,
    ),
    Rule(
        "git-include-path", "git-ref-not-found",
        ("path calculation for include", "failed to copy '"),
        ("self",),
        "spec.include of {object} names a path that is not in the included repository.",
        ("kubectl edit gitrepository {name} -n {namespace}  # spec.include[].fromPath, toPath",),
        (
            Example("GitRepository",
                "failed to copy 'lib' include from nope to vendor: no such file or directory", "CopyFailure"),
        ),
        kinds=("GitRepository",), rank=SPECIFIC,
    ),
)

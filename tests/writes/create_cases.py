"""Command lines of ``create`` that between them give every flag, and the spec that each makes. {d} is a folder with files."""

CERTS = ("tls.crt", "tls.key", "ca.crt")
POLICY = (
    '{"version":"1.0","trustPolicies":[{"name":"x","registryScopes":["*"],"signatureVerification":{"level":"strict"},'
    '"trustStores":["ca:x"],"trustedIdentities":["*"]}]}'
)
FILES = {
    "values.yaml": "image: {tag: '1.0'}\nreplicas: 0\n",
    "more.yaml": "image: {pull: false}\nratio: 1.5\n",
    "password": "from-file\n",
    "app.pem": "-----BEGIN RSA PRIVATE KEY-----\n",
    "trust.json": POLICY,
}
SHARED = "--interval 5m --label team=a --label env=prod"

OBJECTS = {
    "source git one": "--url https://example.com/r --branch main --commit abc --recurse-submodules --proxy-secret-ref p --provider github"
    " --ignore-paths a,b/*.md --sparse-checkout-paths x,y --fetch-timeout 30s --secret-ref s " + SHARED,
    "source git two": "--url ssh://git@example.com/r --tag-semver >=1.0.0 --secret-ref s",
    "source git three": "--url http://example.com/r --ref-name refs/pull/1/head",
    "source git four": "--url https://example.com/r --tag v1 --branch main",
    "source helm one": "--url https://charts.example.com --secret-ref s --pass-credentials --fetch-timeout 30s " + SHARED,
    "source helm two": "--url oci://example.com/charts --oci-provider aws",
    "source oci one": "--url oci://example.com/x --tag v1 --tag-semver >=1 --digest sha256:"
    + "0" * 64
    + " --provider aws --secret-ref s"
    " --proxy-secret-ref p --service-account sa --cert-ref c --verify-provider cosign --verify-secret-ref k --verify-issuer i"
    " --verify-subject u --ignore-paths a --insecure --layer-selector application/x.tar:copy --fetch-timeout 1m " + SHARED,
    "source bucket one": "--bucket-name b --endpoint s3.example.com --provider aws --region us-east-1 --insecure --secret-ref s"
    " --proxy-secret-ref p --ignore-paths a --fetch-timeout 1m " + SHARED,
    "source chart one": "--source HelmRepository/charts --chart web --chart-version 1.x --reconcile-strategy Revision"
    " --verify-provider cosign --verify-secret-ref k --verify-issuer i --verify-subject u " + SHARED,
    "kustomization one": "--source OCIRepository/x.other --path ./deploy --prune --health-check Deployment/web.apps,HelmRelease/db.apps"
    " --health-check-timeout 3m --depends-on a,ns/b@ready --service-account sa --decryption-provider sops --decryption-secret sops-age"
    " --target-namespace t --kubeconfig-secret-ref k --retry-interval 2m --validation client " + SHARED,
    "kustomization two": "--source apps --wait --health-check Nope/ignored.x",
    "helmrelease one": "--source HelmRepository/charts.other --chart web --chart-version 1.x --chart-interval 1h"
    " --reconcile-strategy Revision --release-name r --target-namespace t --storage-namespace s --create-target-namespace"
    " --depends-on a,ns/b --service-account sa --crds CreateReplace --kubeconfig-secret-ref k --values {d}/values.yaml,{d}/more.yaml"
    " --values-from secret/a --values-from ConfigMap/b " + SHARED,
    "helmrelease two": "--chart-ref OCIRepository/web.other --target-namespace t",
    "image repository one": "--image ghcr.io/x/y --secret-ref s --cert-ref c --scan-timeout 1m " + SHARED,
    "image policy one": "--image-ref x --select-semver 1.x --filter-regex ^a(?P<v>.*)$ --filter-extract $v --reflect-digest Always"
    " --interval 10m --label a=b",
    "image policy two": "--image-ref x --select-alpha desc",
    "image policy four": "--image-ref x --select-semver 1.x --reflect-digest IfNotPresent",
    "image policy three": "--image-ref x --select-numeric asc --filter-regex ^([0-9]+)$ --filter-extract ${{1}}",
    "image update one": "--git-repo-ref g --git-repo-namespace o --git-repo-path ./c --checkout-branch main --push-branch p"
    " --commit-template msg --author-name a --author-email a@example.com --signing-key-secret k --signing-key-type gpg " + SHARED,
    "alert one": "--provider-ref p --event-severity error --event-source Kustomization/*,HelmRelease/web.apps " + SHARED,
    "alert-provider one": "--type slack --channel c --username bot --address https://hooks.example.com --secret-ref s " + SHARED,
    "receiver one": "--type github --secret-ref s --event ping,push --resource GitRepository/x --resource HelmRepository/y "
    + SHARED,
    "tenant team": "--with-namespace team-a,team-b --cluster-role edit --with-service-account robot " + SHARED,
    "tenant other": "--with-namespace team-a --skip-namespace",
}
SECRETS = {
    "secret git one": "--url https://example.com/r --username u --password p --ca-crt-file {d}/ca.crt " + SHARED,
    "secret git two": "--url https://example.com/r --bearer-token t",
    "secret git three": "--url https://example.com/r --username u --password-file {d}/password",
    "secret githubapp one": "--app-id 1 --app-installation-owner o --app-private-key {d}/app.pem --app-base-url https://g.example.com",
    "secret githubapp two": "--app-id 1 --app-installation-id 7 --app-private-key {d}/app.pem",
    "secret helm one": "--username u --password p --ca-crt-file {d}/ca.crt " + SHARED,
    "secret helm two": "--tls-crt-file {d}/tls.crt --tls-key-file {d}/tls.key",
    "secret notation one": "--trust-policy-file {d}/trust.json --ca-cert-file {d}/ca.crt " + SHARED,
    "secret oci one": "--url ghcr.io --username u --password <p&> " + SHARED,
    "secret proxy one": "--address http://proxy:1 --username u --password p " + SHARED,
    "secret receiver one": "--type gcr --token t --hostname h.example.com --email-claim e --audience-claim a " + SHARED,
    "secret tls one": "--tls-crt-file {d}/tls.crt --tls-key-file {d}/tls.key --ca-crt-file {d}/ca.crt " + SHARED,
}
_PASSWORD = {"--password-stdin", "--password-file"}
_SSH = {"--private-key-file", "--ssh-key-algorithm", "--ssh-rsa-bits", "--ssh-ecdsa-curve"}
EVERYWHERE = {"--dry-run", "--diff", "--export"}
ELSEWHERE = {  # flags that an export does not show, by command, and where they are tested
    "source git": {"--username", "--password", "--ca-file", "--silent"} | _PASSWORD | _SSH,  # test_create_live, test_keys
    "source helm": {"--username", "--password", "--ca-file", "--cert-file", "--key-file"} | _PASSWORD,  # test_create_live
    "source bucket": {"--access-key", "--secret-key"},  # test_create_live
    "secret git": {"--password-stdin"} | _SSH,  # test_keys
    "secret helm": _PASSWORD,
    "secret oci": _PASSWORD,
    "secret proxy": _PASSWORD,
    # what an object has no field for is taken and left out, as in the Go CLI
    "secret githubapp": {"--interval", "--label"},
}

"""The way to a remote: names, connections, certificates, rate limits."""

from flux_cli.diagnosis.rules._model import FOLLOWS, SPECIFIC, Example, Rule

SOURCES = ("GitRepository", "OCIRepository", "Bucket", "HelmRepository", "HelmChart", "HelmRelease", "Kustomization", "ImageRepository", "ImagePolicy",
           "ImageUpdateAutomation", "ArtifactGenerator", "ExternalArtifact", "Terraform", "Alert", "Provider")  # fmt: skip
PROBE = "kubectl run probe -n flux-system --rm -it --restart=Never --image=curlimages/curl -- curl -sSIv {address}"

# fmt: off
RULES = (
    Rule(
        "dns", "network-dns",
        (
            "no such host", "server misbehaving", "temporary failure in name resolution", "could not resolve host",
            "name or service not known", "lookup … i/o timeout", "could not be resolved", "lookup … read udp",
            "lookup … connection refused", "dial tcp: lookup",
        ),
        ("remote", "self"),
        "The name[ {host}] cannot be resolved from inside the cluster.",
        (
            "kubectl run probe -n flux-system --rm -it --restart=Never --image=busybox -- nslookup {host}",
            "kubectl get pods -n kube-system -l k8s-app=kube-dns",
            "kubectl get {root_kind_lower} {root_name} -n {root_namespace} -o jsonpath='{{.spec}}'  # is "
            "the host spelt right?",
        ),
        (
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  "'https://git.nowhere.invalid/r': Get "
                                  '"https://git.nowhere.invalid/r/info/refs": dial tcp: lookup '
                                  "git.nowhere.invalid on 10.96.0.10:53: no such host"),
            Example("HelmRepository", "failed to fetch Helm repository index: failed to cache index to "
                                  'temporary file: Get "https://x/index.yaml": dial tcp: lookup x: i/o timeout'),
            Example("OCIRepository", 'failed to determine artifact digest: Get "https://r/v2/": dial tcp: '
                                  "lookup r on 10.96.0.10:53: server misbehaving"),
        ),
        kinds=SOURCES,
        unless=("failed to send notification", "failed calling webhook", "failed to call webhook", "cosign"),
        captures=("host",), rank=SPECIFIC + 12,
    ),
    Rule(
        "connection", "network-blocked",
        (
            "connection refused", "connection timed out", "i/o timeout", "tls handshake timeout",
            "connection reset by peer", "no route to host", "network is unreachable", "client.timeout exceeded",
            "context deadline exceeded", "proxyconnect", "broken pipe", "502 bad gateway", "503 service unavailable",
            "504 gateway", "request canceled", "unexpected eof", ": eof", "status code: 50", "status code 50",
            "unable to connect", "connection timeout", "operation timed out", "http2: server sent goaway",
            "timeout awaiting response headers", "500 internal server error", ": bad gateway", ": gateway timeout",
            ": service unavailable", "connection closed", "closed network connection", "early eof",
            "hit … timeout running", "unable to clone … context canceled",
        ),
        ("remote", "self"),
        "The connection that {object} needs is refused, cut or times out: the remote is down, or a "
        "firewall, proxy or network policy is in the way.",
        (
            PROBE, "kubectl get networkpolicy -n flux-system",
            "kubectl get {root_kind_lower} {root_name} -n {root_namespace} -o jsonpath='{{.spec}}'  # "
            "host, port, timeout, proxy",
        ),
        (
            Example("Bucket", "failed to confirm existence of 'charts' bucket: Get "
                                  '"http://127.0.0.1:9/charts/?location=": dial tcp 127.0.0.1:9: '
                                  "connect: connection refused"),
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  "'ssh://git@github.com/x/y': ssh: handshake failed: read tcp "
                                  "11.11.1.11:45906->140.82.121.4:22: read: connection timed out"),
            Example("OCIRepository", 'failed to determine artifact digest: Get "https://127.0.0.1:9/v2/": '
                                  "dial tcp 127.0.0.1:9: connect: connection refused"),
            Example("Kustomization", "kustomize build failed: accumulating resources: accumulation "
                                  "err='accumulating resources from 'https://h/crds.yaml': Get "
                                  '"https://h/crds.yaml": net/http: TLS handshake timeout\': evalsymlink '
                                  "failure on '/tmp/x' : lstat /tmp/x: no such file or directory"),
        ),
        kinds=SOURCES,
        unless=(
            "failed calling webhook", "failed to call webhook", "cosign", "helm install failed",
            "helm upgrade failed", "helm rollback", "helm uninstall", "source-controller", "source-watcher", "health check",
            "kubeconfig", "kube client", "index.yaml : 5", ".tgz : 5", "postmessage failed", "failed to send notification",
            "helm test failed", "http://127.0.0.1:9790/", "client rate limiter", "server-side apply",
            "dry-run failed", "apply failed", "release state", "probe failed",
        ),
        rank=SPECIFIC + 1,
    ),
    Rule(
        "proxy", "network-blocked",
        (
            "proxy authentication required", "proxyconnect tcp", "socks connect tcp", "proxy url must use",
            "proxy url exceeds", "proxy address is empty", "failed to parse proxy",
        ),
        ("proxy-secret", "named-secret", "remote", "self"),
        "The proxy that {object} goes through does not let it pass: its address or its login is wrong, or it is down.",
        (
            "kubectl get secret {root_name} -n {root_namespace}  # of proxySecretRef: address, username, password",
            "kubectl get deployment -n flux-system -o yaml | grep -i -A1 _PROXY",
            "kubectl edit {kind_lower} {name} -n {namespace}  # spec.proxySecretRef",
        ),
        (
            Example("GitRepository", "failed to checkout and determine revision: unable to clone 'https://h/r': Get "
                                  '"https://h/r/info/refs": Proxy Authentication Required'),
            Example("OCIRepository", 'failed to determine artifact digest: Get "https://r/v2/": proxyconnect tcp: dial '
                                  "tcp 10.0.0.9:3128: connect: connection refused", "OCIArtifactPullFailed"),
            Example("OCIRepository", "failed to get proxy address: secret 'apps/proxy': proxy URL must use one of the "
                                  "supported schemes (http, https, socks5), got 'ftp'", "AuthenticationFailed"),
        ),
        kinds=SOURCES, unless=("failed calling webhook", "failed to call webhook", "failed to send notification"),
        captures=("secret",), rank=SPECIFIC + 15,
    ),
    Rule(
        "stream-cut", "network-blocked",
        ("stream error: stream id",),
        ("remote", "self"),
        "The remote ends the transfer to {object} half-way.",
        (PROBE, "kubectl get {root_kind_lower} {root_name} -n {root_namespace} -o jsonpath='{{.spec}}'  # timeout"),
        (
            Example("GitRepository", "failed to checkout and determine revision: unable to clone 'https://h/r': stream "
                                  "error: stream ID 1; INTERNAL_ERROR; received from peer", "GitOperationFailed"),
        ),
        kinds=("GitRepository", "OCIRepository", "Bucket", "ImageRepository", "ImageUpdateAutomation"),
        rank=SPECIFIC,
    ),
    Rule(
        "rate-limit", "rate-limited",
        (
            "429 too many requests", "toomanyrequests", "status code 429", "status code: 429", "rate limit exceeded",
            "api rate limit", "pull rate limit", "too many requests", ": 429", "slowdown",
            "reduce your request rate",
        ),
        ("remote", "self"),
        "The remote turns {object} away because too many requests were made.",
        (
            "kubectl edit {kind_lower} {name} -n {namespace}  # a longer spec.interval, and a login: "
            "anonymous limits are low",
        ),
        (
            Example("ImageRepository", "scan failed: GET https://index.docker.io/v2/x/tags/list: "
                                  "TOOMANYREQUESTS: You have reached your unauthenticated pull rate limit"),
            Example("OCIRepository", "failed to determine artifact digest: GET "
                                  "https://index.docker.io/v2/a/manifests/1: unexpected status code 429 "
                                  "Too Many Requests"),
        ),
        kinds=SOURCES, unless=("ratelimiter", "client rate limiter"), rank=SPECIFIC + 14,
    ),
    Rule(
        "certificate", "tls-untrusted-ca",
        (
            "x509:", "certificate signed by unknown authority", "tls: failed to verify certificate",
            "certificate has expired", "cannot validate certificate", "tls: bad certificate",
            "tls: unknown certificate", "server gave http response to https client",
            "first record does not look like a tls handshake", "self-signed certificate", "self signed certificate",
            "unknown ca", "tls: handshake failure", "failed to append certs from pem",
            "failed to find any pem data in certificate input", "tls: private key does not match",
            "tls: certificate required", "ssl certificate", "failed to parse ca certificate", "invalid ca certificate",
            "failed to parse tls certificate",
        ),
        ("ca-secret", "remote", "self"),
        "The certificate of the remote is not trusted: {object} has no fitting CA, or the certificate is "
        "expired or for another name.",
        (
            "openssl s_client -connect {host_and_port} -showcerts </dev/null",
            "kubectl create secret generic ca -n {namespace} --from-file=ca.crt",
            "kubectl edit {root_kind_lower} {root_name} -n {root_namespace}  # certSecretRef (Git: "
            "ca.crt in secretRef)",
        ),
        (
            Example("GitRepository", "failed to checkout and determine revision: unable to clone "
                                  "'https://127.0.0.1:8084/apps.git': Get "
                                  '"https://127.0.0.1:8084/apps.git/info/refs": tls: failed to verify '
                                  "certificate: x509: certificate signed by unknown authority"),
            Example("OCIRepository", "failed to determine artifact digest: Get "
                                  '"https://harbor.example.com/v2/": x509: certificate signed by unknown '
                                  "authority"),
            Example("HelmRepository", 'failed to fetch Helm repository index: Get "https://h/index.yaml": '
                                  "tls: failed to verify certificate: x509: certificate has expired or "
                                  "is not yet valid"),
        ),
        kinds=SOURCES, unless=("failed calling webhook", "failed to call webhook", "kubeconfig", "kube client", "decryption password"),
        rank=SPECIFIC + 11,
    ),
    Rule(
        "git-operation", "network-blocked",
        (),
        ("remote", "self"),
        "{object} cannot work with its Git server; the message names no closer cause.",
        (PROBE, "flux logs --kind=GitRepository --name={name} -n {namespace}"),
        (Example("Bucket", "failed to confirm existence of 'x' bucket: odd", "BucketOperationFailed"),),
        kinds=("Bucket",), reasons=("BucketOperationFailed",), rank=FOLLOWS + 15,
    ),
)

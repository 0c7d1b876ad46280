#!/usr/bin/env bash
# Says, before the tests run, which of the real parts this machine lacks: tests that need them are skipped, each with its reason.
need() { command -v "$1" >/dev/null 2>&1 || [ -x "$2" ] || echo "not on this machine: $1 ($3)"; }
need etcd "$FLUX_TEST_ASSETS/etcd" "Debian: etcd-server; tests on a real API server are skipped"
need kube-apiserver "$FLUX_TEST_ASSETS/kube-apiserver" "make assets builds it; tests on a real API server are skipped"
need helm "$FLUX_TEST_ASSETS/helm" "make assets builds it; tests of HelmReleases through helm are skipped"
need versitygw "$FLUX_TEST_ASSETS/versitygw" "make assets builds it; tests of charts in S3 buckets are skipped"
need kubectl /usr/bin/kubectl "tests that compare with kubectl or build kustomizations are skipped"
need docker-registry /usr/bin/docker-registry "Debian: docker-registry; tests on a real registry are skipped"
need sshd /usr/sbin/sshd "Debian: openssh-server; tests of Git over SSH are skipped"
need zsh /usr/bin/zsh "completion in zsh is not tested"
need fish /usr/bin/fish "completion in fish is not tested"
[ -d ../shared ] || echo "not on this machine: the recordings (../shared); tests that replay them are skipped"
exit 0

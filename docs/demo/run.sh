#!/usr/bin/env bash
# The main job, as a person would type it: find out why a release does not deploy, mend it, see it green.
set -uo pipefail
folder=$(mktemp -d)
export KUBECONFIG="$folder/kubeconfig" HOME="$folder" NO_COLOR=1
flux sandbox start --scenario seed --controllers --write-kubeconfig "$KUBECONFIG" 2>"$folder/sandbox.log" &
cluster=$!
trap 'kill -INT $cluster 2>/dev/null; wait $cluster 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do [ -s "$KUBECONFIG" ] && break; kill -0 $cluster 2>/dev/null || break; sleep 0.1; done
[ -s "$KUBECONFIG" ] || { cat "$folder/sandbox.log" >&2; exit 1; }

expect() { # expect CODE COMMAND...: echo the command, run it, and insist on its exit code
  local want=$1 code=0
  shift
  printf '\n$ %s\n' "$*"
  "$@" 2>&1 || code=$?
  [ "$code" = "$want" ] || { echo "demo: exit code $code where $want was expected" >&2; exit 1; }
}
expect 0 flux get sources all -A
expect 0 flux get helmreleases -A
expect 0 flux logs --all-namespaces --level error --tail 20
expect 3 flux troubleshoot helmrelease my-app -n my-app --steps
expect 0 flux create helmrelease my-app -n my-app --source HelmRepository/bitnami --chart nginx --chart-version 13.2.12 --interval 5m
expect 0 flux reconcile helmrelease my-app -n my-app --with-source
expect 0 flux get helmreleases -A
expect 0 flux troubleshoot helmrelease my-app -n my-app
printf '\nThe release is deployed. The cluster of this demo ends here.\n'

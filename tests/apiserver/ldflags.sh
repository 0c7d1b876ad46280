#!/bin/sh
# The version that the API server tells: that of the module it is built from.
version=$(sed -n 's|^\tk8s.io/kubernetes ||p' go.mod)
minor=$(echo "$version" | cut -d. -f2)
base=k8s.io/component-base/version
echo "-s -w -X $base.gitVersion=$version -X $base.gitMajor=1 -X $base.gitMinor=$minor"

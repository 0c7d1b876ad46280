// The etcd that an API server of today has beside it: from 3.5.13 on it lets the server answer lists from its cache.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }

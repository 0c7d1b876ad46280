// Encodes objects, one JSON document a line on stdin, as Go clients send them: in protobuf, a line of base64 each.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	serializer := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		obj, _, err := scheme.Codecs.UniversalDeserializer().Decode(lines.Bytes(), nil, nil)
		if err != nil {
			panic(err)
		}
		body, err := runtime.Encode(serializer, obj)
		if err != nil {
			panic(err)
		}
		fmt.Println(base64.StdEncoding.EncodeToString(body))
	}
}

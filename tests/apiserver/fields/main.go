// Prints the fields of Kubernetes' own kinds, with their numbers in protobuf: flux_cli/sandbox/data/fields.txt.
//
// A line "kind API-VERSION KIND TYPE" names a kind; "type TYPE NUMBER=FIELD/CODE..." describes a message.
// Codes are explained in flux_cli/sandbox/own_fields.py.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	"k8s.io/client-go/kubernetes/scheme"
)

var types = map[string]string{}

func name(t reflect.Type) string {
	parts := strings.Split(t.PkgPath(), "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/") + "." + t.Name()
}

var special = map[string]string{
	"meta/v1.Time": "t", "meta/v1.MicroTime": "u", "meta/v1.Duration": "D", "api/resource.Quantity": "q",
	"util/intstr.IntOrString": "I", "meta/v1.FieldsV1": "x", "pkg/runtime.RawExtension": "x",
}

func code(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if found, ok := special[name(t)]; ok {
		return found
	}
	switch t.Kind() {
	case reflect.String:
		return "s"
	case reflect.Bool:
		return "o"
	case reflect.Int32:
		return "i"
	case reflect.Int64:
		return "l"
	case reflect.Float64, reflect.Float32:
		return "d"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "b"
		}
		if t.Name() != "" && strings.HasPrefix(t.PkgPath(), "k8s.io/") && t.Elem().Kind() == reflect.String {
			return "e" // a named list of texts is a message of its own
		}
		return "r" + code(t.Elem())
	case reflect.Map:
		return "M" + code(t.Elem())
	case reflect.Struct:
		describe(t)
		return "m" + name(t)
	}
	panic(fmt.Sprint("no code for ", t))
}

func describe(t reflect.Type) {
	if _, done := types[name(t)]; done {
		return
	}
	types[name(t)] = ""
	var fields []string
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("protobuf")
		if tag == "" || tag == "-" {
			continue
		}
		json, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		dropped := ""
		if strings.Contains(options, "omitempty") && f.Type.Kind() != reflect.Pointer && f.Type.Kind() != reflect.Struct {
			dropped = "?"
		}
		fields = append(fields, fmt.Sprintf("%s=%s/%s%s", strings.Split(tag, ",")[1], json, dropped, code(f.Type)))
	}
	types[name(t)] = strings.Join(fields, " ")
}

func main() {
	var kinds []string
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		stable := !strings.Contains(gvk.Version, "alpha") && !strings.Contains(gvk.Version, "beta") && !strings.HasPrefix(gvk.Version, "__")
		meta := strings.HasPrefix(name(t), "meta/") && (gvk.Kind != "DeleteOptions" || gvk.Group != "")
		if !stable || meta || strings.HasSuffix(gvk.Kind, "List") {
			continue
		}
		describe(t)
		kinds = append(kinds, fmt.Sprintf("kind %s %s %s", gvk.GroupVersion(), gvk.Kind, name(t)))
	}
	sort.Strings(kinds)
	fmt.Println("# Made by tests/apiserver/fields. Do not edit; run it again.")
	fmt.Println(strings.Join(kinds, "\n"))
	var lines []string
	for t, fields := range types {
		lines = append(lines, strings.TrimSpace("type "+t+" "+fields))
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}

"""Pages of ``flux help`` that belong to no command. The first line of a page is what lists show of it."""

_OUTPUT = """What commands print, and where

Data goes to standard output: tables, objects, trees, reports, help. Progress, warnings and errors go to standard error, one line
each behind a sign: ► an action, ◎ waiting, ✔ done, ✚ made, ⚠️ a warning, ✗ an error. So a pipe receives nothing but data.

flux get understands these with -o:

  wide       the table with more columns
  json       the objects themselves, in a List, as kubectl prints them
  yaml       the same as YAML
  name       kind.group/name, one a line
  markdown   the table for a document
  csv        the table for a spreadsheet

Others that read, such as events, stats, check, trace and troubleshoot, understand json and yaml; their help says what else.

Colour and live progress appear only on a terminal. NO_COLOR=1 or TERM=dumb turn colour off.

Commands that read also take --from: a file, a folder or a snapshot is then read instead of a cluster.

  kubectl get kustomizations,gitrepositories -A -o yaml > seen.yaml
  flux get all -A --from seen.yaml
"""

_ENVIRONMENT = """Environment variables that count

  KUBECONFIG                    kubeconfig files, with : between them; without it ~/.kube/config
  KUBECACHEDIR                  where the kinds that a cluster serves are remembered (--cache-dir)
  FLUX_SYSTEM_NAMESPACE         the namespace to work in without -n, instead of flux-system
  FLUX_NS_FOLLOWS_KUBE_CONTEXT  when set to anything: without -n, the namespace of the kubeconfig's context
  FLUXCD_PLUGINS                the folder with plugins, instead of ~/.fluxcd/plugins
  FLUXCD_PLUGIN_CATALOG         where plugins are looked up
  FLUX_MANIFESTS                the folder with the manifests that install and bootstrap use, instead of a download
  FLUX_EXEC_CACHE               with 1: what credential plugins hand out is kept until it expires
  HTTPS_PROXY, NO_PROXY         proxies for everything that goes over the network; also HTTP_PROXY and, for SSH, ALL_PROXY
  KUBECTL_EXTERNAL_DIFF         the program of diff -o external
  DOCKER_CONFIG                 the folder with docker's logins for registries
  CI                            when set: a wait that fails says what the object says, as on a terminal
  NO_COLOR                      when set: no colour
  TZ                            the time zone of times in trace and get images
  FLUX_DEBUG                    when set: an internal error says where it happened

Passwords and tokens of Git hosts, registries and webhooks have variables of their own; the help of the command names them.
"""

_EXIT_CODES = """What the exit code says

  0    done; also when help was asked for
  1    an error, told on standard error behind ✗
  130  ended by Ctrl-C
  141  the reader of our output went away

Some commands tell more:

  flux diff kustomization, flux diff helmrelease   0 no difference, 1 differences, 2 an error
  flux diff artifact                               0 no difference, 1 differences or an error
  flux troubleshoot                                0 healthy, 3 a cause is named, 4 no cause is settled, 1 it could not look
  flux explain                                     0 the message is known, 4 it is not, 1 there was nothing to read
  a plugin                                         what the plugin ends with
"""

TOPICS: dict[str, str] = {"environment": _ENVIRONMENT, "exit-codes": _EXIT_CODES, "output": _OUTPUT}

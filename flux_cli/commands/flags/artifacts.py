"""Flags of the commands on artifacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import argument, flag

Url = Annotated[str, argument(metavar="<oci url>")]
Creds = Annotated[str, flag("--creds", help="Login for the registry as <user>:<password>, or a token; with --provider generic")]
Provider = Annotated[
    str,
    flag("--provider", type="generic|aws|azure|gcp", help="Log in through a cloud's own command line: generic, aws, azure, gcp"),
]
Insecure = Annotated[
    bool, flag("--insecure-registry", help="Allow a registry without TLS or with a certificate that nobody vouches for")
]
Ignore = Annotated[Sequence[str], flag("--ignore-paths", type="strings", help="Leave out these paths, written as in .gitignore")]
MoreIgnore = Annotated[Sequence[str], flag("--add-ignore-paths", type="strings", help="Leave out these paths as well")]
Symlinks = Annotated[bool, flag("--resolve-symlinks", help="Pack what symbolic links point at; without they are left out")]
BuildPath = Annotated[str, flag("--path", "-p", help="Folder or file to pack; - is standard input", complete="files")]
BuildOutput = Annotated[str, flag("--output", "-o", help="Where to write the archive", complete="files")]
PushPath = Annotated[str, flag("--path", "-f", help="Folder or file to push; - is standard input", complete="files")]
Source = Annotated[str, flag("--source", help="Address of what it was made from, such as a Git repository")]
Revision = Annotated[str, flag("--revision", help="Revision of what it was made from: <branch|tag>@sha1:<commit>")]
Annotations = Annotated[
    Sequence[str], flag("--annotations", "-a", type="stringArray", help="Further annotation key=value; may be repeated")
]
PushOutput = Annotated[str, flag("--output", "-o", help="Print what was pushed as json or yaml", complete="words:json|yaml")]
Debug = Annotated[bool, flag("--debug", help="Print what is asked of the registry, and its answers")]
Reproducible = Annotated[bool, flag("--reproducible", help="The same content gives the same digest: no time of creation")]
PullOutput = Annotated[str, flag("--output", "-o", help="Folder to unpack into", complete="dirs")]
Tags = Annotated[Sequence[str], flag("--tag", type="strings", help="Tag to add; may be repeated")]
DiffPath = Annotated[str, flag("--path", help="Folder or file to compare with", complete="files")]
Semver = Annotated[str, flag("--filter-semver", help="Only tags that are versions in this range")]
Regex = Annotated[str, flag("--filter-regex", help="Only tags that this regular expression finds")]

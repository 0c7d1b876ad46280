"""Flags of ``reconcile``, ``suspend`` and ``resume``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

WithSource = Annotated[bool, flag("--with-source", help="Reconcile the source first")]
Force = Annotated[bool, flag("--force", help="Install or upgrade the release once even if nothing changed")]
Reset = Annotated[bool, flag("--reset", help="Forget the failures so far, so that a release that gave up is tried again")]
Wait = Annotated[bool, flag("--wait", help="Wait until the controller is done; with =false only ask for it")]
ReconcileAll = Annotated[bool, flag("--all", help="Every object of the namespace; suspended ones are passed over")]
LabelSelector = Annotated[str, flag("--label-selector", "-l", help="The objects with these labels, such as app=web")]

SuspendAll = Annotated[bool, flag("--all", help="Every object of the namespace")]
ResumeAll = Annotated[bool, flag("--all", help="Every object of the namespace")]
ResumeWait = Annotated[
    bool | None, flag("--wait", help="Wait until the objects are ready; on by itself when exactly one name is given")
]

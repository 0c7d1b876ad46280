"""The declared tree as Typer objects, built when they are asked for. Everything that touches Typer's inside is here.

``typer_app`` is a working Typer application: it runs every command with Click's own parser, knows aliases, ``--flag=false`` and
global flags below the command. ``flux`` itself parses with ``parse``, from the tables that ``compile`` makes of these objects.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, NamedTuple, get_args, get_origin

import typer
from typer._click.types import ParamType
from typer.core import TyperCommand, TyperGroup

from flux_cli.commands._dialect.declare import Argument, Flag, Group, Leaf
from flux_cli.commands._dialect.values import PARSERS, REPEATABLE, merged

INHERITED = "inherited_"


class Call(NamedTuple):
    """A command that was called: its function's parameters (but those bound), and the flags that were given, by their names."""

    path: str
    leaf: Leaf
    values: dict[str, Any]
    flags: dict[str, Any]


Handler = Callable[[Call], None]


class Param(NamedTuple):
    """A parameter of a command's function; ``type`` is a flag's pflag type, "" for an argument."""

    name: str
    info: Flag | Argument
    type: str
    many: bool
    default: Any


class PflagType(ParamType):
    """Click's view of a pflag type."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return PARSERS[self.name](value)
        except ValueError as err:
            self.fail(str(err), param, ctx)


class LeafCommand(TyperCommand):
    """A command that remembers its declaration, and takes ``--flag=false``."""

    leaf: Leaf
    own: list[Param]
    inherited: list[Param]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        off = {opt: p.secondary_opts[0] for p in self.params for opt in p.opts if getattr(p, "is_bool_flag", False)}
        plain: list[str] = []
        for position, word in enumerate(args):
            if word == "--":
                plain += args[position:]
                break
            name, equals, value = word.partition("=")
            if equals and name in off:
                plain.append(name if PARSERS["bool"](value) else off[name])
            else:
                plain.append(word)
        return super().parse_args(ctx, plain)


class LazyGroup(TyperGroup):
    """A group whose commands are made when somebody asks for them."""

    group: Group
    path: str
    inherited: list[Param]
    handler: Handler

    def list_commands(self, _ctx: Any) -> list[str]:
        return sorted(self.group.children)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            for name, child in self.group.children.items():
                if cmd_name == name or cmd_name in child.aliases:
                    self.commands[cmd_name] = self._make(name, child)
        return self.commands.get(cmd_name)

    def _make(self, name: str, child: Group | Leaf) -> Any:
        path = f"{self.path} {name}".strip()
        if isinstance(child, Leaf):
            return _leaf(child, path, self.inherited, self.handler)
        return typer.main.get_command(_typer(child, path, self.inherited, self.handler))


def typer_app(root: Group, handler: Handler) -> typer.Typer:
    """The tree as a Typer application. ``handler`` is told what was called."""
    return _typer(root, "", [], handler)


def _typer(group: Group, path: str, above: list[Param], handler: Handler) -> typer.Typer:
    persistent = parameters(group.flags) if group.flags else []
    members = {"group": group, "path": path, "inherited": [*persistent, *above], "handler": staticmethod(handler)}
    cls = type("LazyGroup", (LazyGroup,), members)
    app = typer.Typer(
        name=group.name,
        help=group.texts.long,
        short_help=group.texts.short,
        cls=cls,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_nothing)
    return app


def _nothing() -> None:
    """A group does nothing by itself."""


def _leaf(leaf: Leaf, path: str, above: list[Param], handler: Handler) -> Any:
    """The Typer command of a leaf: its own parameters and, under other names, what it inherits."""
    received = [p for p in parameters(leaf.run) if p.name not in leaf.bind and p.name not in leaf.without]
    own = received + (parameters(leaf.flags) if leaf.flags else [])
    names = {_long(p.info) for p in own if isinstance(p.info, Flag)}
    inherited = [p for p in above if isinstance(p.info, Flag) and _long(p.info) not in names]

    def call(**given: Any) -> None:
        values = {p.name: p.default if given[p.name] is None else given[p.name] for p in received}
        flags = {_long(p.info): given[p.name] for p in own if isinstance(p.info, Flag)}
        flags |= {_long(p.info): given[INHERITED + p.name] for p in inherited if isinstance(p.info, Flag)}
        handler(Call(path, leaf, values, {name: value for name, value in flags.items() if value is not None}))

    shown = [_parameter(p, p.name) for p in own] + [_parameter(p, INHERITED + p.name) for p in inherited]
    call.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in shown}
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    cls = type("LeafCommand", (LeafCommand,), {"leaf": leaf, "own": own, "inherited": inherited})
    surplus = {"allow_extra_args": leaf.args == "any"}
    app.command(
        leaf.name,
        cls=cls,
        help=leaf.texts.long,
        short_help=leaf.texts.short,
        epilog=leaf.texts.example,
        hidden=leaf.hidden,
        context_settings=surplus,
    )(call)
    return typer.main.get_command(app)


def _parameter(param: Param, name: str) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    if isinstance(param.info, Argument):
        type_: Any = list[str] if param.many else str
        info: Any = typer.Argument(metavar=param.info.metavar, help=param.info.help)
        return inspect.Parameter(
            name, kind, default=list(param.default) if param.many else param.default, annotation=Annotated[type_, info]
        )
    option = param.info
    # No default for Click, which would parse it: what was not given is filled in when the command is called.
    extra: dict[str, Any] = {"help": option.help, "hidden": option.hidden}
    names = list(option.param_decls or ())
    if param.type == "bool":
        type_ = bool
        names[names.index(f"--{_long(option)}")] += f"/--no-{_long(option)}"
    elif param.type in REPEATABLE:
        type_ = list[str]
        extra["callback"] = _collect(param)
    else:
        type_ = str
        extra["click_type"] = PflagType(param.type)
    return inspect.Parameter(name, kind, default=None, annotation=Annotated[type_ | None, typer.Option(*names, **extra)])


def _collect(param: Param) -> Callable[[Any], Any]:
    """All occurrences of a repeatable flag as one value."""

    def callback(value: list[str] | None) -> Any:
        if not value:
            return None
        whole = None
        for text in value:
            try:
                whole = merged(param.type, whole, text)
            except ValueError as err:
                raise typer.BadParameter(str(err)) from err
        return whole

    return callback


def _long(info: Flag) -> str:
    return next(d[2:] for d in info.param_decls or () if d.startswith("--"))


def parameters(run: Callable[..., Any]) -> list[Param]:
    """The flags and arguments in a function's signature; other parameters are left out."""
    scope = _scope(run)
    found = []
    for parameter in inspect.signature(run).parameters.values():
        note = parameter.annotation
        note = eval(note, scope) if isinstance(note, str) else note
        if get_origin(note) is not Annotated:
            continue
        type_, *metadata = get_args(note)
        info = next((m for m in metadata if isinstance(m, Flag | Argument)), None)
        if info is not None:
            default = "" if parameter.default is parameter.empty else parameter.default
            pflag = (info.pflag or _inferred(type_)) if isinstance(info, Flag) else ""
            if isinstance(info, Flag) and pflag not in PARSERS:
                raise TypeError(f"{run.__module__}: --{_long(info)} has the unknown type {pflag!r}")
            many = _inferred(type_) == "strings"
            found.append(
                Param(parameter.name, info, pflag, many, list(default) if isinstance(info, Argument) and many else default)
            )
    return found


def _inferred(type_: Any) -> str:
    """The pflag type of a plain annotation."""
    options = [t for t in get_args(type_) if t is not type(None)] if type(None) in get_args(type_) else [type_]
    origin = get_origin(options[0]) or options[0]
    return {
        bool: "bool",
        str: "string",
        int: "int",
        float: "float32",
        list: "strings",
        tuple: "strings",
        Sequence: "strings",
        dict: "stringToString",
    }.get(origin, str(origin))


def _scope(run: Callable[..., Any]) -> dict[str, Any]:
    """The names of the function's module, with those that it imports for type checkers only."""
    module = sys.modules[run.__module__]
    scope = dict(vars(module))
    for statement in _type_checking(ast.parse(inspect.getsource(module)).body):
        exec(compile(ast.Module([statement], []), module.__file__ or "", "exec"), scope)
    return scope


def _type_checking(body: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            yield from (s for s in statement.body if isinstance(s, ast.Import | ast.ImportFrom))

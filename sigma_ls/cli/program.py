"""The commands and their options, as `docs/cli.md` has them; what each does is in a module of its own."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from sigma_ls import __version__
from sigma_ls.cli.host import Host

Run = Callable[[argparse.Namespace, Host], int]
"""Carries out a command with its options; the result is the exit status."""

WRONG_WORDS = 2
"""The exit status for options that do not exist, and values that they do not take."""


def run(arguments: Sequence[str], host: Host) -> int:
    """Run the command that `arguments` name."""
    program, _ = commands()
    try:
        with contextlib.redirect_stdout(host.out):
            options, unknown = program.parse_known_args(arguments)
        if unknown:
            options.parser.error(_unknown(unknown[0]))
        status: int = options.run(options, host)
    except _WrongWords as wrong:
        print(f"sigma-ls: {wrong.message}", file=host.err)
        print(f"  The commands and their options: {wrong.command} --help", file=host.err)
        return WRONG_WORDS
    except SystemExit:
        # `--help` and `--version` end so, after they have printed.
        return 0
    return status


class _WrongWords(Exception):
    def __init__(self, command: str, message: str) -> None:
        super().__init__(message)
        self.command, self.message = command, message


class Parser(argparse.ArgumentParser):
    """One that ends no process: what is wrong is raised."""

    def error(self, message: str) -> NoReturn:
        """What argparse calls with its own words for it."""
        raise _WrongWords(self.prog, message)


def _unknown(word: str) -> str:
    # What follows `=` may be a secret.
    name = word.partition("=")[0]
    return f"No such option: {name}" if word.startswith("-") else f"Unexpected argument: {word}"


def commands() -> tuple[Parser, Mapping[str, Parser]]:
    """The whole parser, and that of each command by name."""
    program = Parser(
        "sigma-ls",
        description="Deploy serverless projects.  Without a command: the language server, on standard input and output.",
        allow_abbrev=False,
    )
    program.add_argument("--version", action="version", version=f"sigma-ls {__version__}", help="Print the version.")
    group = _Group(program)
    group.add("serve", _serve, "The language server: [--stdio | --tcp HOST:PORT].")
    _init(group.add("init", _run_init, "Write a first project: a manifest, and a function that answers."))
    _check(group.add("check", _run_check, "Print all diagnostics: exit status 1 when there are errors."))
    _template(group.add("template", _run_template, "Print the deployment template."))
    group.add("schema", _run_schema, "Print the JSON Schema of manifests, for other editors.")
    _deploy(
        group.add(
            "deploy",
            _run_deploy,
            "Stage the changes, ask, execute them and watch: exit status 0 done, 1 failed, 3 refused, 130 interrupted.",
        )
    )
    _undeploy(
        group.add("undeploy", _run_deploy, "Remove the stack and what is in it; exit status as for deploy."),
    )
    _status(
        group.add(
            "status",
            _run_status,
            "Show the running deployments of a project, and the last complete one of each stage.",
        )
    )
    _logs(group.add("logs", _run_logs, "Print what the cloud said during the running or last deployment."))
    _sandbox(
        group.nested(
            "sandbox",
            "The embedded cloud: a process on this machine, started on demand, ended by `stop` or after an idle hour.",
        )
    )
    _environment(
        group.nested(
            "environment", "What is installed on first need into environments of its own, shared with editors."
        )
    )
    return program, group.parsers


class _Group:
    """Commands of one parser."""

    def __init__(self, parser: Parser) -> None:
        self._commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)

    @property
    def parsers(self) -> Mapping[str, Parser]:
        return self._commands.choices

    def add(self, name: str, run: Run, about: str) -> Parser:
        parser = self._made(name, about)
        # With them the words after the command are judged in its own name.
        parser.set_defaults(run=run, parser=parser)
        return parser

    def nested(self, name: str, about: str) -> _Group:
        return _Group(self._made(name, about))

    def _made(self, name: str, about: str) -> Parser:
        return self._commands.add_parser(name, help=about, description=about, allow_abbrev=False)


# --- options of several commands -------------------------------------------------------------------------------------


def _path(parser: Parser) -> None:
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="A manifest (sigma.yaml) or its folder; default: here."
    )


def _stage(parser: Parser) -> None:
    parser.add_argument("--stage", metavar="STAGE", help="The stage; default: the first that is declared.")


def _flag(parser: Parser, name: str, about: str) -> None:
    parser.add_argument(name, action="store_true", help=about)


def _json(parser: Parser) -> None:
    _flag(parser, "--json", "Print a Deployment (docs/protocol.md) on each line.")


def _consent(parser: Parser) -> None:
    _flag(parser, "--sandbox", "Deploy to the embedded cloud on this machine.")
    _flag(parser, "--yes", "Execute without being asked; recreate a broken stack that holds no data.")
    _flag(parser, "--allow-data-loss", "Consent to lose the data of resources that are replaced or removed.")
    _json(parser)


# --- each command: its options, and what it calls --------------------------------------------------------------------
# What is called is imported there: each command loads what it needs.


def _serve(_: argparse.Namespace, __: Host) -> int:
    # Listed for the help: `sigma_ls.__main__` runs the server without coming here.
    raise _WrongWords("sigma-ls serve", "give --stdio, --tcp HOST:PORT, or nothing")


def _init(parser: Parser) -> None:
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="The folder of the new project.")
    parser.add_argument("--name", help="Its name; default: the folder's.")
    parser.add_argument("--platform", choices=("aws", "gcp"), help="Its cloud; default: aws.")
    parser.add_argument("--region", help="Its region; default: that of the environment.")
    parser.add_argument("--project", help="The project of Google Cloud that it belongs to.")
    parser.add_argument(
        "--language",
        choices=("python", "node"),
        default="python",
        help="The language of its function; default: python.",
    )


def _run_init(options: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import init as command  # noqa: PLC0415 - see above

    given = command.InitOptions(
        options.path, options.name, options.platform, options.region, options.project, options.language
    )
    return command.init(given, host)


def _check(parser: Parser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="Manifests or their folders; default: here.")
    _stage(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="How to print what is found; default: text.",
    )
    parser.add_argument(
        "--cfn-lint",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="Whether cfn-lint checks the generated templates too; it does by default.",
    )


def _run_check(options: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import check as command  # noqa: PLC0415

    return command.check(
        options.paths or ["."], stage=options.stage, style=options.format, lint=options.cfn_lint, host=host
    )


def _template(parser: Parser) -> None:
    _path(parser)
    _stage(parser)
    parser.add_argument(
        "--format", choices=("yaml", "json"), default="yaml", help="The template's format; default: yaml."
    )


def _run_template(options: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import template as command  # noqa: PLC0415

    return command.template(options.path, stage=options.stage, style=options.format, host=host)


def _run_schema(_: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import schema as command  # noqa: PLC0415

    return command.schema(host)


def _deploy(parser: Parser) -> None:
    _path(parser)
    _stage(parser)
    _consent(parser)
    parser.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="A value that the manifest asks for.",
    )
    parser.add_argument("--commit", metavar="MESSAGE", help="Commit the project's folder with this message first.")
    parser.set_defaults(operation="deploy")


def _undeploy(parser: Parser) -> None:
    _path(parser)
    _stage(parser)
    _consent(parser)
    parser.set_defaults(operation="undeploy", answer=[], commit=None)


def _run_deploy(options: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import deploy as command  # noqa: PLC0415

    if options.commit is not None and not options.commit.strip():
        options.parser.error("--commit takes a message")
    given = command.DeployOptions(
        options.operation,
        options.path,
        options.stage,
        options.sandbox,
        options.yes,
        options.allow_data_loss,
        options.json,
        _answers(options),
        options.commit or "",
    )
    return command.deploy(given, host)


def _answers(options: argparse.Namespace) -> dict[str, str]:
    answers: dict[str, str] = {}
    for each in options.answer:
        name, equals, value = each.partition("=")
        if not (name and equals):
            # The text is not repeated: it may be a secret.
            options.parser.error("each --answer is NAME=VALUE")
        answers[name] = value
    return answers


def _status(parser: Parser) -> None:
    _path(parser)
    _json(parser)
    _flag(parser, "--history", "Show all earlier ones that are kept, too.")


def _run_status(options: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import status as command  # noqa: PLC0415

    return command.status(options.path, json=options.json, history=options.history, host=host)


def _logs(parser: Parser) -> None:
    _path(parser)
    _json(parser)


def _run_logs(options: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import status as command  # noqa: PLC0415

    return command.logs(options.path, json=options.json, host=host)


def _sandbox(group: _Group) -> None:
    start = group.add("start", _start_sandbox, "Start it, and print its address.")
    start.add_argument("--pace", choices=("real", "instant"), help="How long resources take; default: real.")
    start.add_argument("--port", type=_port, help="The port; default: a free one.")
    group.add("stop", _stop_sandbox, "End it, with everything that is deployed there.")
    group.add("status", _say_sandbox, "Say whether it runs, and where.")
    group.add("reset", _reset_sandbox, "Forget everything that is deployed there; the process stays.")


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def _start_sandbox(options: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import sandbox as command  # noqa: PLC0415

    return command.start(options.pace, options.port, host)


def _stop_sandbox(_: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import sandbox as command  # noqa: PLC0415

    return command.stop(host)


def _say_sandbox(_: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import sandbox as command  # noqa: PLC0415

    return command.status(host)


def _reset_sandbox(_: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import sandbox as command  # noqa: PLC0415

    return command.reset(host)


def _environment(group: _Group) -> None:
    group.add("list", _list_environments, "Say which there are, and how each is.")
    some = (
        group.add("install", _install_environments, "Install some of them."),
        group.add(
            "remove",
            _remove_environments,
            "Delete some of them; that of the sandbox ends a running sandbox, with everything that is deployed there.",
        ),
    )
    for parser in some:
        parser.add_argument("names", nargs="+", metavar="NAME", help="Names, as `list` has them.")


def _list_environments(_: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import environment as command  # noqa: PLC0415

    return command.list_all(host)


def _install_environments(options: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import environment as command  # noqa: PLC0415

    return command.install_some(options.names, host)


def _remove_environments(options: argparse.Namespace, host: Host) -> int:
    from sigma_ls.cli import environment as command  # noqa: PLC0415

    return command.remove_some(options.names, host)

"""The commands and their options, as `docs/cli.md` has them; what each does is in a module of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from sigma_ls import __version__
from sigma_ls.cli.host import Host

app = typer.Typer(
    name="sigma-ls",
    no_args_is_help=False,
    add_completion=False,
    # Plain help: it reads well everywhere, and rich stays unloaded.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
sandbox_app = typer.Typer(
    help="The embedded cloud: a process on this machine, started on demand, ended by `stop` or after an idle hour.",
    rich_markup_mode=None,
)
app.add_typer(sandbox_app, name="sandbox")
environment_app = typer.Typer(
    help="What is installed on first need into environments of its own, shared with editors.",
    rich_markup_mode=None,
)
app.add_typer(environment_app, name="environment")

Path = Annotated[str, typer.Argument(metavar="PATH", help="A manifest (sigma.yaml) or its folder.")]
Stage = Annotated[str | None, typer.Option(metavar="STAGE", help="The stage; default: the first that is declared.")]
Sandbox = Annotated[bool, typer.Option("--sandbox", help="Deploy to the embedded cloud on this machine.")]
Json = Annotated[bool, typer.Option("--json", help="Print a Deployment (docs/protocol.md) on each line.")]
Yes = Annotated[
    bool, typer.Option("--yes", help="Execute without being asked; recreate a broken stack that holds no data.")
]
AllowDataLoss = Annotated[
    bool, typer.Option("--allow-data-loss", help="Consent to lose the data of resources that are replaced or removed.")
]
Answers = Annotated[
    list[str] | None, typer.Option("--answer", metavar="NAME=VALUE", help="A value that the manifest asks for.")
]


def run(arguments: Sequence[str], host: Host) -> int:
    """Run the command that `arguments` name."""
    command = typer.main.get_command(app)
    try:
        # Not `command.main`: it has its own ways with interrupts and broken pipes; ours are in `barrier`.
        with command.make_context("sigma-ls", list(arguments), obj=host) as context:
            status = command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except typer.TyperException as error:
        print(f"sigma-ls: {error.format_message()}", file=host.err)
        print(f"  The commands and their options: sigma-ls {_command_of(arguments)}--help", file=host.err)
        return error.exit_code
    return status if isinstance(status, int) else 0


def _command_of(arguments: Sequence[str]) -> str:
    known = [
        command.name or (command.callback.__name__ if command.callback else "") for command in app.registered_commands
    ]
    named = arguments[0] if arguments else ""
    return f"{named} " if named in (*known, "sandbox") else ""


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"sigma-ls {__version__}")  # noqa: T201 - the answer
        raise typer.Exit


@app.callback()
def program(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Deploy serverless projects.  Without a command: the language server, on standard input and output."""


@app.command()
def serve() -> None:
    """The language server: [--stdio | --tcp HOST:PORT]."""
    # Listed for the help: `sigma_ls.__main__` runs the server without coming here.
    raise typer.BadParameter("give --stdio, --tcp HOST:PORT, or nothing")


@app.command()
def init(
    context: typer.Context,
    path: Annotated[str, typer.Argument(metavar="PATH", help="The folder of the new project.")] = ".",
    *,
    name: Annotated[str | None, typer.Option(help="Its name; default: the folder's.")] = None,
    platform: Annotated[Literal["aws", "gcp"] | None, typer.Option(help="Its cloud; default: aws.")] = None,
    region: Annotated[str | None, typer.Option(help="Its region; default: that of the environment.")] = None,
    project: Annotated[str | None, typer.Option(help="The project of Google Cloud that it belongs to.")] = None,
    language: Annotated[Literal["python", "node"], typer.Option(help="The language of its function.")] = "python",
) -> int:
    """Write a first project: a manifest, and a function that answers."""
    from sigma_ls.cli import init as command  # noqa: PLC0415 - each command loads what it needs

    return command.init(command.InitOptions(path, name, platform, region, project, language), context.obj)


@app.command()
def check(
    context: typer.Context,
    paths: Annotated[list[str] | None, typer.Argument(metavar="[PATH]…", help="Manifests or their folders.")] = None,
    stage: Stage = None,
    style: Annotated[
        Literal["text", "json", "sarif", "github"],
        typer.Option("--format", help="How to print what is found."),
    ] = "text",
    lint: Annotated[
        bool, typer.Option("--cfn-lint/--no-cfn-lint", help="Whether cfn-lint checks the generated templates too.")
    ] = True,
) -> int:
    """Print all diagnostics: exit status 1 when there are errors."""
    from sigma_ls.cli import check as command  # noqa: PLC0415

    return command.check(paths or ["."], stage=stage, style=style, lint=lint, host=context.obj)


@app.command()
def template(
    context: typer.Context,
    path: Path = ".",
    stage: Stage = None,
    style: Annotated[Literal["yaml", "json"], typer.Option("--format", help="The template's format.")] = "yaml",
) -> int:
    """Print the deployment template."""
    from sigma_ls.cli import template as command  # noqa: PLC0415

    return command.template(path, stage=stage, style=style, host=context.obj)


@app.command()
def schema(context: typer.Context) -> int:
    """Print the JSON Schema of manifests, for other editors."""
    from sigma_ls.cli import schema as command  # noqa: PLC0415

    return command.schema(context.obj)


@app.command()
def deploy(
    context: typer.Context,
    path: Path = ".",
    *,
    stage: Stage = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    allow_data_loss: AllowDataLoss = False,
    json: Json = False,
    answer: Answers = None,
) -> int:
    """Stage the changes, ask, execute them and watch: exit status 0 done, 1 failed, 3 refused, 130 interrupted."""
    from sigma_ls.cli import deploy as command  # noqa: PLC0415

    options = command.DeployOptions("deploy", path, stage, sandbox, yes, allow_data_loss, json, _answers(answer or []))
    return command.deploy(options, context.obj)


@app.command()
def undeploy(
    context: typer.Context,
    path: Path = ".",
    *,
    stage: Stage = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    allow_data_loss: AllowDataLoss = False,
    json: Json = False,
) -> int:
    """Remove the stack and what is in it; exit status as for deploy."""
    from sigma_ls.cli import deploy as command  # noqa: PLC0415

    options = command.DeployOptions("undeploy", path, stage, sandbox, yes, allow_data_loss, json)
    return command.deploy(options, context.obj)


@app.command()
def status(
    context: typer.Context,
    path: Path = ".",
    json: Json = False,
    history: Annotated[bool, typer.Option("--history", help="Show all earlier ones that are kept, too.")] = False,
) -> int:
    """Show the running deployments of a project, and the last complete one of each stage."""
    from sigma_ls.cli import status as command  # noqa: PLC0415

    return command.status(path, json=json, history=history, host=context.obj)


@app.command()
def logs(context: typer.Context, path: Path = ".", json: Json = False) -> int:
    """Print what the cloud said during the running or last deployment."""
    from sigma_ls.cli import status as command  # noqa: PLC0415

    return command.logs(path, json=json, host=context.obj)


@sandbox_app.command()
def start(
    context: typer.Context,
    pace: Annotated[
        Literal["real", "instant"] | None, typer.Option(help="How long resources take; default: real.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port; default: a free one.")] = None,
) -> int:
    """Start it, and print its address."""
    from sigma_ls.cli import sandbox as command  # noqa: PLC0415

    return command.start(pace, port, context.obj)


@sandbox_app.command()
def stop(context: typer.Context) -> int:
    """End it, with everything that is deployed there."""
    from sigma_ls.cli import sandbox as command  # noqa: PLC0415

    return command.stop(context.obj)


@sandbox_app.command("status")
def sandbox_status(context: typer.Context) -> int:
    """Say whether it runs, and where."""
    from sigma_ls.cli import sandbox as command  # noqa: PLC0415

    return command.status(context.obj)


@sandbox_app.command()
def reset(context: typer.Context) -> int:
    """Forget everything that is deployed there; the process stays."""
    from sigma_ls.cli import sandbox as command  # noqa: PLC0415

    return command.reset(context.obj)


Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names, as `list` has them.")]


@environment_app.command("list")
def environment_list(context: typer.Context) -> int:
    """Say which there are, and how each is."""
    from sigma_ls.cli import environment as command  # noqa: PLC0415

    return command.list_all(context.obj)


@environment_app.command("install")
def environment_install(context: typer.Context, names: Names) -> int:
    """Install some of them."""
    from sigma_ls.cli import environment as command  # noqa: PLC0415

    return command.install_some(names, context.obj)


@environment_app.command("remove")
def environment_remove(context: typer.Context, names: Names) -> int:
    """Delete some of them; that of the sandbox ends a running sandbox, with everything that is deployed there."""
    from sigma_ls.cli import environment as command  # noqa: PLC0415

    return command.remove_some(names, context.obj)


def _answers(given: Sequence[str]) -> dict[str, str]:
    answers: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not (name and equals):
            # The text is not repeated: it may be a secret.
            raise typer.BadParameter("each --answer is NAME=VALUE")
        answers[name] = value
    return answers

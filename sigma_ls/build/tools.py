"""The programs that fetch what functions ask for: uv for Python, npm driven by aws-lambda-builders for Node.js.

They come with an ordinary installation; beside the server that an extension brings along, they are in an environment
of their own.
"""

import importlib.util
from pathlib import Path

from sigma_ls.build.model import BuildError
from sigma_ls.runtime.environments import Environment, installed, interpreter_of, program

TOOLS = Environment(
    name="build-tools",
    title="the build toolkit",
    purpose="fetches the packages that functions ask for",
    lock=Path(__file__).with_name("tools.lock"),
    module="aws_lambda_builders",
    megabytes=18,
)


def uv() -> Path | None:
    """The program uv, if it is installed."""
    if importlib.util.find_spec("uv"):
        from uv import find_uv_bin  # noqa: PLC0415 - not everywhere where this is installed

        return Path(find_uv_bin())
    return program(TOOLS, "uv") if installed(TOOLS) else None


def builders() -> Path | None:
    """The interpreter that finds aws-lambda-builders, if that is installed."""
    return interpreter_of(TOOLS)


def not_installed(function: str) -> BuildError:
    """Why the packages of a function cannot be fetched, and what to do."""
    return BuildError(
        f"The dependencies of {function} cannot be fetched: {TOOLS.title} is not installed.",
        function,
        f"Install them with the command `sigma-ls environment install {TOOLS.name}`, or in VS Code with "
        "*Sigma: Manage Environments*.",
    )

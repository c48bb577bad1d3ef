"""What a start needs stands apart from what deployments need, and says the same."""

import subprocess
import sys

from sigma_ls.lsp import messages
from sigma_ls.lsp.announced import COMMAND_NAMES

CODE = """
import sys
import sigma_ls.lsp.serve, sigma_ls.lsp.features.all
print(*sorted(name for name in sys.modules if name.startswith(("sigma_ls.deploy", "sigma_ls.lsp.messages"))))
"""


def test_the_names_are_those_of_the_commands() -> None:
    assert tuple(command.name for command in messages.COMMANDS) == COMMAND_NAMES


def test_the_first_diagnostics_wait_for_nothing_that_deployments_need() -> None:
    ran = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert ran.stdout == "\n", ran.stderr

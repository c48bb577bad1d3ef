"""What the answer of `initialize` and the server's status need of `sigma_ls.lsp.messages`.

Apart from it, since an editor's first diagnostics need not wait for the shapes of all commands, nor for what deployments
are made of: 30 ms and 2 MB.
"""

from __future__ import annotations

from typing import Final, Literal

from attrs import frozen

PROTOCOL: Final = 1
"""The version of this protocol; a later one is announced by a greater number."""

SECTION: Final = "sigma"
"""The settings' section, the client capability's name, and the prefix of every command and method."""

TEMPLATE_SCHEME: Final = "sigma-template"
"""Of the URIs of generated templates, which an editor can open (`workspace/textDocumentContent`)."""

COMMAND_NAMES: Final = (
    "sigma.deploy",
    "sigma.undeploy",
    "sigma.execute",
    "sigma.abort",
    "sigma.stop",
    "sigma.answer",
    "sigma.build",
    "sigma.template",
    "sigma.deployments",
    "sigma.history",
    "sigma.logs",
    "sigma.environments",
    "sigma.installEnvironment",
    "sigma.removeEnvironment",
)
"""All commands, in the order of the reference; what each takes and gives is in `sigma_ls.lsp.messages`."""

SERVER_STATUS_METHOD: Final = "sigma/serverStatus"
DID_GRANT_TRUST_METHOD: Final = "sigma/workspace/didGrantTrust"


@frozen
class SigmaCapability:
    """`capabilities.experimental.sigma`: the client announces it, the server answers the same."""

    protocol: int


@frozen
class ServerStatus:
    """How the server is."""

    health: Literal["ok", "warning", "error"]
    quiescent: bool
    """True when nothing is pending for any open manifest, cfn-lint included."""
    message: str | None = None

"""Family 3: functions and their code."""

from __future__ import annotations

from sigma_ls.manifest.codes.registry import code
from sigma_ls.manifest.diagnostic import Severity, Tag

CODE_MISSING = code(
    "301",
    "No such code",
    "The folder or archive that `code` names does not exist.",
    """
functions:
  resize:
    code: src/reszie
""",
)
CODE_OUTSIDE = code(
    "302",
    "Code outside the project",
    "`code` is relative to the manifest and must stay inside its folder, so that a project can be moved and checked out "
    "as a whole.",
    """
functions:
  resize:
    code: ../shared
""",
)
HANDLER_FILE = code(
    "303",
    "No such handler file",
    "The module that `handler` names is not in the function's code.",
    """
functions:
  resize:
    handler: ap.handler
""",
)
HANDLER_SYMBOL = code(
    "304",
    "No such handler",
    "The handler's file does not define the name that `handler` ends with; for Node.js: does not export it. Of exports that "
    "are made while the module runs nothing is said.",
    """
functions:
  resize:
    handler: app.handle
""",
)
HANDLER_FORM = code(
    "305",
    "Malformed handler",
    "The runtime expects the handler in another form: `module.function` for Python and Node.js.",
    """
functions:
  resize:
    runtime: python3.13
    handler: handler
""",
)
UNKNOWN_RUNTIME = code(
    "306",
    "Unknown runtime",
    "The runtime is not one that this version knows. It may be new, withdrawn, or misspelt.",
    """
functions:
  resize:
    runtime: python3.31
""",
    Severity.WARNING,
)
HANDLER_UNREADABLE = code(
    "307",
    "Handler that cannot be read",
    "The handler's file is not valid code, so calling it will fail; or it is none that can be read, so building will.",
    """
functions:
  resize:
    handler: app.handler
""",
)
RESERVED_VARIABLE = code(
    "308",
    "Reserved variable",
    "The runtime sets this environment variable itself, and the deployment would be refused.",
    """
environment:
  AWS_REGION: eu-west-1
""",
)
DEPRECATED_RUNTIME = code(
    "309",
    "Deprecated runtime",
    "AWS has ended its support for this runtime, or will within half a year: no security updates any more, then no new "
    "functions on it, then no updates of old ones. The message has the dates, as they were known when this version was "
    "made.",
    """
functions:
  resize:
    runtime: python3.9
""",
    Severity.WARNING,
    Tag.DEPRECATED,
)
BLOCKED_RUNTIME = code(
    "310",
    "Runtime that is refused",
    "AWS neither creates nor updates functions on this runtime any more: the deployment would fail.",
    """
functions:
  resize:
    runtime: python3.6
""",
)
ENVIRONMENT_SIZE = code(
    "311",
    "Environment that is too large",
    "All environment variables of a function, names and values, may have 4 KB: its own with the project's, in each stage. "
    "Keep large values in a secret, a table or a bucket. What references and secrets stand for is not known here, and "
    "comes on top.",
    f"""
environment:
  TEXT: {"x" * 60}…
""",
)
CODE_FILE = code(
    "312",
    "Code that is a single file",
    "`code` names the folder that holds the code, or a `.zip`; which file of it runs is said by `handler`.",
    """
functions:
  resize:
    code: src/app.py
""",
)
SAME_LAYER = code(
    "313",
    "Layer twice",
    "A function takes each layer once: AWS refuses two versions of one.",
    """
functions:
  resize:
    layers:
      - arn:aws:lambda:eu-west-1:123456789012:layer:tools:1
      - arn:aws:lambda:eu-west-1:123456789012:layer:tools:2
""",
)
INSTANCES = code(
    "314",
    "More instances at least than at most",
    "`minInstances` are always kept running, so there cannot be fewer of `maxInstances`.",
    """
platform: gcp
functions:
  hello: {runtime: python313, handler: hello, code: src, minInstances: 5, maxInstances: 2}
""",
)

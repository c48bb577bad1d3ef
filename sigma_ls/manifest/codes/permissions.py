"""Family 5: permissions."""

from __future__ import annotations

from sigma_ls.manifest.codes.registry import code
from sigma_ls.manifest.diagnostic import Severity

UNKNOWN_OPERATION = code(
    "501",
    "Unknown operation",
    "Things of this type have no such operation. The message names those they have.",
    """
functions:
  work:
    uses: {jobs: write}
resources:
  jobs: {type: queue}
""",
)
MALFORMED_STATEMENT = code(
    "502",
    "Malformed statement",
    "An IAM statement needs `Effect` (`Allow` or `Deny`), `Action` or `NotAction`, and `Resource` or `NotResource`; it may "
    "have `Sid` and `Condition`, and nothing else.",
    """
functions:
  work:
    permissions:
      - {Effect: Allow, Action: "s3:GetObject"}
""",
)
MALFORMED_ACTION = code(
    "503",
    "Malformed action or ARN",
    "An action is `service:Action`, a resource `*`, an ARN, or `${id.arn}`.",
    """
functions:
  work:
    permissions:
      - {Effect: Allow, Action: GetObject, Resource: "*"}
""",
)
UNKNOWN_ACTION = code(
    "504",
    "Unknown action",
    "No service of AWS had this action when this version was made, so the statement may allow nothing.",
    """
functions:
  work:
    permissions:
      - {Effect: Allow, Action: "s3:ReadObject", Resource: "arn:aws:s3:::images/*"}
""",
    Severity.WARNING,
)
WIDE_RESOURCE = code(
    "505",
    "All resources where some would do",
    "Every action of the statement can be allowed on certain resources only, and `*` allows it on all of the account.",
    """
functions:
  work:
    permissions:
      - {Effect: Allow, Action: "s3:GetObject", Resource: "*"}
""",
    Severity.WARNING,
)

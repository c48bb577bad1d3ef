"""cfn-lint in a process of its own: a line of JSON in, a line of JSON out, until the input ends.

Run as a script, not imported: it knows nothing of this package, and this package nothing of cfn-lint, which takes a
second and a hundred megabytes to load.  In: `{"template": text, "region": name}`.  Out: `{"findings": [{"rule",
"level", "message", "path"}]}`, or `{"error": text}`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any

_runners: dict[str, Any] = {}


def check(template: str, region: str) -> list[dict[str, Any]]:
    """What cfn-lint finds in a template for a region."""
    from cfnlint.config import ConfigMixIn  # noqa: PLC0415 - so that its absence is an answer, not the process's end
    from cfnlint.decode.decode import decode_str  # noqa: PLC0415
    from cfnlint.runner import Runner  # noqa: PLC0415

    if region not in _runners:
        # Loading the rules takes longer than applying them.
        _runners[region] = Runner(ConfigMixIn(regions=[region]))
    decoded, found = decode_str(template)
    matches = list(found) if found or decoded is None else list(_runners[region].validate_template(decoded))
    return [
        {
            "rule": match.rule.id,
            "level": match.rule.severity,
            "message": match.message,
            "path": [part if isinstance(part, int) else str(part) for part in match.path or ()],
        }
        for match in matches
    ]


def main() -> None:
    """Answer until nobody asks any more."""
    # Typing is more urgent than this.
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever prints must not be taken for an answer.
    sys.stdout = sys.stderr
    for line in sys.stdin.buffer:
        try:
            asked = json.loads(line)
            answer: dict[str, Any] = {"findings": check(asked["template"], asked["region"])}
        except ModuleNotFoundError as missing:
            answer = {"error": f"{missing.name} is not installed beside sigma-ls"}
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in cfn-lint is told to who asked
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()

"""How long a template of about 500 resources takes to be made, and to be written (`python -m bench.synthesis`).

The budget is 50 ms for making it: it is made again whenever somebody pauses in typing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from sigma_ls.manifest import lower
from sigma_ls.synth import synthesize
from sigma_ls.synth.cloudformation.render import canonical_json, render_yaml

BUDGET = 50.0
ROUNDS = 20

_FUNCTION = """\
  f{n}:
    runtime: python3.13
    handler: app.handler
    code: src/f{n}
    environment: {{TABLE: "${{t{n}.name}}", BUCKET: "${{b{n}.name}}", QUEUE: "${{q{n}.url}}"}}
    triggers: [{{http: "GET /f{n}/{{id}}"}}, {{bucket: b{n}, suffix: .jpg}}, {{queue: q{n}, batch: 5}}]
    uses: {{t{n}: [read, write], b{n}: read, q{n}: send}}
"""
_RESOURCES = """\
  t{n}: {{type: table, partitionKey: id}}
  b{n}: {{type: bucket}}
  q{n}: {{type: queue}}
"""


def manifest(functions: int) -> str:
    """A manifest of so many functions with three triggers and three resources each."""
    head = "name: bench\nplatform: aws\naws: {region: eu-west-1}\nfunctions:\n"
    made = "".join(_FUNCTION.format(n=number) for number in range(functions))
    return head + made + "resources:\n" + "".join(_RESOURCES.format(n=number) for number in range(functions))


def _median(work: Callable[[], object]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    project = lower(manifest(45)).project
    assert project is not None
    template = synthesize(project)
    resources = len(template.body["Resources"])
    print(f"{resources} resources, median of {ROUNDS} rounds")
    print(f"  template made     {_median(lambda: synthesize(project)):6.1f} ms (budget {BUDGET:.0f} ms)")
    print(f"  as canonical JSON {_median(lambda: canonical_json(template.body)):6.1f} ms")
    print(f"  as YAML           {_median(lambda: render_yaml(template.body)):6.1f} ms")


if __name__ == "__main__":
    main()

"""The diagram in the documentation is the machine's."""

from __future__ import annotations

from tools import gen_deployment_diagram as diagram


def test_the_documented_life_cycle_is_the_real_one():
    document = diagram.DOCUMENT.read_text(encoding="utf-8")
    assert document == diagram.merged(document, diagram.render()), "run: python tools/gen_deployment_diagram.py"

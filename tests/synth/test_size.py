"""How many resources a template has at least."""

import pytest

from sigma_ls.manifest import Analysis
from sigma_ls.synth.size import RESOURCES, least_resources
from tests.synth.cases import CASES

FUNCTION = "  f{}: {{runtime: python3.13, handler: app.handler, code: src, uses: {{t: read}}}}\n"
RESOURCES_OF = (
    "resources:\n  t: {type: table, partitionKey: id}\n  unused: {type: queue}\n  there: {existing: x, type: topic}\n"
)
SHELL = "name: demo\nplatform: aws\naws: {region: eu-west-1}\n"


def deployed(text):
    analysis = Analysis()
    analysis.open(text)
    return analysis.deployed()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_no_template_has_fewer(case):
    assert least_resources(*deployed(case.text)) <= len(case.synthesize().body["Resources"])


def test_unused_and_existing_ones_do_not_count():
    assert deployed(f"{SHELL}functions:\n{FUNCTION.format(1)}{FUNCTION.format(2)}{RESOURCES_OF}") == (2, 1)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param("template: {Resources: {F1: {Properties: {}}}}\n", id="template"),
        pytest.param("stages: {dev: {functions: {f1: {memory: 256}}}}\n", id="stage"),
    ],
)
def test_nothing_is_said_where_entries_may_be_taken_away(more):
    assert deployed(f"{SHELL}{more}functions:\n{FUNCTION.format(1)}{RESOURCES_OF}") == (0, 0)


def test_many_functions_are_too_many():
    functions = "".join(map(FUNCTION.format, range(200)))
    assert least_resources(*deployed(f"{SHELL}functions:\n{functions}{RESOURCES_OF}")) == 601 > RESOURCES

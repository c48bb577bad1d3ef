"""The JSON Schema and the checker judge alike, on manifests that are drawn from the schema.

What either may say alone is listed here, with why.
"""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from sigma_ls.manifest import check_text
from sigma_ls.manifest.diagnostic import Severity
from sigma_ls.manifest.schema.json_schema import json_schema
from tests.support import json_schema as validator
from tests.support.schema_values import WORDS, Drawing, spoil, yaml_of

SCHEMA = json_schema()
WHERE = {
    "aws": {"region": "eu-west-1"},
    "gcp": {"project": "my-project", "region": "europe-west1", "serviceAccount": "a@b"},
}
BEYOND_THE_SCHEMA = (
    # What a stage makes of the rest: a schema sees no merged manifest.
    r"\(in stage '[^']*'\)\.$",
    r"^The stage '[^']*' removes",
    # What must be there depends on other keys, with messages that nobody would understand of an `anyOf`.
    r"that is not 'existing'\.$",
    r"lacks 'certificate' \(",
    r"lacks 'serviceAccount'",
    # `key:` alone is nothing where a mapping and something else could stand.
    r"has no value\.$",
    # A pattern says nothing of a number, which becomes a text only in the cloud.
    r"not '-?[\d.]+'\.$",
    # One `retention` is that of a queue, in a stage without `type`; the engines of caches and databases too; fewer nodes of some.
    r"^'(retention|engine|nodes)' cannot be",
)


def drawn(random):
    platform = random.choice(["aws", "gcp"])
    (manifest,) = SCHEMA["then" if platform == "gcp" else "else"]["allOf"]
    value = Drawing(SCHEMA, random).value(manifest)
    block = value.get(platform)
    value[platform] = WHERE[platform] | (block if isinstance(block, dict) else {})
    value.setdefault("name", "demo")
    value["platform"] = platform
    return value


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_what_the_schema_takes_has_no_fault_of_shape(random):
    value = drawn(random)
    if validator.faults(SCHEMA, value):
        return  # A word may have the form of one key and not of another that refers to the same definition.
    errors = [each for each in check_text(yaml_of(value)) if each.severity is Severity.ERROR and each.code[3] == "1"]
    assert [each.message for each in errors if not any(re.search(one, each.message) for one in BEYOND_THE_SCHEMA)] == []


@settings(max_examples=250, deadline=None)
@given(st.randoms(use_true_random=False))
def test_what_the_schema_refuses_is_an_error(random):
    value = drawn(random)
    spoil(value, random)
    faults = validator.faults(SCHEMA, value)
    errors = [each.code for each in check_text(yaml_of(value)) if each.severity is Severity.ERROR]
    assert errors or not faults


def test_each_form_has_a_word():
    patterns = set(re.findall(r"'pattern': '((?:[^'\\]|\\.)*)'", str(SCHEMA)))
    assert len(patterns) > 30
    assert [each for each in patterns if not any(re.search(each.replace("\\\\", "\\"), word) for word in WORDS)] == []

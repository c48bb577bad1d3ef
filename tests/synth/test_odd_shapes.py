"""Whatever the `template` block and raw properties say, there is a template or a refusal in words: nothing breaks."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from sigma_ls.manifest.model import Bucket, HttpTrigger, Raw
from sigma_ls.synth import Unsupported, synthesize
from sigma_ls.synth.cloudformation.limits import excesses
from sigma_ls.synth.cloudformation.render import render_yaml
from tests.synth.projects import function, project

KEYS = (
    *("Resources", "Parameters", "Outputs", "Description", "Transform", "Conditions", "Resize", "ResizeRole", "Raw"),
    *("Type", "Properties", "DependsOn", "Policies", "PolicyDocument", "Roles", "FunctionName", "PolicyName"),
    *("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "RoleName"),
)
TYPES = ("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::Lambda::Permission", "AWS::CloudFormation::Stack")
scalars = st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from((*KEYS, *TYPES, "", "a${b}", "${Raw.x}"))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
)
sections = st.fixed_dictionaries(
    {},
    optional={
        "Resources": values
        | st.dictionaries(st.sampled_from(("Resize", "ResizeRole", "Raw", "X")), values, max_size=3),
        "Outputs": values,
        "Parameters": values,
        "Description": values,
        "Transform": values,
    },
)


@settings(deadline=None, max_examples=400)
@given(sections, st.sampled_from(TYPES), st.dictionaries(st.sampled_from(KEYS), values, max_size=4))
def test_odd_shapes(template, type_name, properties):
    things = (
        function(triggers=(HttpTrigger("GET", "/"),), uses={"images": ("read",)}),
        Bucket(id="images"),
        Raw(id="raw", type=type_name, properties=properties),
    )
    with contextlib.suppress(Unsupported):
        made = synthesize(project(*things, template=template))
        list(excesses(made))
        assert render_yaml(made.body)

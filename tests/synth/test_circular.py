"""Circular dependencies are told in the manifest's words, at its lines."""

import time

import pytest

from sigma_ls.manifest.model import Origin, Raw, UserPool, UserPoolTrigger
from sigma_ls.syntax.span import Range
from sigma_ls.synth import Unsupported, synthesize
from tests.synth.projects import function, project, ref

PLACE = Range.of(7, 2, 7, 20)


def test_functions_that_name_each_other_in_their_environments():
    there = Origin(values={("environment", "B"): PLACE})
    a = function("a", environment={"B": ref("b", "arn")}, origin=there)
    b = function("b", environment={"A": ref("a", "arn")})
    with pytest.raises(Unsupported, match="`a` needs `b` needs `a`") as refused:
        synthesize(project(a, b))
    assert refused.value.range == PLACE


def test_a_function_that_names_the_pool_that_calls_it():
    there = Origin(values={("environment", "POOL"): PLACE})
    calling = (UserPoolTrigger("users", "preSignUp"),)
    own = function(environment={"POOL": ref("users", "id")}, triggers=calling, origin=there)
    with pytest.raises(Unsupported, match="`resize` needs `users` needs `resize`") as refused:
        synthesize(project(own, UserPool(id="users")))
    assert refused.value.range == PLACE


def test_raw_resources_by_functions_of_cloudformation():
    one = Raw(id="one", type="AWS::SSM::Parameter", properties={"Value": {"Fn::Sub": "${Other.Value} x"}})
    other = Raw(id="other", type="AWS::SSM::Parameter", properties={"Value": {"Fn::GetAtt": "One.Value"}})
    with pytest.raises(Unsupported, match="`one` needs `other` needs `one`"):
        synthesize(project(one, other))
    own = Raw(id="own", type="AWS::SSM::Parameter", properties={"Value": {"Ref": "Own"}})
    with pytest.raises(Unsupported, match="`own` needs `own`"):
        synthesize(project(own))


def test_a_long_chain_is_no_circle():
    chain = [
        Raw(id=f"r{index}", type="AWS::SSM::Parameter", properties={"Value": {"Ref": f"R{index + 1}"}})
        for index in range(3000)
    ]
    began = time.process_time()
    synthesize(project(*chain, Raw(id="r3000", type="AWS::SSM::Parameter")))
    # Far from the recursion limit, and from anything that grows with the square of the chain.
    assert time.process_time() - began < 20

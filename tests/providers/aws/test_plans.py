from hypothesis import given
from hypothesis import strategies as st

from sigma_ls.providers.aws.plans import ChangeSetPlan, RemovalPlan, from_text, to_text

ARN = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/sigma-t1/0002"
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="|"), min_size=1)


def test_a_change_set_is_known_by_its_arn_alone():
    assert to_text(ChangeSetPlan(ARN)) == ARN


@given(st.builds(ChangeSetPlan, WORDS.map("arn:".__add__), st.booleans(), st.booleans()))
def test_a_change_set_survives_being_written_down(plan):
    assert from_text(to_text(plan)) == plan


@given(st.builds(RemovalPlan, WORDS, WORDS, st.none() | WORDS))
def test_a_removal_survives_being_written_down(plan):
    assert from_text(to_text(plan)) == plan

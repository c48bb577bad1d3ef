"""Names in the order in which people look for them."""

from hypothesis import given
from hypothesis import strategies as st

from sigma_ls.deploy.natural import natural


def test_numbers_count_as_numbers_and_capital_letters_as_small_ones():
    names = ["first10", "First3", "first2", "2nd", "10th", "queue", "first", "first2b", "Queue"]
    assert sorted(names, key=natural) == [
        "2nd",
        "10th",
        "first",
        "first2",
        "first2b",
        "First3",
        "first10",
        "Queue",
        "queue",
    ]


@given(st.lists(st.text(max_size=20), unique=True))
def test_any_names_have_one_order(names):
    ordered = sorted(names, key=natural)
    names.reverse()
    assert sorted(names, key=natural) == ordered

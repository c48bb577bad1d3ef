"""The tables that keep what is alone as itself say the same as plain ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sigma_ls.manifest.keyed import Keyed, each_key, facts_of, give, take
from sigma_ls.manifest.users import FEW, Users, add_user, remove_user, users_of
from sigma_ls.syntax.blocks import Block, Part

KEYS = ("one", "two")
BLOCKS = [Block(Part.CHILD, "functions", f"f{number}", 2, misfit=False, start=number) for number in range(FEW + 3)]

STEPS = st.lists(st.tuples(st.booleans(), st.sampled_from(KEYS), st.integers(0, len(BLOCKS) - 1)), max_size=60)


@given(STEPS)
def test_facts_are_those_of_a_table_of_lists(steps: list[tuple[bool, str, int]]) -> None:
    table: Keyed[object] = {}
    plain: dict[str, list[tuple[object, Block]]] = {}
    for adds, key, number in steps:
        known = plain.get(key, [])
        if adds or not known:
            fact = object()
            give(table, key, fact, BLOCKS[number])
            plain[key] = [*known, (fact, BLOCKS[number])]
        else:
            fact = known[number % len(known)][0]
            take(table, key, fact)
            plain[key] = [each for each in known if each[0] is not fact]
        plain = {name: facts for name, facts in plain.items() if facts}
        assert {name: list(facts_of(table, name)) for name in KEYS if facts_of(table, name)} == plain
        assert {name: list(facts) for name, facts in each_key(table)} == plain


@given(STEPS)
def test_users_are_those_of_a_table_of_dictionaries(steps: list[tuple[bool, str, int]]) -> None:
    users: Users = {}
    plain: dict[str, dict[Block, None]] = {}
    for adds, name, number in steps:
        block = BLOCKS[number]
        if adds:
            add_user(users, name, block)
            plain.setdefault(name, {})[block] = None
        else:
            remove_user(users, name, block)
            plain.get(name, {}).pop(block, None)
        for each in KEYS:
            assert list(users_of(users, each)) == list(plain.get(each, {}))
        assert {*users} == {each for each in KEYS if plain.get(each)}

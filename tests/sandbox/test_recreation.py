from tools import gen_recreation


def test_what_forces_a_replacement_is_as_the_schemas_say():
    written = gen_recreation.OUTPUT.read_text(encoding="utf-8")
    assert written == gen_recreation.content(), "run: python tools/gen_recreation.py"

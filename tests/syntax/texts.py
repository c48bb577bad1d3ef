"""Texts for property tests: pieces of manifests and of everything else, put together at random."""

from hypothesis import strategies as st

SECTIONS = ("functions", "resources", "stages", "outputs")

PIECES = st.sampled_from(
    [
        "name: demo\n",
        "platform: aws\n",
        "functions:\n",
        '"functions":\n',
        "resources: # all\n",
        "  one:\n",
        "  two: {a: 1, b: [x, y]}\n",
        "    three:\n",
        "   four: 4\n",
        "    key: value\n",
        "      deep: |\n",
        "        text: of it\n",
        "  - item\n",
        "- item\n",
        "    - a: 1\n",
        "# comment\n",
        "    # comment\n",
        "\n",
        "\r\n",
        "\r",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "? complex\n",
        ": value\n",
        "x: &a {b: 1}\n",
        "y: *a\n",
        "z: {<<: *a}\n",
        'q: "open\n',
        "q: 'it''s'\n",
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ": ",
        " ",
        "\t",
        "key",
        "é😀",
        "\u0085",
        "\u2028",
        "\ufeff",
        "\x00",
        "!tag ",
        "@",
        "|",
        ">",
        "${a.b}",
    ]
)

TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join)


@st.composite
def edits(draw, most=8):
    """A text, and places with what is to be put there."""
    text = draw(TEXTS)
    steps = draw(
        st.lists(
            st.tuples(
                st.integers(0, 30),
                st.integers(0, 20),
                st.integers(0, 4),
                st.integers(0, 20),
                PIECES | st.text(max_size=3),
            ),
            min_size=1,
            max_size=most,
        )
    )
    return text, steps

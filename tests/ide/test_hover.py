"""Hover: a cursor (`|`) in a manifest, what it is about, and what is said."""

import pytest
from inline_snapshot import snapshot

from sigma_ls.ide.describe import plain
from sigma_ls.ide.hover import hover
from tests.support.cursor import at_cursor, texts_at

RESOURCES = """\
resources:
  images: {type: bucket}
  jobs: {type: queue, existing: the-jobs}
"""
FUNCTION = RESOURCES + "functions:\n  one:\n    runtime: python3.13\n"


def said(text, **options):
    """What the hover is about, and its text; nothing where there is none."""
    analysis, place = at_cursor(text, **options)
    found = hover(analysis, place)
    return None if found is None else (*texts_at(analysis, [found.range]), found.markdown)


def test_a_key():
    assert said(FUNCTION + "    mem|ory: 512\n") == snapshot(
        (
            "memory",
            """\
**memory**: a whole number, 128 to 10240 MB, default `256`

Memory in MB; on AWS the share of CPU grows with it.

1769 MB are one whole CPU on AWS. More memory often costs no more, since calls end sooner.

```yaml
memory: 512
```

[Documentation](https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html)\
""",
        )
    )


def test_a_key_that_is_required_and_one_of_a_platform():
    about, markdown = said(FUNCTION + "    arch|itecture: arm64\n")
    assert about == "architecture"
    assert "AWS only" in markdown.partition("\n")[0]
    assert "default `x86_64`" in markdown
    assert ", required" in said(FUNCTION + "    cod|e: src\n")[1]
    assert ", required" not in said("stages: {prod: {functions: {one: {cod|e: src}}}}\n")[1]


def test_a_key_of_the_other_platform_is_described_by_its_limits_there():
    text = "functions:\n  one:\n    mem|ory: 512\n"
    assert "128 to 32768 MB" in said(text, shell="platform: gcp\n")[1]
    assert "128 to 10240 MB" in said(text)[1]


@pytest.mark.parametrize(
    ("text", "about", "words"),
    [
        ("    archi|tecture: arm64\n", "architecture", "The instruction set"),
        ("    architecture: arm|64\n", "arm64", "64-bit ARM"),
        ("    memory: 5|12\n", "512", "128 to 10240 MB"),
        ("    uses: {jobs: sen|d}\n", "send", "send messages"),
        ("    uses: {jobs: [receive, sen|d]}\n", "send", "send messages"),
        ("    uses: {jo|bs: send}\n", "jobs", "an existing `queue`"),
        ("    deadLetter: jobs|\n", "jobs", "declared in line 6"),
        ("    triggers: [{buc|ket: images}]\n", "bucket", "**bucket**: the id of a bucket"),
        ("    triggers: [{bucket: images, ev|ents: created}]\n", "events", "Which of its events"),
        ("    triggers: [{bucket: images, events: cre|ated}]\n", "created", "in whichever way"),
        ("    triggers: [{http: GET /, auth: ia|m}]\n", "iam", "sign with AWS credentials"),
        ("    environment: {A: 'x ${ima|ges.url}'}\n", "images", "`${images.url}`: its URL"),
        ("    environment: {A: 'x ${stag|e}'}\n", "${stage}", "the stage that is deployed"),
        ("    environment: {A: {as|k: Key}}\n", "ask", "Asked for at deployment"),
        ("  two: {environment: {A: '${on|e.arn}'}}\n", "one", "`function`, declared in line 8"),
    ],
)
def test_inside_of_a_function(text, about, words):
    found = said(FUNCTION + text)
    assert found is not None
    assert found[0] == about
    assert words in found[1]


@pytest.mark.parametrize(
    ("text", "about", "words"),
    [
        ("resources:\n  a: {type: buck|et}\n", "bucket", "- `read`: get objects and list them"),
        ("resources:\n  a: {type: 'AWS::SQS::Qu|eue'}\n", "'AWS::SQS::Queue'", "`QueueUrl`"),
        ("resources:\n  im|ages: {type: bucket}\n", "images", "Attributes: `name`, `arn`, `url`"),
        ("stages:\n  de|v: {}\n", "dev", "the default"),
        (
            RESOURCES + "  a: {type: 'AWS::SNS::Topic', properties: {X: !Ref Im|ages}}\n",
            "Images",
            "**images**: `bucket`",
        ),
        (RESOURCES + "outputs:\n  Url: {val|ue: x}\n", "value", "What is shown after a deployment"),
    ],
)
def test_elsewhere(text, about, words):
    found = said(text)
    assert found is not None
    assert found[0] == about
    assert words in found[1]


def test_a_runtime_and_its_days():
    assert said("functions:\n  one: {runtime: python3.|9}\n") == snapshot(
        (
            "python3.9",
            """\
**python3.9**

- deprecated since 2025-12-15
- new functions on it are refused from 2027-02-01
- updates are refused from 2027-03-03
- successor: `python3.14`\
""",
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "|\n",
        "# a com|ment\n",
        "functions:\n  one:\n    unk|nown: 1\n",
        "functions:\n  one:\n    layers: |[]\n",
        "functions:\n  one: {uses: {nobody: re|ad}}\n",
        "outputs:\n  U|rl: {value: x}\n",
    ],
)
def test_of_what_nothing_is_known(text):
    assert said(text) is None


def test_a_half_typed_manifest():
    assert said(FUNCTION + "    mem|ory: 512\n    layers: [\n")[0] == "memory"


def test_of_a_manifest_in_brackets():
    assert said('{"platform": "aws", "functions": {"one": {"mem|ory": 1}}}', shell="")[0] == '"memory"'


def test_as_plain_text():
    markdown = said(FUNCTION + "    mem|ory: 512\n")[1]
    assert plain(markdown) == snapshot("""\
memory: a whole number, 128 to 10240 MB, default 256

Memory in MB; on AWS the share of CPU grows with it.

1769 MB are one whole CPU on AWS. More memory often costs no more, since calls end sooner.

    memory: 512

Documentation: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html\
""")

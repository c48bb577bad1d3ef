"""Family 0: what is wrong with the text as YAML, and that nothing else suffers from it."""

from sigma_ls.manifest import check_text
from tests.support.check import check_diagnostics, check_part


def test_unclosed_quotes():
    check_part(
        """\
description: "shop
#            ^ error SIG001: The quoted text is not closed: add "
"""
    )


def test_unclosed_brackets():
    check_part(
        """\
functions:
  list:
    layers: [a, b
#           ^ error SIG001: '[' is not closed
resources:
  jobs: {type: queu}
#              ^^^^ error SIG105: did you mean 'queue'?
"""
    )


def test_word_without_colon():
    check_part(
        """\
functions:
  list
# ^^^^ error SIG001: Expected ':' and a value after this key
"""
    )


def test_colon_in_a_plain_text():
    check_part(
        """\
description: makes: thumbnails
#                 ^ error SIG001: put quotes around
"""
    )


def test_character_that_cannot_start_a_value():
    check_part(
        """\
description: @home
#            ^^^^^ error SIG001: A value cannot start with '@'
"""
    )


def test_a_broken_function_leaves_the_others_alone():
    check_part(
        """\
functions:
  broken:
    runtime: 'python3.13
#            ^ error SIG001
  fine:
    runtime: python3.13
    handler: app.handler
    code: src/fine
    memory: 64
#           ^^ error SIG106: 128 to 10240 MB
"""
    )


def test_tab():
    check_part("resources:\n  jobs:\n\ttype: queue\n# error SIG002: A tab cannot indent\n")


def test_uneven_children():
    check_part(
        """\
resources:
    images: {type: bucket}
  jobs: {type: queu}
#^ error SIG003: Indented by 2, but the first entry of 'resources' by 4
#              ^^^^ error SIG105
"""
    )


def test_duplicate_in_one_entry():
    check_part(
        """\
resources:
  jobs:
    type: queue
    fifo: true
    fifo: false
#   ^^^^ error SIG004: 'fifo' stands here a second time
outputs:
  Jobs: {value: "${jobs.url}"}
"""
    )


def test_duplicates_among_entries():
    check_diagnostics(
        """\
name: demo
platform: aws
aws: {region: eu-west-1}
name: other
#^^^ error SIG004: The key 'name' stands in the manifest a second time
resources:
  jobs: {type: queue}
  jobs: {type: queue}
# ^^^^ error SIG004: in 'resources' a second time
outputs:
  Jobs: {value: "${jobs.url}"}
"""
    )


def test_duplicates_where_the_text_is_read_whole():
    check_diagnostics(
        """\
{name: demo, platform: aws, aws: {region: eu-west-1}, name: x}
#                                                     ^^^^ error SIG004
"""
    )


def test_control_character():
    check_part('description: "a\x07b"\n#              ^ error SIG005: U+0007\n')


def test_alias_without_anchor():
    check_part(
        """\
environment: *defaults
#            ^^^^^^^^^ error SIG006: No anchor '&defaults'
"""
    )


def test_alias_inside_its_anchor():
    check_part(
        """\
template: &x {Resources: {A: *x}}
#                            ^^ error SIG006
"""
    )


def test_merge_of_something_else_than_a_mapping():
    check_part(
        """\
template: {Resources: {<<: [1]}}
#                           ^ error SIG006: '<<' merges a mapping
"""
    )


def test_aliases_that_explode():
    rows = ["template:", "  a: &a [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"  {b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    text = "\n".join(rows) + "\n"
    found = [each for each in check_text(text) if each.code != "SIG103"]
    assert [each.code for each in found] == ["SIG007"]


def test_too_deep():
    codes = [each.code for each in check_text("template: " + "[" * 10_000)]
    assert "SIG008" in codes


def test_too_large():
    codes = [each.code for each in check_text("name: " + "x" * 2_000_000)]
    assert "SIG008" in codes


def test_second_document():
    check_diagnostics(
        """\
---
name: demo
platform: aws
aws: {region: eu-west-1}
---
#^^ error SIG009: this line and what follows it are ignored
name: other
"""
    )


def test_end_marker_may_end_the_text():
    check_diagnostics("name: demo\nplatform: aws\naws: {region: eu-west-1}\n...\n# done\n")


def test_what_follows_the_end_marker_is_ignored():
    check_diagnostics(
        """\
name: demo
platform: aws
aws: {region: eu-west-1}
...
#^^ error SIG009
nome: x
"""
    )


def test_sigma_yml_beside_sigma_yaml():
    check_diagnostics(
        """\
#- src/app.py
pass
#- sigma.yaml
name: demo
#^^^^^^^^^ warning SIG010: the folder's manifest is the sigma.yaml beside it
platform: aws
aws: {region: eu-west-1}
""",
        uri="file:///project/sigma.yml",
    )


def test_anchors_and_merge_keys_within_one_entry():
    check_part(
        """\
functions:
  one: &base
    runtime: python3.13
    handler: app.handler
    code: src/one
"""
    )


def test_anchors_across_entries():
    check_part(
        """\
functions:
  one: &base
    runtime: python3.13
    handler: app.handler
    code: src/one
    memory: 512
  two:
    <<: *base
    code: src/two
    memory: 64
#           ^^ error SIG106
"""
    )


def test_a_whole_manifest_in_brackets():
    check_diagnostics(
        """\
{
  "name": "demo",
  "platform": "aws",
  "aws": {"region": "eu-west-1"},
  "resources": {"jobs": {"type": "queu"}}
#                                ^^^^^^ error SIG105
}
"""
    )


def test_quotes_over_lines_with_key_like_text():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src/one
    description: "first
  second: not a key
  third"
    memory: 64
#           ^^ error SIG106
"""
    )


def test_ignored_on_its_line_and_on_the_line_above():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src/one
    memory: 64  # sigma: ignore SIG106
    # sigma: ignore SIG106, SIG101
    timeout: 0
    timout: 3  # sigma: ignore SIG106
#   ^^^^^^ error SIG102
  # sigma: ignore SIG103
  two:
    runtime: python3.13
    handler: app.handler
"""
    )


def test_duplicates_in_brackets():
    check_part(
        """\
functions: {one: {runtime: python3.13, handler: app.handler, code: src}, one: {memory: 512}}
#                                                                        ^^^ error SIG004
#                                                                        ^^^ error SIG103: lacks 'runtime'
"""
    )


def test_what_is_wrong_with_an_anchored_value_is_said_once():
    check_part(
        """\
functions:
  one: &base
    runtime: python3.13
    handler: app.handler
    code: src
    memory: 64
#           ^^ error SIG106
  two: *base
"""
    )

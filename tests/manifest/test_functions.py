"""Families 3 and 5: functions, their code, and what they may do."""

import pytest

from sigma_ls.manifest import Analysis, check_text
from sigma_ls.syntax.span import Range
from tests.support.check import SHELL, FakeFiles, check_diagnostics, check_part

GCP = """\
name: demo
platform: gcp
gcp: {project: my-project, region: europe-west1, serviceAccount: deployer@my-project.iam.gserviceaccount.com}
"""


def test_code_that_is_there():
    check_part(
        """\
#- src/resize/app.py
import json
def handler(event, context): ...
#- sigma.yaml
functions:
  resize: {runtime: python3.13, handler: app.handler, code: src/resize}
  same: {runtime: python3.13, handler: app.handler, code: ./src/resize/}
"""
    )


def test_missing_folder():
    check_part(
        """\
#- src/resize/app.py
def handler(event, context): ...
#- sigma.yaml
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: src/reszie
#         ^^^^^^^^^^ error SIG301: There is no 'src/reszie' beside the manifest
"""
    )


def test_missing_archive():
    check_part(
        """\
#- src/app.py
def handler(event, context): ...
#- sigma.yaml
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: dist/resize.zip
#         ^^^^^^^^^^^^^^^ error SIG301: There is no 'dist/resize.zip' beside the manifest: build the archive, or
"""
    )


@pytest.mark.parametrize("path", ["../shared", "/opt/code", "src/../../x", "C:/code", "~/code"])
def test_code_outside_of_the_project(path):
    check_part(
        f"""\
functions:
  resize:
    runtime: python3.13
    handler: app.handler
    code: {path}
#         {"^" * len(path)} error SIG302: leads out of the project
"""
    )


def test_missing_handler_file():
    check_part(
        """\
#- src/app.py
def handler(event, context): ...
#- sigma.yaml
functions:
  one:
    runtime: python3.13
    handler: main.handler
#            ^^^^^^^^^^^^ error SIG303: looked for in 'src/main.py', which does not exist
    code: src
  two:
    runtime: nodejs24.x
    handler: index.handler
#            ^^^^^^^^^^^^^ error SIG303: 'src/index.js'
    code: src
"""
    )


def test_handlers_in_packages_and_folders():
    check_part(
        """\
#- src/pkg/app.py
def handler(event, context): ...
#- src/other/__init__.py
def handler(event, context): ...
#- src/web.mjs
export const handler = () => {}
#- sigma.yaml
functions:
  one: {runtime: python3.13, handler: pkg.app.handler, code: src}
  two: {runtime: python3.13, handler: pkg/app.handler, code: src}
  three: {runtime: python3.13, handler: other.handler, code: src}
  four: {runtime: nodejs24.x, handler: web.handler, code: src}
"""
    )


def test_missing_handler():
    check_part(
        """\
#- src/app.py
def handler(event, context): ...
#- sigma.yaml
functions:
  resize:
    runtime: python3.13
    handler: app.handle
#            ^^^^^^^^^^ error SIG304: 'src/app.py' does not define 'handle': did you mean 'handler'?
    code: src
  other:
    runtime: python3.13
    handler: app.main
#            ^^^^^^^^ error SIG304: define 'def main(event, context)' there
    code: src
"""
    )


@pytest.mark.parametrize(
    "source",
    [
        "handler = lambda event, context: None",
        "from .work import handler",
        "from work import main as handler",
        "import handler",
        "from work import *",
        "async def handler(event, context): ...",
        "class handler: ...",
        "handler: object = make()",
        "(other, handler) = make()",
        "if True:\n    def handler(event, context): ...",
        "try:\n    import handler\nexcept ImportError:\n    handler = None",
        "with open('x') as handler: pass",
    ],
)
def test_ways_to_define_a_handler(source):
    files = FakeFiles({"src/app.py": source})
    analysis = Analysis(files)
    analysis.open(SHELL + "functions:\n  one: {runtime: python3.13, handler: app.handler, code: src}\n")
    assert analysis.diagnostics() == []


@pytest.mark.parametrize("source", ["def f():\n    handler = 1", "x = [handler for handler in y]", "x.handler = 1"])
def test_what_does_not_define_a_handler(source):
    analysis = Analysis(FakeFiles({"src/app.py": source}))
    analysis.open(SHELL + "functions:\n  one: {runtime: python3.13, handler: app.handler, code: src}\n")
    assert [each.code for each in analysis.diagnostics()] == ["SIG304"]


def test_code_that_is_no_python():
    check_part(
        """\
#- src/app.py
import json
def handler(event, context:
#- sigma.yaml
functions:
  old:
    runtime: python3.11
    handler: app.handler
#            ^^^^^^^^^^^ error SIG307: src/app.py, line 2
    code: src
  newer: {runtime: python3.99, handler: app.handler, code: src}
#                  ^^^^^^^^^^ warning SIG306
"""
    )


def test_code_with_null_characters_or_huge_nesting():
    for source in ("x = '\0'", "x = " + "(" * 5_000 + ")" * 5_000):
        analysis = Analysis(FakeFiles({"src/app.py": source}))
        analysis.open(SHELL + "functions:\n  one: {runtime: python3.11, handler: app.handler, code: src}\n")
        assert {each.code for each in analysis.diagnostics()} <= {"SIG307", "SIG304"}


def test_archives_are_not_looked_into():
    check_part(
        """\
#- build/code.zip
zip
#- sigma.yaml
functions:
  one: {runtime: python3.13, handler: app.handler, code: build/code.zip}
"""
    )


def test_malformed_handlers():
    check_part(
        """\
functions:
  one: {runtime: python3.13, handler: handler, code: src}
#                                     ^^^^^^^ error SIG305: write 'module.function'
  two: {runtime: nodejs24.x, handler: index., code: src}
#                                     ^^^^^^ error SIG305
  three: {runtime: java21, handler: "com.example.App::handle", code: src}
"""
    )


def test_handlers_on_google_cloud():
    check_diagnostics(
        "#- src/main.py\ndef hello(request): ...\n#- sigma.yaml\n"
        + GCP
        + """\
functions:
  one: {runtime: python313, handler: hello, code: src, triggers: [http: default]}
  two: {runtime: python313, handler: hallo, code: src, triggers: [http: default]}
#                                    ^^^^^ error SIG304: 'src/main.py' does not define 'hallo'
"""
    )


def test_reserved_variables():
    check_part(
        """\
environment: {AWS_REGION: x}
#             ^^^^^^^^^^ error SIG308: AWS Lambda sets 'AWS_REGION' itself
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    environment:
      LAMBDA_TASK_ROOT: x
#     ^^^^^^^^^^^^^^^^ error SIG308
      AWS_MINE: x
stages:
  dev: {environment: {AWS_REGION: y}}
#                     ^^^^^^^^^^ error SIG308
"""
    )


HALF = "x" * 2_100


def test_environment_of_a_function_with_the_project_s():
    check_part(
        f"""\
environment: {{AA: {HALF}}}
functions:
  alone: {{runtime: python3.13, handler: app.handler, code: src}}
  other: {{runtime: python3.13, handler: app.handler, code: src, environment: {{AA: short, BB: {HALF}}}}}
  both:
    runtime: python3.13
    handler: app.handler
    code: src
    environment: {{BB: {HALF}}}
#   ^^^^^^^^^^^ error SIG311: With the project's own, the variables of 'both' have 4,204 bytes
"""
    )


def test_environment_of_a_function_in_a_stage():
    check_part(
        f"""\
functions:
  both:
    runtime: python3.13
    handler: app.handler
    code: src
    environment: {{BB: {HALF}}}
#   ^^^^^^^^^^^ error SIG311: a secret, a table or a bucket (in stage 'prod')
stages:
  dev: {{}}
  prod: {{environment: {{AA: {HALF}}}}}
  test: {{environment: {{AA: {HALF}}}, functions: {{both: {{environment: {{AA: short}}}}}}}}
"""
    )


def test_environment_that_is_large_by_itself():
    check_part(
        f"""\
environment: {{AA: {HALF}, BB: {HALF}}}
#             ^^ error SIG311: These variables have 4,204 bytes
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    environment:
      AA: {HALF}
#     ^^ error SIG311
      BB: {HALF}
  two:
    runtime: python3.13
    handler: app.handler
    code: src
    environment: {{AA: "{HALF}${{project}}", BB: {{secret: prod/db}}, CC: "{"é" * 990}"}}
"""
    )


def test_the_project_s_environment_is_weighed_again_when_it_changes():
    text = (
        f"{SHELL}environment: {{AA: a}}\nfunctions:\n"
        f"  one: {{runtime: python3.13, handler: a.b, code: src, environment: {{BB: {HALF}}}}}\n"
    )
    analysis = Analysis()
    analysis.open(text)
    assert analysis.diagnostics() == []
    analysis.edit(Range.of(3, 18, 3, 19), HALF)
    (found,) = analysis.diagnostics()
    assert (found.code, found.range.start.line, found.related[0].range.start.line) == ("SIG311", 5, 3)
    analysis.edit(Range.of(0, 0, 0, 0), "# On top.\n")
    (found,) = analysis.diagnostics()
    assert (found.range.start.line, found.related[0].range.start.line) == (6, 4)
    analysis.edit(Range.of(4, 18, 4, 2_000), "")
    assert analysis.diagnostics() == []


def test_code_that_is_a_file():
    check_part(
        """\
#- src/app.py
def handler(event, context): ...
#- app.zip
(an archive)
#- sigma.yaml
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src/app.py
#         ^^^^^^^^^^ error SIG312: 'code' names the folder that it is in, here 'src', or a .zip
  two: {runtime: python3.13, handler: app.handler, code: app.zip}
"""
    )


def test_ruby():
    check_part(
        """\
#- src/app.rb
def handler(event:, context:) = nil
#- sigma.yaml
functions:
  one: {runtime: ruby3.4, handler: app.handler, code: src}
  two: {runtime: ruby3.4, handler: "app.App::Handler.process", code: src}
  three: {runtime: ruby3.4, handler: main.handler, code: src}
#                                    ^^^^^^^^^^^^ error SIG303: looked for in 'src/main.rb'
  four: {runtime: ruby3.4, handler: handler, code: src}
#                                   ^^^^^^^ error SIG305: no handler for ruby
"""
    )


def test_layers():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    layers:
      - arn:aws:lambda:eu-west-1:123456789012:layer:tools:1
      - arn:aws:lambda:eu-west-1:123456789012:layer:tools:2
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error SIG313: The layer 'tools' stands here a second time
      - arn:aws:lambda:eu-west-1:123456789012:layer:more:1
      - arn:aws:lambda:eu-west-1:123456789012:layer:most
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error SIG107: the ARN of a layer's version
"""
    )


def test_keys_of_statements():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    permissions:
      - {Sid: Look, Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*", Condition: {}}
      - {effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}
#        ^^^^^^ error SIG502: did you mean 'Effect'?
      - {Effect: allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}
#                ^^^^^ error SIG502: 'Effect' is 'Allow' or 'Deny'
      - {Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}
#                       ^^^^^^^^^ error SIG502: who may act is the function itself
      - {Effect: Allow, Action: "s3:GetObject", NotAction: "s3:*", Resource: "arn:aws:s3:::a/*"}
#                                               ^^^^^^^^^ error SIG502: 'Action' or 'NotAction', not both
"""
    )


def test_files_are_asked_for_once_until_they_change():
    contents = {"src/app.py": "def handler(event, context): ...\n"}
    files = FakeFiles(contents)
    analysis = Analysis(files)
    text = (
        SHELL + "functions:\n  one:\n    runtime: python3.13\n    handler: app.handler\n    code: src\n    timeout: 3\n"
    )
    analysis.open(text)
    assert analysis.diagnostics() == []
    asked = len(files.asked)
    line = text.count("\n") - 1
    analysis.edit(Range.of(line, 13, line, 14), "4")
    assert analysis.diagnostics() == []
    assert len(files.asked) == asked
    contents["src/app.py"] = "def other(event, context): ...\n"
    assert analysis.diagnostics() == []
    analysis.files_changed()
    assert [each.code for each in analysis.diagnostics()] == ["SIG304"]
    contents["src/app.py"] = "def handler(event, context): ...\n"
    analysis.files_changed()
    assert analysis.diagnostics() == []


# --- what a function may do ------------------------------------------------------------------------------------------


def test_operations():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    uses:
      jobs: [send, write]
#                  ^^^^^ error SIG501: A queue has no operation 'write': it has send, receive and admin
      images: raed
#             ^^^^ error SIG501: A bucket has no operation 'raed'
      two: invoke
      cache: read
#            ^^^^ error SIG501: write what is needed under 'permissions'
      api: invoke
    triggers: [http: GET /]
  two: {runtime: python3.13, handler: app.handler, code: src}
resources:
  jobs: {type: queue}
  images: {type: bucket}
  cache: {type: "AWS::ElastiCache::CacheCluster"}
"""
    )


def test_statements():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    permissions:
      - {Effect: Allow, Action: "s3:GetObject"}
#        ^^^^^^ error SIG502: The statement lacks 'Resource' or 'NotResource'
      - {Effect: allow, NotAction: "s3:*", NotResource: "*"}
#                ^^^^^ error SIG502: 'Effect' is 'Allow' or 'Deny'
      - {}
#       ^ error SIG502
      - s3:GetObject
#       ^^^^^^^^^^^^ error SIG101
"""
    )


@pytest.mark.parametrize(
    "source",
    [
        "globals()['handler'] = make()",
        "import sys\nsetattr(sys.modules[__name__], 'handler', make())",
        "def __getattr__(name):\n    return make(name)",
        "def load():\n    global handler\n    handler = make()\nload()",
        "match make():\n    case {'of': handler, **rest}:\n        pass",
        "\ufeffdef handler(event, context):\n    pass",
        "if TYPE_CHECKING:\n    from typing import Any\nfrom .api import serve as handler",
        "# -*- coding: latin-1 -*-\n@wrapped(x=1)\nasync def handler(event, context):\n    pass",
    ],
)
def test_further_ways_to_define_a_handler(source):
    for runtime in ("python3.11", "python3.13"):
        text = f"{SHELL}functions:\n  one: {{runtime: {runtime}, handler: app.handler, code: src}}\n"
        assert [
            each.code for each in check_text(text, FakeFiles({"src/app.py": source})) if each.code != "SIG309"
        ] == []


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("def handler(:\n    pass\n", ["SIG307"]),
        ("def handler(event, context):\n  x = (1\n", ["SIG307"]),
        ("def first[T](of: list[T]) -> T: ...\ndef handler(event, context): ...\n", []),
        ("type Names = list[str]\ndef handler(event, context): ...\n", []),
        ("def handler(event, context):\n    return f'{event['key']}'\n", []),
        ("try:\n    import x\nexcept ImportError, OSError:\n    x = None\ndef handler(event, context): ...\n", []),
    ],
)
def test_syntax_of_a_runtime_that_is_newer_than_the_server(source, codes):
    text = f"{SHELL}functions:\n  one: {{runtime: python3.14, handler: app.handler, code: src}}\n"
    found = [each.code for each in check_text(text, FakeFiles({"src/app.py": source}))]
    assert found == codes


def test_handlers_of_packages_that_are_installed():
    check_part(
        """\
#- src/requirements.txt
datadog-lambda
#- src/app.py
def handler(event, context): ...
#- bare/app.py
def handler(event, context): ...
#- bare/app/__init__.py
handler = None
#- sigma.yaml
functions:
  required: {runtime: python3.13, handler: datadog_lambda.handler.handler, code: src}
  layered:
    runtime: python3.13
    handler: datadog_lambda.handler.handler
    code: bare
    layers: [arn:aws:lambda:eu-west-1:464622532012:layer:Datadog-Python313:100]
  nowhere: {runtime: python3.13, handler: datadog_lambda.handler.handler, code: bare}
#                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error SIG303
  misspelt: {runtime: python3.13, handler: ap.handler, code: src}
#                                          ^^^^^^^^^^ error SIG303
  twice: {runtime: python3.13, handler: src.app.handler, code: src}
#                                       ^^^^^^^^^^^^^^^ error SIG303: within 'src' it is 'app.handler'
  package: {runtime: python3.13, handler: app.handler, code: bare}
"""
    )


@pytest.mark.parametrize(
    ("action", "codes"),
    [
        ("s3:*", ["SIG505"]),
        ("s3:Get*", ["SIG505"]),
        ("rekognition:Detect*", []),
        ("ec2:Describe*", []),
        ("s3:Got*", ["SIG504"]),
    ],
)
def test_patterns_of_actions_on_all_resources(action, codes):
    statement = f"{{Effect: Allow, Action: '{action}', Resource: '*'}}"
    text = f"{SHELL}functions:\n  one: {{runtime: python3.13, handler: app.handler, code: src, permissions: [{statement}]}}\n"
    assert [each.code for each in check_text(text)] == codes


def test_statements_with_empty_parts():
    check_part(
        """\
functions:
  one:
    runtime: python3.13
    handler: app.handler
    code: src
    permissions:
      - Effect:
#       ^^^^^^ error SIG502: 'Effect' is empty
        Action: []
#               ^^ error SIG502: 'Action' is empty
        Resource:
#       ^^^^^^^^ error SIG502: 'Resource' is empty
"""
    )


class RefusingFiles(FakeFiles):
    """One of the files is there, and not to be read."""

    def __init__(self, path, why):
        super().__init__({path: None})
        self._why = why

    def refused(self, path):
        return self._why


@pytest.mark.parametrize(("runtime", "path"), [("python3.13", "src/app.py"), ("nodejs24.x", "src/app.js")])
@pytest.mark.parametrize("why", ["Permission denied", "it is a folder", ""])
def test_a_handler_s_file_that_cannot_be_read(runtime, path, why):
    text = SHELL + f"functions:\n  one: {{runtime: {runtime}, handler: app.handler, code: src}}\n"
    found = check_text(text, RefusingFiles(path, why))
    assert [each.code for each in found] == (["SIG307"] if why else [])
    assert all(f"'{path}' cannot be read: {why}." in each.message for each in found)

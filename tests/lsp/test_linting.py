"""The generated template: checked when the user pauses, shown at the manifest's lines, opened by its URI."""

import contextlib

import pytest

from sigma_ls.lsp.session import Services
from tests.support.editor import Refusal, connected

PULLS_NOTHING = {"textDocument": {"publishDiagnostics": {"relatedInformation": True}}}
OPENS = {**PULLS_NOTHING, "workspace": {"textDocumentContent": {"dynamicRegistration": False}}}

SHELL = """\
name: demo
platform: aws
aws: {region: eu-west-1}
functions:
  work:
    runtime: python3.13
    handler: app.handler
    code: src
"""
RAW = f"""{SHELL}\
resources:
  cache:
    type: AWS::ElastiCache::CacheCluster
    properties: {{CacheNodeType: cache.t4g.micro, Engine: redis, NumCacheNodes: one}}
"""


async def never(*_):
    raise AssertionError("nothing is deployed here")


SERVICES = Services(never, never)


@contextlib.asynccontextmanager
async def editing(tmp_path, text, capabilities=OPENS, **options):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("def handler(event, context):\n    pass\n")
    uri = (tmp_path / "sigma.yaml").as_uri()
    async with connected(SERVICES, capabilities, options=options) as editor:
        # cfn-lint takes seconds to load where much else runs.
        editor.patience = 60.0
        editor.open(uri, text)
        yield editor, uri


async def found(editor, uri, code):
    """The diagnostics of a code, as soon as there are any."""
    while not (fitting := [each for each in await editor.published(uri) if each["code"] == code]):
        pass
    return fitting


def template_of(uri):
    return f"sigma-template:{uri.removeprefix('file:')}/template.yaml"


def cut(text, place):
    assert place["start"]["line"] == place["end"]["line"]
    return text.splitlines()[place["start"]["line"]][place["start"]["character"] : place["end"]["character"]]


async def test_a_finding_in_a_raw_resource(tmp_path):
    async with editing(tmp_path, RAW) as (editor, uri):
        (only,) = await found(editor, uri, "SIG703")
        assert cut(RAW, only["range"]) == "one"
        assert only["severity"] == 1
        assert "'one' is not of type 'integer' (cfn-lint E3012)" in only["message"]
        # The generated template opens at the same node.
        (related,) = only["relatedInformation"]
        place = related["location"]
        assert place["uri"] == template_of(uri)
        template = (await editor.request("workspace/textDocumentContent", {"uri": place["uri"]}))["text"]
        assert template.splitlines()[place["range"]["start"]["line"]] == "      NumCacheNodes: one  # sigma.yaml:12"


async def test_a_finding_in_a_generated_companion(tmp_path):
    pattern = "x" * 1100
    text = f"{SHELL}    triggers: [{{logs: shop, filter: {pattern}}}]\n"
    async with editing(tmp_path, text, PULLS_NOTHING) as (editor, uri):
        (only,) = await found(editor, uri, "SIG703")
        assert cut(text, only["range"]) == pattern
        assert only["message"] == f"'{60 * 'x'}…' is longer than 1024 (cfn-lint E3033)"
        assert "relatedInformation" not in only


async def test_an_edit_takes_the_finding_away(tmp_path):
    async with editing(tmp_path, RAW) as (editor, uri):
        await found(editor, uri, "SIG703")
        editor.change(uri, 2, RAW.replace("one", "1"))
        while await editor.published(uri):
            pass


TEMPLATE = "Resources:\n  WorkRole: {Properties: {MaxSessionDuration: %s}}\n"


async def telling_by_watching(editor, file):
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": file.as_uri(), "type": 2}]})


async def telling_by_saving(editor, file):
    editor.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})


async def telling_by_saving_the_manifest(editor, file):
    await telling_by_saving(editor, file.with_name("sigma.yaml"))


@pytest.mark.parametrize("telling", [telling_by_watching, telling_by_saving, telling_by_saving_the_manifest])
async def test_a_template_file_that_changes_is_checked_again(tmp_path, telling):
    file = tmp_path / "extra.yaml"
    file.write_text(TEMPLATE % "3600")
    text = f"{SHELL}template: ./extra.yaml\n"
    async with editing(tmp_path, text) as (editor, uri):
        # What it finds first shows that it was looked at.
        file.unlink()
        await telling(editor, file)
        (only,) = await found(editor, uri, "SIG114")
        assert "There is no file './extra.yaml'" in only["message"]
        file.write_text("- none\n")
        await telling(editor, file)
        (only,) = await found(editor, uri, "SIG702")
        assert "extra.yaml holds no mapping" in only["message"]
        file.write_text(TEMPLATE % "one")
        await telling(editor, file)
        (only,) = await found(editor, uri, "SIG703")
        assert cut(text, only["range"]) == "./extra.yaml"
        file.write_text(TEMPLATE % "3600")
        await telling(editor, file)
        while await editor.published(uri):
            pass


async def test_an_ignored_finding_is_silent(tmp_path):
    text = RAW.replace("NumCacheNodes: one}", "NumCacheNodes: one}  # sigma: ignore SIG703")
    circle = text.replace("code: src\n", "code: src\n    environment: {MY: '${work.arn}'}\n")
    async with editing(tmp_path, text) as (editor, uri):
        # What comes next shows that the check before it found nothing to show.
        editor.change(uri, 2, circle)
        await found(editor, uri, "SIG702")
        assert editor.heard["textDocument/publishDiagnostics"] >= 2


async def test_what_cannot_be_a_template_is_said_without_cfn_lint(tmp_path):
    text = SHELL + "    environment: {MY: '${work.arn}'}\n"
    async with editing(tmp_path, text, cfnLint=False) as (editor, uri):
        (only,) = await found(editor, uri, "SIG702")
        assert "`work` needs `work`" in only["message"]
        assert cut(text, only["range"]) == "'${work.arn}'"


async def test_of_a_manifest_that_is_far_too_large_no_template_is_made(tmp_path):
    function = "  f{}: {{runtime: python3.13, handler: app.handler, code: src}}\n"
    text = SHELL + "".join(map(function.format, range(170)))
    async with editing(tmp_path, text) as (editor, uri):
        (only,) = await found(editor, uri, "SIG702")
        assert only["message"].startswith("The template has at least 513 resources; CloudFormation takes 500.")
        # Fewer are fine again.
        lines = text.splitlines(keepends=True)
        editor.change(uri, 2, "".join(lines[:20]))
        while await editor.published(uri):
            pass


async def test_the_template_of_a_manifest_that_has_none_says_why(tmp_path):
    async with editing(tmp_path, SHELL.replace("platform: aws\n", "")) as (editor, uri):
        asked = {"uri": template_of(uri)}
        text = (await editor.request("workspace/textDocumentContent", asked))["text"]
        assert text.startswith("# The manifest has errors.")


@pytest.mark.parametrize(("capabilities", "schemes"), [(OPENS, ["sigma-template"]), (PULLS_NOTHING, None)])
async def test_templates_are_offered_to_who_can_open_them(tmp_path, capabilities, schemes):
    async with editing(tmp_path, SHELL, capabilities) as (editor, _):
        offered = editor.initialized["capabilities"]["workspace"].get("textDocumentContent")
        assert (offered and offered["schemes"]) == schemes


async def test_switching_cfn_lint_off_takes_its_findings_away(tmp_path):
    async with editing(tmp_path, RAW) as (editor, uri):
        await found(editor, uri, "SIG703")
        editor.notify("workspace/didChangeConfiguration", {"settings": {"sigma": {"cfnLint": False}}})
        while await editor.published(uri):
            pass


async def test_an_editor_that_pulls_is_told_to_pull_again(tmp_path):
    pulls = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
    async with editing(tmp_path, RAW, pulls) as (editor, uri):
        asked = {"textDocument": {"uri": uri}}
        assert (await editor.request("textDocument/diagnostic", asked))["items"] == []
        await editor.answer_next("workspace/diagnostic/refresh", None)
        (only,) = (await editor.request("textDocument/diagnostic", asked))["items"]
        assert only["code"] == "SIG703"


async def test_a_template_that_is_opened_is_not_taken_for_a_manifest(tmp_path):
    async with editing(tmp_path, SHELL) as (editor, uri):
        editor.open(template_of(uri), "Resources: {}\n")
        with pytest.raises(Refusal, match="is not the URI of a generated template"):
            await editor.request("workspace/textDocumentContent", {"uri": uri})
        await editor.settled()
        assert editor.heard["textDocument/publishDiagnostics"] == 1

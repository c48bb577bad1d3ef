"""What is generated from the messages, and what other files say of them, is what the messages say now."""

import json
import re
from pathlib import Path

import attrs
import pytest

from sigma_ls.app.settings import Settings
from sigma_ls.app.wire import to_wire
from sigma_ls.lsp import messages
from sigma_ls.lsp.client import Client
from sigma_ls.lsp.features import lifecycle
from tools import gen_protocol

EXTENSION = gen_protocol.ROOT / "editors/vscode"
MANIFEST = json.loads((EXTENSION / "package.json").read_text("utf-8"))
AGAIN = "run: python tools/gen_protocol.py"


def test_the_typescript_types_are_fresh():
    assert gen_protocol.TYPESCRIPT.read_text("utf-8") == gen_protocol.typescript(), AGAIN


def test_the_reference_is_fresh():
    current = gen_protocol.REFERENCE.read_text("utf-8")
    assert current == gen_protocol.document(current), AGAIN


@pytest.mark.parametrize(
    "name",
    [command.name for command in messages.COMMANDS] + [each.method for each in messages.NOTIFICATIONS],
)
def test_each_message_has_a_section_in_the_reference(name: str):
    assert f"\n### `{name}`\n" in gen_protocol.REFERENCE.read_text("utf-8")


def test_each_command_of_the_extension_exists_on_one_side():
    sources = "".join(path.read_text("utf-8") for path in sorted((EXTENSION / "src").rglob("*.ts")))
    registered = set(re.findall(r'^ +"(sigma\.\w+)": ', sources, re.MULTILINE))
    contributed = {command["command"] for command in MANIFEST["contributes"]["commands"]}
    used = {
        *(entry["command"] for entries in MANIFEST["contributes"]["menus"].values() for entry in entries),
        *re.findall(r"command:(sigma\.\w+)", json.dumps(MANIFEST["contributes"]["viewsWelcome"])),
    }
    served = {command.name for command in messages.COMMANDS}
    assert contributed <= registered | served
    assert used <= contributed
    # The client registers the server's commands by itself, so that the same name twice would be an error.
    assert not contributed & served


def test_every_contributed_command_says_when_the_palette_shows_it():
    contributed = {command["command"] for command in MANIFEST["contributes"]["commands"]}
    palette = {entry["command"]: entry.get("when") for entry in MANIFEST["contributes"]["menus"]["commandPalette"]}
    assert palette.keys() == contributed
    assert all(palette.values())


def test_the_extension_has_each_setting_with_its_default():
    properties = MANIFEST["contributes"]["configuration"]["properties"]
    offered = {name.removeprefix("sigma."): setting["default"] for name, setting in properties.items()}
    assert offered == {**to_wire(messages.Settings()), "serverPath": "", "interpreter": ""}


def test_the_server_knows_each_setting_by_the_same_name_and_default():
    assert to_wire(Settings()) == to_wire(messages.InitializationOptions())


def test_the_readme_of_the_extension_names_each_setting():
    text = (EXTENSION / "README.md").read_text("utf-8")
    assert [name for name in MANIFEST["contributes"]["configuration"]["properties"] if f"`{name}`" not in text] == []


def test_the_stale_are_named_and_left_alone_by_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    stale = tmp_path / "protocol.gen.ts"
    stale.write_text("old", "utf-8")
    assert gen_protocol.write({stale: "new"}, check=True) == 1
    assert stale.read_text("utf-8") == "old"
    assert "protocol.gen.ts is out of date" in capsys.readouterr().out
    assert gen_protocol.write({stale: "new"}, check=False) == 0
    assert stale.read_text("utf-8") == "new"


def test_the_extension_leaves_out_no_feature_that_the_server_has():
    (omitted,) = re.findall(r"const OMITTED =\s+/\^\\\.\\/\((.*?)\)\$/", (EXTENSION / "esbuild.mjs").read_text("utf-8"))
    everything = {each.name: True for each in attrs.fields(Client) if each.default is False}
    able = lifecycle.capabilities(Client(**everything))
    # The client's module `hover` is for the capability `hoverProvider`, and `formatting` for three of such an end.
    wanted = {name.removesuffix("Provider").lower() for name in able} | {name.lower() for name in able["workspace"]}
    modules = {name.lower() for name in omitted.split("|")}
    assert {"codelens", "semantictokens", "notebook"} <= modules
    assert modules & wanted == set()
    assert not any(name.endswith("formatting") for name in wanted)

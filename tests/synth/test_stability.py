"""One project, one template: byte by byte the same in other runs, on other machines, and in any order of its keys."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping

import attrs
import pytest

from sigma_ls.manifest import lower
from sigma_ls.manifest.read import json_value
from sigma_ls.syntax.parse import parse
from sigma_ls.synth.cloudformation.render import canonical_json
from tests.synth.cases import CASES

AS_DECLARED = {"stages", "clients"}
"""Sections of which the first entry means more than the others."""


def shuffled(value, randomly, key=""):
    match value:
        case Mapping():
            items = [(name, shuffled(inner, randomly, name)) for name, inner in value.items()]
            if key not in AS_DECLARED:
                randomly.shuffle(items)
            return dict(items)
        case list():
            return [shuffled(item, randomly) for item in value]
    return value


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_keys_does_not_show(case, seed, tmp_path):
    whole = json_value(parse(case.text).root, references=False)
    other = json.dumps(shuffled(whole, random.Random(seed)))
    assert other != json.dumps(whole)
    shutil.copytree(case.manifest.parent, tmp_path, dirs_exist_ok=True)
    (tmp_path / "sigma.yaml").write_text(other, encoding="utf-8")
    lowered = lower(other)
    assert lowered.project is not None, lowered.diagnostics
    moved = attrs.evolve(case, manifest=tmp_path / "sigma.yaml")
    assert canonical_json(moved.synthesize().body) == canonical_json(case.synthesize().body)


PRINT = (
    "import sys; from sigma_ls.__main__ import main; sys.exit(main(['template', sys.argv[1], '--format', sys.argv[2]]))"
)


CODE = {"pyth": (".py", "def {}(event, context): ...\n"), "node": (".js", "exports.{} = async () => 0;\n")}


@pytest.mark.parametrize("style", ["json", "yaml"])
def test_other_runs_on_other_machines_print_the_same(style, tmp_path):
    """Another seed of hashes, folder, language, time zone and home."""
    case = CASES["everything"]
    printed = set()
    for number, language in enumerate(("C", "de_DE.UTF-8", "tr_TR.UTF-8")):
        folder = tmp_path / str(number) / case.name
        shutil.copytree(case.manifest.parent, folder)
        for function in case.project().functions.values():
            module, _, handler = function.handler.rpartition(".")
            name, text = CODE[function.runtime[:4]]
            (folder / function.code).mkdir(parents=True, exist_ok=True)
            (folder / function.code / f"{module}{name}").write_text(text.format(handler))
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONHASHSEED": str(number),
            "HOME": str(folder),
            "LC_ALL": language,
            "TZ": f"UTC+{number}",
            "SIGMA_HOME": str(folder),
        }
        command = [sys.executable, "-c", PRINT, str(folder), style]
        ran = subprocess.run(command, capture_output=True, env=environment, check=False)
        assert ran.returncode == 0, ran.stderr.decode()
        printed.add(ran.stdout)
    (template,) = printed
    assert b"AWS::Lambda::Function" in template

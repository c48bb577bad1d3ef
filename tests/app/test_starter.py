"""First projects: without a fault, and never over what is there."""

import pytest
from attrs import evolve

from sigma_ls.app import starter
from sigma_ls.app.refusal import Refused
from sigma_ls.app.starter import Starter
from tests.cli.shell import Shell

AWS = Starter("greeter", "aws", "eu-west-1")
GCP = Starter("greeter", "gcp", "europe-west1", "my-project")


@pytest.mark.parametrize("language", ["python", "node"])
@pytest.mark.parametrize("chosen", [AWS, GCP], ids=["aws", "gcp"])
def test_a_first_project_has_no_fault(tmp_path, chosen, language):
    written = starter.create(tmp_path, evolve(chosen, language=language))
    assert written[-1].name == "sigma.yaml"
    assert not any("{{" in path.read_text() for path in written)
    shell = Shell(tmp_path)
    assert shell.run("check", "--format", "json") == 0
    assert shell.out == "[]\n"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("greeter", "greeter"),
        ("My Shop (2)", "my-shop-2"),
        ("2fast", "project-2fast"),
        ("日本", "project"),
        ("", "project"),
    ],
)
def test_the_name_comes_from_the_folder(folder, name):
    assert starter.name_from(folder) == name


def test_a_name_from_a_long_folder_is_one_that_a_project_may_have():
    assert len(starter.name_from("a" * 62 + "-" + "b" * 9)) == 62


def test_what_is_there_is_kept(tmp_path):
    code = tmp_path / "src/hello/app.py"
    code.parent.mkdir(parents=True)
    code.write_text("mine")
    assert [path.name for path in starter.create(tmp_path, AWS)] == ["sigma.yaml"]
    assert code.read_text() == "mine"


@pytest.mark.parametrize("name", ["sigma.yaml", "sigma.yml"])
def test_a_project_that_is_there_is_not_touched(tmp_path, name):
    (tmp_path / name).write_text("name: mine")
    with pytest.raises(Refused, match="There is a project already"):
        starter.create(tmp_path, AWS)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "src").write_text("a file")
    with pytest.raises(Refused, match=r"app\.py cannot be written: Not a directory"):
        starter.create(tmp_path, AWS)
    assert not (tmp_path / "sigma.yaml").exists()

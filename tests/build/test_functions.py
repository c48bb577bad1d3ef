"""Building functions, without fetching anything: the installer is a fake behind its port."""

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from sigma_ls.build import BuildError, FunctionSource, Target, build, source_hash
from sigma_ls.build import archive as archives

LAMBDA = Target("lambda")
SANDBOX = Target("sandbox", (3, 11))


def quiet(_line):
    pass


def function(folder, **changes):
    return FunctionSource(
        **{"function": "resize", "runtime": "python3.13", "code": folder, "architecture": "x86_64"} | changes
    )


def files(folder, **contents):
    """A folder with these files; `__` in a name stands for a slash, `_dot_` for a dot."""
    for name, content in contents.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def names(built):
    return zipfile.ZipFile(built.path).namelist()


class Installer:
    """Stands for uv: installs what its maker says and keeps the command lines."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.commands = []

    def __call__(self, command):
        self.commands.append([str(word) for word in command])
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, str):
            return subprocess.CompletedProcess(command, 1, "", answer)
        folder = Path(command[command.index("--target") + 1])
        for name, content in answer.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        return subprocess.CompletedProcess(command, 0, "", "")

    def option(self, name):
        command = self.commands[-1]
        return command[command.index(name) + 1] if name in command else None


# --- what goes in, and when it is built ------------------------------------------------------------------------------


def test_a_folder_becomes_an_archive_named_by_its_content(tmp_path, home):
    code = files(tmp_path / "code", app_dot_py="print(1)", lib__util_dot_py="")
    built = build(function(code), LAMBDA, report=quiet)
    assert names(built) == ["app.py", "lib/util.py"]
    assert built.path == home / "cache" / "builds" / f"{built.hash}.zip"
    assert (built.size, built.up_to_date) == (built.path.stat().st_size, False)


def test_the_same_files_elsewhere_make_the_same_archive(tmp_path):
    one = build(function(files(tmp_path / "one", app_dot_py="x", b_dot_py="y")), LAMBDA, report=quiet)
    other_code = files(tmp_path / "other", b_dot_py="y", app_dot_py="x")
    os.utime(other_code / "app.py", (1, 1))
    (other_code / "b.py").chmod(0o600)
    other = build(function(other_code), SANDBOX, report=quiet)
    assert (other.hash, other.up_to_date) == (one.hash, True)


def test_what_was_built_is_built_again_only_after_a_change(tmp_path):
    code = files(tmp_path / "code", app_dot_py="x")
    first = build(function(code), LAMBDA, report=quiet)
    said = []
    assert build(function(code), LAMBDA, report=said.append).up_to_date
    assert said == []
    files(code, app_dot_py="y")
    changed = build(function(code), LAMBDA, report=said.append)
    assert (changed.up_to_date, said) == (False, ["resize: packing …"])
    assert changed.hash != first.hash


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")], ids=["gone", "cut"]
)
def test_an_archive_that_was_damaged_is_built_again(tmp_path, damage):
    code = files(tmp_path / "code", app_dot_py="x")
    first = build(function(code), LAMBDA, report=quiet)
    damage(first.path)
    again = build(function(code), LAMBDA, report=quiet)
    assert (again.up_to_date, again.hash, names(again)) == (False, first.hash, ["app.py"])


def test_caches_environments_and_version_control_are_left_out(tmp_path):
    code = files(
        tmp_path / "code",
        app_dot_py="",
        _dot_git__config="",
        __pycache____app_dot_pyc="",
        old_dot_pyc="",
        _dot_venv__x="",
        my_env__pyvenv_dot_cfg="",
        my_env__lib_dot_py="",
        node_modules___dot_cache__x="",
        node_modules__left__index_dot_js="",
        _dot_DS_Store="",
        _dot_env="kept: it is the author's choice",
    )
    assert names(build(function(code), LAMBDA, report=quiet)) == [".env", "app.py", "node_modules/left/index.js"]


def test_links_inside_the_project_are_followed(tmp_path):
    files(tmp_path / "project" / "shared", money_dot_py="shared")
    code = files(tmp_path / "project" / "code", app_dot_py="")
    (code / "shared").symlink_to(tmp_path / "project" / "shared")
    built = build(function(code, project=tmp_path / "project"), LAMBDA, report=quiet)
    assert zipfile.ZipFile(built.path).read("shared/money.py") == b"shared"


# --- code that is an archive -----------------------------------------------------------------------------------------


def test_a_zip_is_kept_as_it_is(tmp_path):
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as made:
        made.writestr("bootstrap", "#!")
    given = (tmp_path / "code.zip").read_bytes()
    built = build(function(tmp_path / "code.zip", runtime="provided.al2023"), LAMBDA, report=quiet)
    (tmp_path / "code.zip").write_bytes(b"overwritten")
    assert built.path.read_bytes() == given


def test_a_zip_that_is_none_is_refused(tmp_path):
    (tmp_path / "code.zip").write_text("hello")
    with pytest.raises(BuildError, match="is no zip archive"):
        build(function(tmp_path / "code.zip"), LAMBDA, report=quiet)


# --- dependencies ----------------------------------------------------------------------------------------------------

WHEEL = "Wheel-Version: 1.0\nTag: cp313-cp313-manylinux_2_28_x86_64\n"


@pytest.mark.parametrize(
    ("source", "target", "asked"),
    [
        ({"runtime": "python3.13", "architecture": "arm64"}, LAMBDA, ("3.13", "aarch64-manylinux_2_34")),
        ({"runtime": "python3.12", "architecture": "x86_64"}, LAMBDA, ("3.12", "x86_64-manylinux_2_34")),
        ({"runtime": "python3.11", "architecture": "x86_64"}, LAMBDA, ("3.11", "x86_64-manylinux_2_17")),
        ({"runtime": "python3.13", "architecture": "arm64"}, SANDBOX, ("3.11", None)),
    ],
)
def test_dependencies_are_fetched_for_where_they_run(tmp_path, source, target, asked):
    code = files(tmp_path / "code", app_dot_py="", requirements_dot_txt="pillow\n")
    uv = Installer({"PIL/__init__.py": "", "pillow-1.dist-info/WHEEL": WHEEL})
    built = build(function(code, **source), target, report=quiet, run=uv)
    assert (uv.option("--python-version"), uv.option("--python-platform")) == asked
    assert names(built) == ["PIL/__init__.py", "app.py", "pillow-1.dist-info/WHEEL", "requirements.txt"]


def test_dependencies_are_fetched_once_for_many_changes_of_the_code(tmp_path):
    code = files(tmp_path / "code", app_dot_py="1", requirements_dot_txt="pillow\n")
    uv, said = Installer({"PIL/__init__.py": ""}), []
    build(function(code), SANDBOX, report=said.append, run=uv)
    files(code, app_dot_py="2")
    build(function(code), SANDBOX, report=said.append, run=uv)
    assert said == ["resize: fetching dependencies …", "resize: packing …", "resize: packing …"]
    files(code, requirements_dot_txt="pillow==2\n")
    build(function(code), SANDBOX, report=quiet, run=uv)
    assert len(uv.commands) == 2


def test_a_requirement_in_a_file_that_is_referred_to_counts(tmp_path):
    files(tmp_path, common_dot_txt="pillow==1")
    code = files(tmp_path / "code", app_dot_py="", requirements_dot_txt="-r ../common.txt")
    before = source_hash(function(code), LAMBDA)
    files(tmp_path, common_dot_txt="pillow==2")
    assert source_hash(function(code), LAMBDA) != before


def test_the_source_hash_tells_targets_apart_only_where_they_matter(tmp_path):
    plain = files(tmp_path / "plain", app_dot_py="")
    needy = files(tmp_path / "needy", app_dot_py="", requirements_dot_txt="pillow")
    assert source_hash(function(plain), LAMBDA) == source_hash(function(plain), SANDBOX)
    assert source_hash(function(needy), LAMBDA) != source_hash(function(needy), SANDBOX)
    assert source_hash(function(needy), LAMBDA) != source_hash(function(needy, architecture="arm64"), LAMBDA)


def test_what_differs_by_machine_stays_out_of_the_archive(tmp_path):
    code = files(tmp_path / "code", app_dot_py="", requirements_dot_txt="idna")
    uv = Installer(
        {
            ".lock": "",
            "idna/__init__.py": "",
            "idna/__pycache__/x.pyc": "",
            "bin/idna": "#!/home/me/python\n",
            "bin/tool": "\x7fELF",
            "idna-1.dist-info/RECORD": "bin/idna,sha256=aaa,9\nidna/__init__.py,sha256=bbb,0\n",
        }
    )
    built = build(function(code), SANDBOX, report=quiet, run=uv)
    assert names(built) == ["app.py", "bin/tool", "idna-1.dist-info/RECORD", "idna/__init__.py", "requirements.txt"]
    assert zipfile.ZipFile(built.path).read("idna-1.dist-info/RECORD") == b"idna/__init__.py,sha256=bbb,0\n"


def test_the_functions_own_file_wins(tmp_path):
    code = files(tmp_path / "code", app_dot_py="mine", requirements_dot_txt="x")
    built = build(function(code), SANDBOX, report=quiet, run=Installer({"app.py": "theirs"}))
    assert zipfile.ZipFile(built.path).read("app.py") == b"mine"


def test_a_source_distribution_of_pure_python_will_do(tmp_path):
    code = files(tmp_path / "code", app_dot_py="", requirements_dot_txt="docopt")
    pure = {"docopt.py": "", "docopt-1.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n"}
    uv = Installer("error: x\n  cause: Because docopt has no usable wheels and you require docopt.", pure)
    assert "docopt.py" in names(build(function(code), LAMBDA, report=quiet, run=uv))
    assert ["--no-build" in command for command in uv.commands] == [True, False]


def test_what_was_compiled_here_does_not_go_to_lambda(tmp_path):
    code = files(tmp_path / "code", app_dot_py="", requirements_dot_txt="fast")
    compiled = {"fast.so": "", "fast-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: cp311-cp311-linux_x86_64\n"}
    with pytest.raises(BuildError) as refused:
        build(function(code), LAMBDA, report=quiet, run=Installer(compiled))
    assert refused.value.message == snapshot(
        "Dependencies of resize have no wheel for Python 3.13 on x86_64-manylinux_2_34: fast-1.0."
    )
    assert build(function(code), SANDBOX, report=quiet, run=Installer(compiled)).size


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_failed_installation_leaves_nothing_to_be_taken_for_a_good_one(tmp_path):
    code = files(tmp_path / "code", app_dot_py="", requirements_dot_txt="x")
    uv = Installer("error: disk is full", {"x.py": ""})
    with pytest.raises(BuildError, match="disk is full"):
        build(function(code), SANDBOX, report=quiet, run=uv)
    assert names(build(function(code), SANDBOX, report=quiet, run=uv)) == ["app.py", "requirements.txt", "x.py"]


@pytest.mark.parametrize(
    ("said", "next_step"),
    [
        (
            "  cause: Because nope was not found in the package registry and you require nope.",
            "Correct the name or version",
        ),
        ("  cause: Because there is no version of x==9.", "Correct the name or version"),
        ("  cause: Because x==1 has no usable wheels.", "Choose a version that has a wheel for Python 3.13"),
        ("error: Request failed\n  cause: Failed to fetch: x\n  cause: Connection refused", "Check the network"),
        ("error: Couldn't parse requirement in `r.txt` at position 0\n  cause: Expected `;`", "Correct "),
    ],
)
def test_the_next_step_fits_what_uv_said(tmp_path, said, next_step):
    code = files(tmp_path / "code", app_dot_py="", requirements_dot_txt="x")
    with pytest.raises(BuildError) as refused:
        build(function(code), LAMBDA, report=quiet, run=Installer(said))
    assert refused.value.next_step.startswith(next_step)
    assert said.splitlines()[-1].strip().removeprefix("cause: ") in refused.value.message


def empty(folder):
    folder.mkdir()


def missing(_folder):
    pass


def a_file(folder):
    folder.write_text("")


def not_utf8(folder):
    files(folder, app_dot_py="")
    (folder / "requirements.txt").write_bytes(b"pillow # caf\xe9\n")


def a_pipe(folder):
    folder.mkdir()
    os.mkfifo(folder / "pipe")


def a_link_to_nothing(folder):
    folder.mkdir()
    (folder / "link").symlink_to(folder / "gone")


def a_link_out(folder):
    folder.mkdir()
    (folder / "link").symlink_to("/etc/hostname")


def a_link_back(folder):
    files(folder, app_dot_py="")
    (folder / "self").symlink_to(folder)


def a_name_in_latin_1(folder):
    folder.mkdir()
    (Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.py"))).touch()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (empty, snapshot("The folder of resize is empty: CODE.")),
        (missing, snapshot("The code of resize is missing: there is no CODE.")),
        (a_file, snapshot("The code of resize is neither a folder nor a .zip: CODE.")),
        (not_utf8, snapshot("CODE/requirements.txt is not UTF-8 text (byte 13).")),
        (a_pipe, snapshot("The code of resize holds something that is neither file nor folder: CODE/pipe.")),
        (a_link_to_nothing, snapshot("A link in the code of resize leads nowhere: CODE/link.")),
        (a_link_out, snapshot("A link in the code of resize leaves the project: CODE/link leads to /etc/hostname.")),
        (a_link_back, snapshot("A link in the code of resize leads back to a folder that it is in: CODE/self.")),
        (a_name_in_latin_1, snapshot("A file name in the code of resize is not UTF-8: b'caf\\\\udce9.py'.")),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_bad_code_is_refused_in_words(tmp_path, make, message):
    make(tmp_path / "code")
    with pytest.raises(BuildError) as refused:
        build(function(tmp_path / "code"), LAMBDA, report=quiet, run=Installer({}))
    assert refused.value.message.replace(str(tmp_path / "code"), "CODE") == message
    assert refused.value.function == "resize"
    assert refused.value.next_step


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    code = files(tmp_path / "code", app_dot_py="")
    # A regular file that refuses to be read, to everyone.
    (code / "memory").symlink_to("/proc/self/mem")
    with pytest.raises(BuildError, match=r"The code of resize cannot be read: .*/memory: "):
        build(function(code, project=Path("/")), LAMBDA, report=quiet)


def test_a_runtime_whose_code_must_be_compiled_wants_an_archive(tmp_path):
    code = files(tmp_path / "code", Main_dot_java="")
    with pytest.raises(BuildError, match=r"name the \.zip as `code`"):
        build(function(code, runtime="java21"), LAMBDA, report=quiet)


def test_a_cache_that_cannot_be_written_is_told(tmp_path, home):
    home.mkdir()
    (home / "cache").write_text("a file where a folder should be")
    with pytest.raises(BuildError, match="The archive of resize cannot be written"):
        build(function(files(tmp_path / "code", app_dot_py="")), LAMBDA, report=quiet)


def test_a_disk_that_is_full_is_told(tmp_path):
    code = files(tmp_path / "code", app_dot_py="", requirements_dot_txt="x")

    def full(_command):
        raise OSError(28, "No space left on device")

    with pytest.raises(BuildError, match="No space left on device"):
        build(function(code), LAMBDA, report=quiet, run=full)


def test_too_much_is_told_with_the_limit(tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    with (code / "big").open("wb") as file:
        file.truncate(archives.MAX_UNZIPPED_BYTES + 1)
    with pytest.raises(BuildError, match=r"more than 250 MB unzipped \(at least 262144001 bytes"):
        build(function(code), LAMBDA, report=quiet)


# --- Node.js ---------------------------------------------------------------------------------------------------------


def test_a_nodejs_function_without_dependencies_is_packed_as_it_is(tmp_path):
    code = files(tmp_path / "code", index_dot_mjs="", package_dot_json=json.dumps({"type": "module"}))
    built = build(function(code, runtime="nodejs22.x"), LAMBDA, report=quiet)
    assert names(built) == ["index.mjs", "package.json"]


def test_a_broken_package_json_is_told(tmp_path):
    code = files(tmp_path / "code", index_dot_mjs="", package_dot_json="{")
    with pytest.raises(BuildError, match=r"package\.json cannot be read"):
        build(function(code, runtime="nodejs22.x"), LAMBDA, report=quiet)

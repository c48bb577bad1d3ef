"""Archives depend on the files in them and on nothing else."""

import hashlib
import io
import os
import random
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigma_ls.build import archive
from sigma_ls.build.sources import Member

NAMES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="/\\\0", exclude_categories=["Cc", "Cs"]), min_size=1),
    unique=True,
    max_size=8,
)


def packed(members):
    file = io.BytesIO()
    archive.write(file, members, lambda member: hashlib.sha256(member.name.encode()).digest() * 3)
    return file.getvalue()


@given(names=NAMES, seed=st.integers(), executable=st.booleans())
def test_the_order_of_a_folder_does_not_matter(tmp_path_factory, names, seed, executable):
    nowhere = tmp_path_factory.getbasetemp()
    members = [Member(name, nowhere, executable) for name in names]
    shuffled = random.Random(seed).sample(members, len(members))
    assert packed(members) == packed(shuffled)
    assert sorted(zipfile.ZipFile(io.BytesIO(packed(members))).namelist()) == sorted(names)


def test_times_and_modes_are_fixed_except_whether_a_file_can_be_executed(tmp_path):
    content = io.BytesIO(
        packed([Member("run", tmp_path, executable=True), Member("app.py", tmp_path, executable=False)])
    )
    entries = zipfile.ZipFile(content).infolist()
    assert [(e.filename, e.date_time, stat.filemode(e.external_attr >> 16)) for e in entries] == [
        ("app.py", (1980, 1, 1, 0, 0, 0), "-rw-r--r--"),
        ("run", (1980, 1, 1, 0, 0, 0), "-rwxr-xr-x"),
    ]


def test_more_than_lambda_takes_is_refused_before_all_of_it_is_read(tmp_path):
    half = bytes(archive.MAX_UNZIPPED_BYTES // 2)
    read = []

    def content(member):
        read.append(member.name)
        return half

    members = [Member(name, tmp_path, executable=False) for name in "abcd"]
    with pytest.raises(archive.TooLargeError) as refused, Path(os.devnull).open("wb") as nowhere:
        archive.write(nowhere, members, content)
    assert (read, refused.value.size) == (["a", "b", "c"], archive.MAX_UNZIPPED_BYTES // 2 * 3)

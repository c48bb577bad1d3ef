"""Zip archives that depend on the files in them only: not on the clock, the machine or the order of a folder."""

import stat
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from sigma_ls.build.sources import Member

# "Deployment package (.zip file archive) size: 250 MB (unzipped), including layers": AWS Lambda developer guide,
# "Lambda quotas". The service counts 262144000 bytes.
MAX_UNZIPPED_BYTES = 262_144_000

# The earliest time that the format can tell.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_LEVEL = 6


class TooLargeError(Exception):
    """The files of an archive are larger than AWS Lambda allows; `size` in bytes, unzipped, as far as counted."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def write(file: IO[bytes], members: Iterable[Member], content: Callable[[Member], bytes]) -> None:
    """Write an archive of the members, in the order of their names.  Raises `TooLargeError` and `OSError`."""
    total = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for member in sorted(members, key=lambda member: member.name):
            entry = zipfile.ZipInfo(member.name, _TIME)
            entry.create_system = _UNIX
            # Lambda runs a function as another user: everyone may read, whatever the mode on this disk.
            entry.external_attr = (stat.S_IFREG | (0o755 if member.executable else 0o644)) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = content(member)
            total += len(data)
            if total > MAX_UNZIPPED_BYTES:
                raise TooLargeError(total)
            archive.writestr(entry, data)


def unzipped_size(path: Path) -> int:
    """The size of the files in an archive, in bytes.  Raises `zipfile.BadZipFile` and `OSError`."""
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())

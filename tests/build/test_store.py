"""The store is bounded, and spares what was used lately."""

import os

from sigma_ls.build import store

LONG_AGO = 1_000_000_000


def kept(name, size, used):
    found = store.keep(name, lambda file: file.write(name.encode().ljust(size)))
    os.utime(found.path, (used, used))
    return found.path


def test_what_was_not_used_for_longest_goes_first():
    older, newer = kept("older", 60, LONG_AGO), kept("newer", 60, LONG_AGO + 1)
    store.prune(limit=100)
    assert (older.exists(), newer.exists()) == (False, True)


def test_what_was_used_within_a_day_stays():
    found = store.keep("today", lambda file: file.write(b"x" * 60))
    store.prune(limit=0)
    assert found.path.exists()


def test_dependencies_count_and_go_as_a_whole(home):
    folder = store.dependencies("key", lambda place: (place / "module.py").write_bytes(b"x" * 60))
    os.utime(folder, (LONG_AGO, LONG_AGO))
    store.prune(limit=0)
    assert not folder.exists()


def test_using_an_archive_keeps_it():
    path = kept("used", 60, LONG_AGO)
    assert store.find("used").path == path
    store.prune(limit=0)
    assert path.exists()

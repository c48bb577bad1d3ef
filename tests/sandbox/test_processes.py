from sigma_ls.sandbox.overlay import processes

LISTING = """\
    1     0 /sbin/launchd
  100     1 python overlay --id feed --port 4566
  101   100 python _worker.py
  102   101 sleep 600
  200     1 python overlay --id beef
  201   200 python _worker.py
"""


def test_where_environments_cannot_be_read_a_family_is_what_descends_from_the_server():
    assert processes.descendants("feed", LISTING) == {100, 101, 102}
    assert processes.descendants("none", LISTING) == set()

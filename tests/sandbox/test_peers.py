import os
import socket
import sys

import pytest

from sigma_ls.sandbox.overlay import peers

# Two connections to port 4566 (11D6) of this machine, one by an IPv6 socket, one that was closed, and the server's ends.
LISTING = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:11D6 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 401690 1 0000000041305978
   1: 0100007F:C350 0100007F:11D6 01 00000000:00000000 00:00000000 00000000  1001        0 401700 1 000000002945622b
   2: 0100007F:11D6 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 401701 1 000000002945622b
   3: 0100007F:C352 0100007F:11D6 04 00000000:00000000 00:00000000 00000000     0        0 0 1 000000002945622b
   4: 0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:11D6 01 0:0 0:0 0  1002 0 40 1 0
"""
SERVER = ("127.0.0.1", 4566)


@pytest.mark.parametrize(
    ("port", "user"), [(50000, 1001), (50001, 1002), (50002, "gone"), (50003, "gone")], ids=["4", "6", "closed", "none"]
)
def test_the_owner_of_the_other_end_is_found(port, user):
    # The tables are in the byte order of the machine.
    listing = LISTING if sys.byteorder == "little" else LISTING.replace("0100007F", "7F000001")
    assert peers.listed(listing, ("127.0.0.1", port), SERVER) == user


@pytest.mark.parametrize(
    ("user", "welcome"),
    [(None, True), (0, True), (os.getuid(), True), (os.getuid() + 1, False), ("gone", False)],
)
def test_only_the_own_user_and_root_are_served(user, welcome):
    assert peers.is_welcome(user) is welcome


def test_an_own_connection_is_known_as_one():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        accepted, address = server.accept()
        assert peers.is_welcome(peers.owner(address, accepted.getsockname()))
        assert peers.owner(client.getsockname(), client.getpeername()) in (os.getuid(), None)
        accepted.close()

"""Who connects: only processes of the user who runs the sandbox, and of root, are served.

Functions run with the rights of that user, and requests need no secret; so another user of the machine must not be able
to deploy one.  Linux tells the owner of the other end of a connection on the loopback interface; where it cannot be had
(macOS), nobody is refused.
"""

import os
import socket
import sys
from pathlib import Path

# A connection to an IPv4 address is in the second one when its socket is of IPv6.
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_MAPPED = "0000000000000000FFFF0000"


def install():
    """Let the server close connections of others before it reads from them."""
    from hypercorn.asyncio import run

    class OwnTCPServer(run.TCPServer):
        async def run(self):
            connection = self.writer.get_extra_info("socket")
            # The other end's own address is the remote one here, and the other way round.
            if is_welcome(owner(connection.getpeername(), connection.getsockname())):
                return await super().run()
            sys.stderr.write("A connection of another user of this machine was refused.\n")
            return await self._close()

    run.TCPServer = OwnTCPServer


def is_welcome(user: "int | str | None") -> bool:
    """Whether that user (see `owner`) is served."""
    return user in (None, 0, os.getuid())


def owner(local: "tuple[str, int]", remote: "tuple[str, int]") -> "int | str | None":
    """The id of the user whose process has the socket between these addresses.

    `"gone"` when no process has it any more, None where the system does not tell.
    """
    found = None
    for table in _TABLES:
        # One after the other: the system takes some 5 ms to list one, on a machine with 24 GB of memory.
        if found in (None, "gone") and table.exists():
            found = listed(table.read_text(encoding="ascii"), local, remote)
    return found


def listed(listing: str, local: "tuple[str, int]", remote: "tuple[str, int]") -> "int | str":
    """The same, from the content of the tables; fields as in proc(5), `/proc/net/tcp`."""
    ends = _written(*local), _written(*remote)
    for line in listing.splitlines():
        fields = line.split()
        if len(fields) > 9 and (_plain(fields[1]), _plain(fields[2])) == ends:
            # Of a socket that was closed already it is said that root owned it.
            return int(fields[7]) if fields[9] != "0" else "gone"
    return "gone"


def _written(host: str, port: int) -> str:
    return f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}:{port:04X}"


def _plain(address: str) -> str:
    return address.removeprefix(_MAPPED)

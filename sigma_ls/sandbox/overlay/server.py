"""The life of the server process: it detaches itself, serves on a socket that it was given, and ends after being idle.

SIGTERM ends it at once: all its state is in memory and meant to be lost.
"""

import argparse
import asyncio
import os
import shutil
import sys
import time

from . import processes

# How soon to look again when something is going on at the moment.
_LOOK_AGAIN_SECONDS = 60.0


def main():
    """Read the options, print the id of the server process, and serve."""
    parser = argparse.ArgumentParser(prog="overlay", description=main.__doc__)
    parser.add_argument("--id", required=True, help="known to whoever may control it; also in its environment")
    parser.add_argument("--fd", required=True, type=int, help="the bound socket, inherited")
    parser.add_argument("--pace", required=True, choices=("real", "instant"))
    parser.add_argument("--idle", required=True, type=float, help="seconds without a request after which it ends")
    parser.add_argument("--temporary", required=True, help="its folder for temporary files, which goes with it")
    options = parser.parse_args()
    _detach()
    asyncio.run(_serve(options))
    # Functions may have started processes that do not know that it is over.
    processes.end(options.id)
    shutil.rmtree(options.temporary, ignore_errors=True)
    os._exit(0)  # ministack's threads would keep the process.


def _detach():
    """Go on in a child without a terminal; the parent prints the child's process id and ends."""
    child = os.fork()
    if child:
        os.write(1, f"{child}\n".encode())
        os._exit(0)
    os.setsid()
    # What is deployed here is the user's own.
    os.umask(0o077)
    os.dup2(2, 1)


async def _serve(options):
    # Here and not above: it takes a while, and the launching process need not wait for it.
    import ministack.services.cloudformation.handlers as ministack_handlers
    import ministack.services.cloudformation.stacks as ministack_stacks
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app
    from ministack.services.cloudformation import changesets

    from . import addresses, buckets, comparison, functions, nested, peers, recreation, requests, user_pools
    from .conditions import CONDITIONS
    from .deployment import deploy
    from .gate import Gate
    from .operations import OPERATIONS
    from .removal import remove_stack
    from .rollback import continue_rollback, roll_back_later

    for module in (ministack_stacks, ministack_handlers, changesets):
        module._deploy_stack_async = deploy
    for module in (ministack_stacks, ministack_handlers):
        module._delete_stack_async = remove_stack
        module._roll_back_operation = roll_back_later
        module._continue_update_rollback_async = continue_rollback
    recreation.install()
    comparison.install()
    requests.install()
    functions.install()
    addresses.install()
    buckets.install()
    nested.install()
    user_pools.install()
    peers.install()
    CONDITIONS.pace = options.pace

    gate = Gate(app, options.id, OPERATIONS)
    config = Config()
    config.bind = [f"fd://{options.fd}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    await serve(gate, config, shutdown_trigger=lambda: _idle(gate, options.idle))


async def _idle(gate, limit):
    """Return after `limit` seconds without a request."""
    while True:
        idle = gate.idle_seconds()
        if idle is not None and idle >= limit:
            break
        await asyncio.sleep(min(limit, _LOOK_AGAIN_SECONDS) if idle is None else limit - idle)
    sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} Ended: no request for {limit:.0f} seconds.\n")

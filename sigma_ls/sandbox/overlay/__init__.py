"""What the sandbox's own server process runs: an emulator of AWS, made slower and stricter, closer to AWS.

Executed by the sandbox's interpreter, not by ours (`python …/overlay`), so it imports the standard library, ministack
and what ministack brings; nothing else of sigma-ls.  Only `processes` is also imported by the rest of the sandbox.

ministack is pinned exactly (`emulator.lock`), because everything here holds on to its private names.
"""

"""For all tests: none reaches the network beyond loopback."""

import os

# What the examples need has been fetched into uv's cache (tools/make/packages.py); a test with packages of its own names
# an index of its own on this machine.
os.environ["UV_OFFLINE"] = "1"

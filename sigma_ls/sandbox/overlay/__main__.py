"""`python …/sandbox/overlay OPTIONS`: the sandbox's server process.  See `server.main`."""

import sys
from pathlib import Path

# The folder that holds this package, instead of the package's own; it goes again, so that it shadows nothing.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
from overlay.server import main  # noqa: E402

del sys.path[0]
main()

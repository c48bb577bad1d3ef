"""Starts the language server that comes with the extension: `python -I -S start.py`, on Python 3.11 or newer.

Nothing is on the path but Python's own library and what lies beside this file, so that no package of the user's can
take the place of one of ours.  Older Pythons must be able to read this file, to say that they are too old.
"""

import os
import sys

if sys.version_info < (3, 11):
    sys.stderr.write("sigma-ls needs Python 3.11 or newer, and this is %s.\n" % sys.version.split()[0])
    sys.exit(2)

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "libs"))
os.environ["SIGMA_BUNDLED_PIP"] = os.path.join(here, "pip", "pip")

from sigma_ls.__main__ import main

sys.exit(main())

"""Function code into archives that can be deployed: reproducible, kept by the hash of their content."""

from sigma_ls.build.functions import build, lacks_tools, source_hash
from sigma_ls.build.model import BuildError, Built, FunctionSource, Target
from sigma_ls.build.tools import TOOLS

__all__ = ["TOOLS", "BuildError", "Built", "FunctionSource", "Target", "build", "lacks_tools", "source_hash"]

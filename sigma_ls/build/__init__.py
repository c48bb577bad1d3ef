"""Function code into archives that can be deployed: reproducible, kept by the hash of their content."""

from sigma_ls.build.functions import build, source_hash
from sigma_ls.build.model import BuildError, Built, FunctionSource, Target

__all__ = ["BuildError", "Built", "FunctionSource", "Target", "build", "source_hash"]

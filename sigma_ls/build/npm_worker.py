"""aws-lambda-builders in a process of its own: the paths of one build in, nothing out, or why it failed.

Run as a script, not imported: it knows nothing of this package, since it may run in an environment without it.
In: one argument, a JSON object with the arguments of `LambdaBuilder.build`.  Where the build fails, the exit status is
1 and the reason on standard error.
"""

import json
import sys

from aws_lambda_builders.builder import LambdaBuilder
from aws_lambda_builders.exceptions import LambdaBuilderError


def main() -> int:
    """Build as the argument says."""
    try:
        LambdaBuilder("nodejs", "npm", None).build(**json.loads(sys.argv[1]))
    except LambdaBuilderError as error:
        sys.stderr.write(str(error).strip())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

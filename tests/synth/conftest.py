from tests.support.sandbox import sandbox, shared_sandbox

__all__ = ["sandbox", "shared_sandbox"]

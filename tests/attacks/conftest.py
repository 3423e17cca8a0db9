from tests.invariants.conftest import deck

__all__ = ["deck"]

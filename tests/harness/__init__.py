"""Real servers for tests: a Kubernetes control plane and Redis, private to one test process and gone with it.

Nothing here imports the product: what a test reads back was not written or parsed by the code under test.
"""

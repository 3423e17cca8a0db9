"""What the commands that only answer share: how a workload stands, an operation in full."""

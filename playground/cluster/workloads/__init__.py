"""What the workload controllers decide, as pure functions over objects: how many pods, which revision, what the status says."""

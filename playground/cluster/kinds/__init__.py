"""One file per kind: what it is called, how it is printed, what it fills in and refuses. Discovered, not registered."""

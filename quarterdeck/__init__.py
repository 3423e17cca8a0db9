"""The command line: thin, and the one place that builds real things and hands them in."""

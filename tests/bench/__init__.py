"""Benchmarks: side by side in one run, read as ratios. Nothing here asserts a time; ``make bench`` prints one table."""

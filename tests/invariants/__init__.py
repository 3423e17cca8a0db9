"""The invariants of the design: a test for each clause, and a named fault that has to turn it red."""

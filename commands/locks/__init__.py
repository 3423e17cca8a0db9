"""Locks, a person's "hands off" on a target: what one is, and every way in which one moves."""

"""Pure functions from an object and a patch to the patched object: JSON, merge, strategic merge, server-side apply."""

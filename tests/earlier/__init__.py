"""Records as earlier versions have written them: ``<version>.json``, made by ``record.py`` run in that version's sources."""

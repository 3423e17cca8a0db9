"""One module a command: a docstring, its pure function, and its declaration in ``COMMAND``. Discovered by ``commands.registry``.

Packages in here (``drafting``, ``reporting``) hold what commands share.
"""

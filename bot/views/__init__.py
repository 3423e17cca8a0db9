"""Records to Slack blocks. No I/O happens here, and no clock is read: who asks passes ``now``.

Convention: a ``str`` that enters a block has been through ``text`` (``escape``, ``ours``, ``code`` or ``fence``) exactly once.
"""

"""The Web API's methods, one module per family. Importing this package registers them all."""

from playground.workspace.methods import (  # noqa: F401
    apps,
    chat,
    conversations,
    files,
    reactions,
    reading_conversations,
    usergroups,
    users,
    views,
)

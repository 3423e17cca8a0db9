"""The workspace as a person sees it: a page that looks and feels like a channel, and the cluster beside it.

The server renders everything (``blocks`` to HTML in pure functions, rooms of the page in ``templates``) and pushes the
fragments that changed; the browser's script puts them in place and sends what the person does. No build step.
"""

from playground.page.page import Page

__all__ = ["Page"]

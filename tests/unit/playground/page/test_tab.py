"""What is sent to a browser tab: the changes, and at first all of it."""

from playground.page.tab import Picture, Tab

EMPTY = Picture({}, {"messages": {}})


def test_that_nothing_has_been_said_is_sent_too() -> None:
    """A browser that comes back to another demo still shows what was said in the one before."""
    tab = Tab("U0DANA", "C0DEPLOYS")
    assert tab.changes(EMPTY) == {"regions": {}, "lists": {"messages": {"order": [], "html": {}}}}
    assert tab.changes(EMPTY) is None


def test_only_changes_are_sent_and_the_order_whenever_it_changes() -> None:
    tab = Tab("U0DANA", "C0DEPLOYS")
    tab.changes(Picture({"you": "dana"}, {"messages": {"1": "one"}}))
    sent = tab.changes(Picture({"you": "dana"}, {"messages": {"2": "two", "1": "one"}}))
    assert sent == {"regions": {}, "lists": {"messages": {"order": ["2", "1"], "html": {"2": "two"}}}}

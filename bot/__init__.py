"""The Slack side: hears what people say (listeners), shows what is (views), and keeps Slack up to date (publisher).

Holds the Slack tokens and no cluster credentials. Imports ``commands`` only; it meets ``workers`` in Redis and nowhere else.
"""

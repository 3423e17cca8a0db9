"""The domain: what can be said, by whom, and what it means.

No Slack and no Kubernetes client is imported here. Decisions (grammar, plans, policy, transitions) are
pure functions over frozen values; the only effects are in ``store`` (Redis) and ``queue`` (RQ).
"""

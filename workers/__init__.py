"""The cluster side: plans are sealed here, carried out, watched to their end, and diagnosed.

Holds the clusters' credentials and no Slack token. Imports ``commands``; never ``bot``. Only ``workers.cluster`` imports
the kubernetes client.
"""

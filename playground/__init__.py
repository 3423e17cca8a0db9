"""The other ends of the wires, played on this machine: a Slack workspace, a cluster.

Shares no code with the product (bot, commands, workers, quarterdeck), so that a shared mistake cannot hide.
"""

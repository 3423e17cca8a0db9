"""Where a pod may run, decided as the default scheduler does: filters in its order, with its words, then a choice.

Not played: preemption by priority, resource claims, limits of volumes per node.
"""

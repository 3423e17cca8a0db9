"""The configuration file ``quarterdeck.yaml``: typed, frozen, and checked whole. Pydantic is used here and nowhere else.

One file per kind of rule (clusters, environments, approvals, limits, patience, roles, permissions, freezes, slack), and ``root`` that joins them;
``load`` reads the file and tells every problem with its line. Nothing that the file names is opened.
"""

from commands.config.approvals import Approvals
from commands.config.break_glass import BreakGlass
from commands.config.cases import Case
from commands.config.clusters import Cluster
from commands.config.environments import Environment
from commands.config.freezes import Dates, Freeze, Weekly
from commands.config.limits import Limits
from commands.config.loading import case_of, load, load_cases
from commands.config.patience import Patience
from commands.config.permissions import Permission
from commands.config.roles import Role
from commands.config.root import Config
from commands.config.rules import Rules
from commands.config.slack import Slack

__all__ = [
    "Approvals", "BreakGlass", "Case", "Cluster", "Config", "Dates", "Environment", "Freeze", "Limits", "Patience", "Permission", "Role", "Rules", "Slack", "Weekly", "case_of", "load", "load_cases",
]  # fmt: skip

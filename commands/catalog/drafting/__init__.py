"""What the commands that change something share: making a Draft, and what they warn of or refuse."""

from commands.catalog.drafting.bounds import draft_bounds
from commands.catalog.drafting.draft import draft_of
from commands.catalog.drafting.suitability import nothing_to_change, refuse_paused, rollout_risks

__all__ = ["draft_bounds", "draft_of", "nothing_to_change", "refuse_paused", "rollout_risks"]

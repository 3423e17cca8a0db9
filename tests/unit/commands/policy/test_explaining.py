"""An explanation in one word: allowed, needing a yes, refused as things stand, or refused to this person whenever they ask."""

from __future__ import annotations

import pytest

from commands.demand import Need
from commands.policy.explaining import Explanation

ALLOWED = "permissions, the rule at line 12, as sre"


@pytest.mark.parametrize(
    ("explanation", "outcome", "forbidden"),
    [
        (Explanation(ALLOWED), "allowed", False),
        (Explanation(ALLOWED, needs=(Need(1, ("sre",), ()),)), "needs approval", False),
        (Explanation(ALLOWED, refused=("prod is frozen.",)), "refused", False),
        (Explanation(refused=("`deploy` in prod needs the role sre, which you do not hold.",)), "refused", True),
        (Explanation(depends=("Who asked for it may cancel it.",)), "allowed", False),
    ],
    ids=["allowed", "a yes", "a moment", "a person", "no rule is about it"],
)
def test_a_person_is_forbidden_only_what_is_refused_and_no_rule_permits(
    explanation: Explanation, outcome: str, forbidden: bool
) -> None:
    assert (explanation.outcome, explanation.forbidden) == (outcome, forbidden)

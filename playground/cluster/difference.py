"""What differs between two versions of a spec, as the API server appends it to "may not change"; it shows Go fields, this JSON."""

from __future__ import annotations

import difflib
import json
from typing import Any

Json = dict[str, Any]


def difference(before: Json, after: Json) -> str:
    old, new = (json.dumps(spec, indent=1, sort_keys=True).splitlines(keepends=True) for spec in (before, after))
    return "".join(list(difflib.unified_diff(old, new))[2:])

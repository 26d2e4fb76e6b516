"""How far this machine's clock is from GitHub's."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_PATIENCE = 10  # seconds


def ahead_of(api_url: str) -> float | None:
    """Seconds by which we are ahead (negative: behind); None without an answer. Sends no credentials: any answer has a date."""
    request = urllib.request.Request(f"{api_url}/", method="HEAD", headers={"User-Agent": "rounds"})  # noqa: S310  # checked
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310  # settings allow http and https only
            date = answer.headers["Date"]
    except urllib.error.HTTPError as refusal:
        date = refusal.headers["Date"]
        refusal.close()
    except OSError:
        return None
    if not date:
        return None
    return (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()

"""How many files this process may have open: each connection is one."""

from __future__ import annotations

import resource

MOST = 16_384
"""Each silent connection takes 8 kB, and all of them may not take more than there is."""


def raise_limit() -> None:
    """As many as the system allows; our children are put back to the usual (`generation.bound`)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))

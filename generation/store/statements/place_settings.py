"""The table of what holds in a server or a group."""

from __future__ import annotations

ONE = "SELECT settings FROM place_settings WHERE place = :place"

# Two who change different things at once both have their way; what is null is taken out.
CHANGE = """
INSERT INTO place_settings (place, settings) VALUES (:place, json_patch('{}', :changes))
ON CONFLICT (place) DO UPDATE SET settings = json_patch(settings, :changes)
"""

RESET = "DELETE FROM place_settings WHERE place = :place"

MOVE = "UPDATE OR REPLACE place_settings SET place = :to WHERE place = :place"

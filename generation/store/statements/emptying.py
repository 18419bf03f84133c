"""Emptying rows of the table of jobs: what a job was about goes, that there was one stays."""

from __future__ import annotations

from generation.store.statements.jobs import OF_USER

# Sizes and lengths stay: the estimates are learned from them, and they tell of nobody.
EMPTY = """
    request = json_set(iif(json_valid(request), request, '{}'),
        '$.prompt', '', '$.negative_prompt', '', '$.image', '', '$.seed', 0,
        '$.notes', json('[]'), '$.end_image', NULL, '$.keyframes', json('[]'), '$.extends', NULL,
        '$.upscales', NULL),
    notes = '[]', clip = NULL, file = NULL, error_message = NULL,
    error_reason = NULL, error_facts = '{}', address = NULL, message = NULL,
    request_digest = NULL, delivery = 'none', favorite = 0, deleted_at = :now
"""
ENDED = "status NOT IN ('queued', 'running') AND deleted_at IS NULL"

EMPTIED = "id, platform, user, request, kind"

NAMED = "(SELECT value FROM json_each(:ids))"

ENDED_NAMED = f"SELECT {EMPTIED} FROM jobs WHERE id IN {NAMED} AND {ENDED}"

EMPTY_NAMED = f"UPDATE jobs SET {EMPTY} WHERE id IN {NAMED} AND {ENDED}"

EMPTY_SOME = f"""
UPDATE jobs SET {EMPTY} WHERE seq IN (
    SELECT seq FROM jobs WHERE created_at < :before AND {ENDED} LIMIT 500)
RETURNING {EMPTIED}
"""
"""So few at a time that nobody waits noticeably for it."""

ENDED_OF_USER = f"SELECT {EMPTIED} FROM jobs WHERE {OF_USER} AND {ENDED}"

EMPTY_OF_USER = f"UPDATE jobs SET {EMPTY} WHERE {OF_USER} AND {ENDED}"

RENAME_USER = f"""
UPDATE jobs SET user = :pseudonym, request_key = NULL
WHERE {OF_USER} AND status NOT IN ('queued', 'running')
"""

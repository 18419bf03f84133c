"""The table of what came from a chat: a row with its content, then its number alone."""

from __future__ import annotations

PUT = """
INSERT INTO inbox (bot, number, platform, user, content, received_at)
SELECT :bot, json_extract(value, '$.number'), :platform, json_extract(value, '$.user'),
       json_extract(value, '$.content'), :now
FROM json_each(:updates) WHERE true
ON CONFLICT (bot, number) DO NOTHING
RETURNING number
"""

WAITING = """
SELECT number, content, answers, tries FROM inbox
WHERE bot = :bot AND content IS NOT NULL ORDER BY number
"""

TRIED = """
UPDATE inbox SET tries = max(tries + :change, 0)
WHERE bot = :bot AND number IN (SELECT value FROM json_each(:numbers)) AND content IS NOT NULL
"""

_EMPTY = "UPDATE inbox SET content = NULL, user = NULL, answers = NULL"

DONE = f"""
{_EMPTY} WHERE bot = :bot AND number IN (SELECT value FROM json_each(:numbers))
"""

ANSWERED = """
UPDATE inbox SET answers = :answers
WHERE bot = :bot AND number = :number AND content IS NOT NULL
"""

FORGET = f"{_EMPTY} WHERE platform = :platform AND user = :user"

# What takes them back stands, so that it is taken up again where it was cut off.
TAKE_BACK = f"""
{FORGET} AND (:origin_bot IS NULL OR (bot, number) <> (:origin_bot, :origin_number))
"""

# Whether it has been neither dealt with nor forgotten.
STANDS = """
SELECT 1 FROM inbox
WHERE bot = :origin_bot AND number = :origin_number AND content IS NOT NULL
"""

# What waits longer belongs to a bot that is no longer used.
THIN = """
DELETE FROM inbox
WHERE received_at < :before AND content IS NULL OR received_at < :given_up
"""

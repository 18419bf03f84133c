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

# An update that ends the program is not taken up at every start.
BEGIN = """
UPDATE inbox SET tries = tries + 1 WHERE bot = :bot AND content IS NOT NULL
RETURNING number, content, answers, tries
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

# What waits longer belongs to a bot that is no longer used.
THIN = """
DELETE FROM inbox
WHERE received_at < :before AND content IS NULL OR received_at < :given_up
"""

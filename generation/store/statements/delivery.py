"""SQL of outcomes that are still to be told, and of what their platforms said of them."""

_TO_DELIVER = "WHERE id = :id AND delivery = 'pending' RETURNING id"

ATTACH = f"UPDATE jobs SET message = :message {_TO_DELIVER}"

ADOPT = f"UPDATE jobs SET message = :message, address = :address {_TO_DELIVER}"

ANNOUNCE = "UPDATE jobs SET announced = 1 WHERE id = :id AND NOT announced RETURNING id"

ANNOUNCE_LATER = "UPDATE jobs SET announced = 0 WHERE id = :id AND message IS NULL RETURNING id"

DELIVERED = f"UPDATE jobs SET delivery = 'delivered' {_TO_DELIVER}"

UNDELIVERABLE = f"UPDATE jobs SET delivery = 'undeliverable' {_TO_DELIVER}"

POSTPONE = f"""
UPDATE jobs SET delivery_tries = delivery_tries + 1, next_try_at = :now + :seconds,
    delivery = CASE WHEN finished_at < :now - :give_up AND delivery_tries + 1 >= :tries
               THEN 'undeliverable' ELSE 'pending' END
{_TO_DELIVER}
"""

KEEP_FILE = "UPDATE jobs SET file = :file WHERE id = :id AND deleted_at IS NULL RETURNING id"

READDRESS = "UPDATE jobs SET address = :address WHERE id = :id AND address IS NOT NULL RETURNING id"

# "+" keeps the planner from going through the whole table in the order that it wants.
_PENDING = """
SELECT * FROM jobs
WHERE delivery = 'pending' AND platform IN (SELECT value FROM json_each(:platforms))
    AND (next_try_at <= :now OR next_try_at > :now + :longest) {which}
ORDER BY +seq
"""

PENDING = _PENDING.format(which="")

ENDED_PENDING = _PENDING.format(which="AND finished_at > 0")

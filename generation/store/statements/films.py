"""SQL of films: which jobs are whose scenes, and how a film follows from them."""

from __future__ import annotations

from generation.store.statements import emptying, jobs

PUT_SCENE = f"{jobs.INSERT} RETURNING id, turn, seq"

TIE = "INSERT INTO film_scenes (film, place, job) VALUES (:film, :place, :job)"

_SCENES = "film_scenes JOIN jobs AS scene ON scene.id = film_scenes.job"
_ANY = f"EXISTS (SELECT 1 FROM {_SCENES} WHERE film_scenes.film = jobs.id AND"
_ALL_ENDED = f"NOT {_ANY} scene.status IN ('queued', 'running'))"
_ONE_MADE = f"{_ANY} scene.status = 'succeeded' AND scene.clip IS NOT NULL)"

READY = f"""
SELECT 1 FROM jobs WHERE status = 'queued' AND kind = 'film' AND {_ALL_ENDED} LIMIT 1
"""

# All of its scenes have ended and there is one to show: it is joined now.
CLAIM = f"""
UPDATE jobs SET status = 'running', attempt = attempt + 1, started_at = :now
WHERE seq = (
    SELECT seq FROM jobs
    WHERE status = 'queued' AND kind = 'film' AND {_ALL_ENDED} AND {_ONE_MADE}
    ORDER BY seq LIMIT 1)
  AND (SELECT mode FROM queue_state) <> 'paused'
RETURNING *
"""


def _first_failed(column: str) -> str:
    return (
        f"(SELECT scene.{column} FROM {_SCENES}"
        " WHERE film_scenes.film = jobs.id AND scene.status = 'failed'"
        " ORDER BY film_scenes.place LIMIT 1)"
    )


# All have ended and there is nothing to show: it failed for the reason of the first that did, or
# is cancelled where none did.
FAIL = f"""
UPDATE jobs SET finished_at = :now,
    status = iif({_ANY} scene.status = 'failed'), 'failed', 'cancelled'),
    error_code = {_first_failed("error_code")},
    error_reason = {_first_failed("error_reason")},
    error_facts = coalesce({_first_failed("error_facts")}, '{{}}')
WHERE status = 'queued' AND kind = 'film' AND {_ALL_ENDED} AND NOT {_ONE_MADE}
RETURNING id
"""

SCENES = f"SELECT scene.* FROM {_SCENES} WHERE film_scenes.film = :film ORDER BY film_scenes.place"

# Those before it in the film that it belongs to, the nearest first.
BEFORE = """
SELECT scene.* FROM film_scenes AS mine
JOIN film_scenes ON film_scenes.film = mine.film AND film_scenes.place < mine.place
JOIN jobs AS scene ON scene.id = film_scenes.job
WHERE mine.job = :job AND mine.film = (
    SELECT film FROM film_scenes JOIN jobs AS film ON film.id = film_scenes.film
    WHERE film_scenes.job = :job ORDER BY film.seq LIMIT 1)
ORDER BY film_scenes.place DESC
"""

UNENDED = f"""
SELECT film.id AS film, scene.id AS scene, scene.cost AS cost,
       scene.status IN ('queued', 'running') AS open, scene.seq < film.seq AS earlier
FROM jobs AS film CROSS JOIN {_SCENES}
WHERE film.kind = 'film' AND film.status IN ('queued', 'running') AND film_scenes.film = film.id
ORDER BY film.seq, film_scenes.place
"""

# Clips that a film is still to be joined from.
NEEDED_CLIPS = f"""
SELECT DISTINCT scene.id AS job FROM jobs AS film CROSS JOIN {_SCENES}
WHERE film.kind = 'film' AND film.status IN ('queued', 'running') AND film_scenes.film = film.id
"""

# Scenes go with the last film that shows them.
_ALONE = f"""
IN (SELECT mine.job FROM film_scenes AS mine WHERE mine.film IN {emptying.NAMED} AND NOT EXISTS (
    SELECT 1 FROM film_scenes AS other JOIN jobs AS film ON film.id = other.film
    WHERE other.job = mine.job AND other.film NOT IN {emptying.NAMED} AND film.deleted_at IS NULL))
"""

OF_ALONE = f"SELECT {emptying.EMPTIED} FROM jobs WHERE id {_ALONE} AND {emptying.ENDED}"

EMPTY_ALONE = f"UPDATE jobs SET {emptying.EMPTY} WHERE id {_ALONE} AND {emptying.ENDED}"

FORGET = """
DELETE FROM film_scenes
WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE id = film AND deleted_at IS NULL)
"""

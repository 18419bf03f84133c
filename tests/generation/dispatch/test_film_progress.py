"""How far a film is, told from what happens to its scenes."""

from __future__ import annotations

from generation.dispatch.estimate import Estimator
from generation.dispatch.film_progress import FilmProgress
from generation.events import Cancelled, Finished, PhaseName, Running
from generation.store.films import SceneState


def test_no_time_is_promised_while_the_next_scene_waits_for_its_turn() -> None:
    estimator = Estimator()
    estimator.learn(1.0, 10.0)
    progress = FilmProgress(estimator)
    progress.begin("film", [SceneState(one, 1.0, open=True, earlier=False) for one in "ab"])
    _, making = progress.follow("a", Running(PhaseName.STEP, 1, 2, 5.0)) or ("", None)
    assert making is not None
    assert making.eta_seconds == 15.0
    _, waiting = progress.follow("a", Finished(Cancelled())) or ("", None)
    assert waiting is not None
    assert (waiting.scene, waiting.eta_seconds) == (2, None)

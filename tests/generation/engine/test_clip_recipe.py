"""What a clip tells of its making: what was chosen, and what it was made of."""

from __future__ import annotations

from dataclasses import replace

from generation.engine.clip_recipe import recipe_of
from generation.jobs import AnimationRequest, Keyframe
from generation.lineage import places_in
from generation.media.recipe import Recipe
from generation.notes import Note
from generation.pipelines.camera.capabilities import CAPABILITIES

PLAIN = AnimationRequest("a boat", "first.png", 96, 64, 17, 24, seed=1)


def test_a_recipe_tells_what_was_chosen_and_nothing_else() -> None:
    plain = recipe_of(PLAIN, CAPABILITIES, "a boat on a lake")
    assert (plain.effective_prompt, dict(plain.options)) == ("a boat on a lake", {})
    chosen = replace(PLAIN, strength=0.0, loop=True, num_inference_steps=7)
    assert recipe_of(chosen, CAPABILITIES, "").options == {
        "strength": 0.0,
        "loop": True,
        "num_inference_steps": 7,
    }


def test_a_recipe_tells_which_pictures_and_clips_there_were_beside_the_first() -> None:
    request = replace(
        PLAIN,
        end_image="end.png",
        keyframes=(Keyframe(6, "a.png"), Keyframe(12, "b.png")),
        extends="before.mp4",
        upscales="small.mp4",
    )
    recipe = recipe_of(request, CAPABILITIES, "", {"picture_crf": 29})
    assert Recipe.from_json(recipe.to_json()).options == {
        "end_picture": True,
        "keyframes": "0.25, 0.50",
        "lineage": "upscaled",
        "picture_crf": 29,
    }
    assert ".png" not in recipe.to_json()  # names of the workspace are nobody's


def test_a_recipe_tells_which_one_of_several_it_is_and_that_it_was_a_draft() -> None:
    notes = (Note("variation", number=2, count=4), Note("scene", number=1, count=3))
    request = replace(PLAIN, notes=notes, remixed_from="video_draft", in_full=True)
    options = recipe_of(request, CAPABILITIES, "").options
    assert options == {"lineage": "full", "variation": "2 of 4", "scene": "1 of 3"}
    assert tuple(places_in(options)) == notes
    assert places_in({"variation": "9999 of it", "scene": True}) == []

"""The official client of Node drives every call about videos that it has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.platforms.web.node import run_in_node
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

SCRIPT = """
import fs from "node:fs";
import OpenAI from "openai";

const [, , base, picture] = process.argv;
const client = new OpenAI({ baseURL: base + "/v1", apiKey: "any", maxRetries: 0 });
const videos = client.videos;
const told = {};
const refusal = async (promise) => {
  try { await promise; return "no refusal"; } catch (error) { return [error.status, error.param]; }
};
const ended = async (video) => {
  while (video.status === "queued" || video.status === "in_progress") {
    await new Promise((resolve) => setTimeout(resolve, 50));
    video = await videos.retrieve(video.id);
  }
  return video;
};
const short = { seconds: "0.4", size: "64x64" };
const source = () => fs.createReadStream(picture);
const asked = { prompt: "zoom in", input_reference: source(), ...short };
const first = await ended(await videos.create(asked));
told.create = first.status;
told.retrieve = (await videos.retrieve(first.id)).id === first.id;
const clip = await (await videos.downloadContent(first.id)).arrayBuffer();
told.downloadContent = Buffer.from(clip).subarray(4, 8).toString();
const sheet = await videos.downloadContent(first.id, { variant: "spritesheet" });
told.variant = sheet.headers.get("content-type");
const remixed = await videos.remix(first.id, { prompt: "tilt up" });
told.remix = remixed.remixed_from_video_id === first.id;
told.edit = (await videos.edit({ prompt: "tilt up", video: { id: first.id } })).object;
told.extend = (await videos.extend({ prompt: "on", seconds: "4", video: { id: first.id } })).object;
told.createCharacter = await refusal(videos.createCharacter({ name: "Ann", video: source() }));
told.getCharacter = await refusal(videos.getCharacter("char_1"));
told.list = (await videos.list({ limit: 1 })).data.length;
told.models = (await client.models.retrieve("sora-2")).object;
told.delete = (await videos.delete(first.id)).deleted;
told.gone = await refusal(videos.retrieve(first.id));
const calls = Object.getOwnPropertyNames(Object.getPrototypeOf(videos));
told.calls = calls.filter((name) => name !== "constructor").sort();
console.log(JSON.stringify(told));
"""


def test_node_s_client_drives_every_call_that_it_has(server: Program, photograph: Path) -> None:
    told = json.loads(run_in_node(SCRIPT, server.url, str(photograph.absolute())))
    calls = told.pop("calls")
    assert set(calls) <= told.keys(), "a newer client has a call that nothing here drives"
    assert told == {
        "create": "completed",
        "retrieve": True,
        "downloadContent": "ftyp",
        "variant": "image/jpeg",
        "remix": True,
        "edit": "video",
        "extend": "video",
        "createCharacter": [404, None],
        "getCharacter": [404, None],
        "list": 1,
        "models": "model",
        "delete": True,
        "gone": [404, "video_id"],
    }

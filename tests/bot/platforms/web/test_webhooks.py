"""A webhook tells of the end, signed: once where it is heard, again and again where it is not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from bot.language.catalogue import load_texts
from bot.platforms.web.webhook_post import posting
from bot.platforms.web.webhook_sender import LATEST, WebhookSender, shown_in
from bot.platforms.web.webhooks import Webhooks
from generation.jobs import Delivery
from generation.store.database import Unwritable
from generation.store.delivery import Deliveries
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, Clock, House, house, wish
from tests.fakes.program.process import Program
from tests.fakes.webhooks.receiver import Receiver, receiving

pytestmark = pytest.mark.slow

SECRET = b"the data folder's"
DAY = 86400.0


HERE = Webhooks(["127.0.0.1", "localhost"], SECRET)


def sender(
    home: House, webhooks: Webhooks = HERE, deliveries: Deliveries | None = None
) -> WebhookSender:
    return WebhookSender(
        webhooks,
        home.service,
        deliveries or home.deliveries,
        shown_in(load_texts().of("en"), keep_clips=60.0),
        partial(posting, webhooks.reach, patience=0.3),
        clock=home.clock,
        pause=0.005,
    )


@asynccontextmanager
async def telling(
    home: House, webhooks: Webhooks = HERE, deliveries: Deliveries | None = None
) -> AsyncGenerator[None]:
    task = asyncio.create_task(sender(home, webhooks, deliveries).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def asked(home: House, url: str) -> str:
    address = HERE.address(url)
    return (await home.service.submit(wish(), ANN, address=address)).job_id


async def made(home: House, engine: SteppedEngine, url: str) -> str:
    job_id = await asked(home, url)
    engine.finish(await engine.begun.get())
    async for _ in home.service.watch(job_id):
        pass
    return job_id


# ruff: noqa: ASYNC110 (rows are looked at until they say so: nothing signals a delivery)


async def until(home: House, job_id: str, delivery: Delivery) -> None:
    async with asyncio.timeout(30):
        while (await home.service.view(job_id)).job.delivery is not delivery:
            await asyncio.sleep(0.005)


async def heard(receiver: Receiver, times: int) -> None:
    async with asyncio.timeout(30):
        while len(receiver.heard) < times:
            await asyncio.sleep(0.005)


async def test_the_end_is_told_once_and_the_official_client_believes_it(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with (
        receiving() as receiver,
        house(tmp_path, engine) as home,
        home.at_work(),
        telling(home),
    ):
        job_id = await made(home, engine, receiver.url)
        await until(home, job_id, Delivery.DELIVERED)
        [(headers, body)] = receiver.heard
    told: dict[str, Any] = json.loads(body)
    assert (told["type"], told["data"]["id"]) == ("video.completed", job_id)
    assert told["data"]["status"] == "completed"
    signature = {name.lower(): value for name, value in headers.items()}
    assert signature["webhook-id"] == told["id"]
    key = HERE.secret_of(ANN)
    with openai.OpenAI(api_key="any", webhook_secret=key) as client:
        late = {"webhook-timestamp": "0"}
        client.webhooks.verify_signature(body, signature, tolerance=10**9)
        for spoilt in (body + b" ", body):
            wrong = signature if spoilt != body else signature | late
            with pytest.raises(openai.InvalidWebhookSignatureError):
                client.webhooks.verify_signature(spoilt, wrong, tolerance=10**9)
    assert key != HERE.secret_of(BEN)


async def test_a_job_that_is_cancelled_is_told_as_failed(tmp_path: Path) -> None:
    async with receiving() as receiver, house(tmp_path, SteppedEngine()) as home, telling(home):
        job_id = await asked(home, receiver.url)
        await home.service.cancel(job_id)
        await until(home, job_id, Delivery.DELIVERED)
    told = json.loads(receiver.heard[0][1])
    assert (told["type"], told["data"]["error"]["code"]) == ("video.failed", "cancelled")


async def test_who_fails_redirects_or_dawdles_is_told_again_later_and_later(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with receiving() as receiver, house(tmp_path, engine) as home, home.at_work():
        receiver.answers_with(500)
        receiver.answers_with(302, Location="http://127.0.0.1/elsewhere")
        receiver.dawdles()
        async with telling(home):
            job_id = await made(home, engine, receiver.url)
            for times, wait in ((1, 5), (2, 5), (3, 10)):
                await heard(receiver, times)
                await until_postponed(home, job_id, wait)
                home.clock.pass_(wait)
            await until(home, job_id, Delivery.DELIVERED)
    assert len(receiver.heard) == 4
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1


async def until_postponed(home: House, job_id: str, wait: float) -> None:
    """Until it is due in so many seconds."""
    async with asyncio.timeout(30):
        while True:
            [row] = await home.database.rows(
                "SELECT next_try_at FROM jobs WHERE id = :id", {"id": job_id}
            )
            if row["next_try_at"] == home.clock() + wait:
                return
            await asyncio.sleep(0.005)


class FullDisk(Deliveries):
    """Nothing can be written down the first few times."""

    full = 5

    async def delivered(self, job_id: str) -> bool:
        if self.full:
            self.full -= 1
            raise Unwritable("the disk is full")
        return await super().delivered(job_id)


async def test_on_a_full_disk_nobody_is_told_twice(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with receiving() as receiver, house(tmp_path, engine) as home, home.at_work():
        disk = FullDisk(home.database, clock=home.clock)
        async with telling(home, deliveries=disk):
            job_id = await made(home, engine, receiver.url)
            await until(home, job_id, Delivery.DELIVERED)
    assert disk.full == 0
    assert len(receiver.heard) == 1


async def test_a_slow_receiver_holds_up_nobody_else(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with (
        receiving() as slow,
        receiving() as quick,
        house(tmp_path, engine) as home,
        home.at_work(),
        telling(home),
    ):
        slow.dawdles()
        first = await made(home, engine, slow.url)
        await heard(slow, 1)
        second = await made(home, engine, quick.url)
        await until(home, second, Delivery.DELIVERED)
        assert (await home.service.view(first)).job.delivery is Delivery.PENDING


async def test_a_restart_loses_none_and_a_day_ends_it(tmp_path: Path) -> None:
    engine, clock = SteppedEngine(), Clock()
    async with receiving() as receiver:
        async with house(tmp_path, engine, clock=clock) as home, home.at_work():
            first = await made(home, engine, receiver.url)
        async with house(tmp_path, engine, clock=clock) as home, telling(home):
            await until(home, first, Delivery.DELIVERED)
            receiver.answers.clear()
        async with house(tmp_path, engine, clock=clock) as home, home.at_work():
            second = await made(home, engine, "http://127.0.0.1:9/told")
            async with telling(home):
                async with asyncio.timeout(30):
                    while (await home.service.view(second)).job.delivery is Delivery.PENDING:
                        home.clock.pass_(LATEST)
                        await asyncio.sleep(0.01)
            assert (await home.service.view(second)).job.delivery is Delivery.UNDELIVERABLE
            ended = (await home.service.view(second)).job.finished_at
            assert ended is not None
            assert home.clock() - ended.timestamp() > DAY


async def test_who_wants_no_more_and_whom_the_operator_took_off_is_not_told_again(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with receiving() as receiver, house(tmp_path, engine) as home, home.at_work():
        receiver.answers_with(410)
        async with telling(home):
            gone = await made(home, engine, receiver.url)
            await until(home, gone, Delivery.UNDELIVERABLE)
        taken_off = await made(home, engine, receiver.url)
        async with telling(home, Webhooks(["hooks.example.org"], SECRET)):
            await until(home, taken_off, Delivery.UNDELIVERABLE)
    assert len(receiver.heard) == 1


async def test_a_private_address_is_refused_where_it_is_connected_to(tmp_path: Path) -> None:
    """Whatever the name meant when it was allowed: here `localhost` is listed, its address not."""
    engine = SteppedEngine()
    async with receiving() as receiver, house(tmp_path, engine) as home, home.at_work():
        named = receiver.url.replace("127.0.0.1", "localhost")
        async with telling(home, Webhooks(["localhost"], SECRET)):
            job_id = await made(home, engine, named)
            await until_postponed(home, job_id, 5)
    assert receiver.heard == []


@pytest.mark.slow
async def test_the_program_tells_whom_a_request_names_and_says_with_what_it_signs(
    tmp_path: Path, photograph_bytes: bytes
) -> None:
    settings = {"PHOTOPLAY_WEBHOOKS__ALLOWED_HOSTS": '["127.0.0.1"]'}
    program = Program(tmp_path / "data", settings=settings)
    await asyncio.to_thread(program.start)
    try:
        async with receiving() as receiver, httpx.AsyncClient(base_url=program.url) as http:
            fields = {"num_frames": "9", "size": "64x64", "webhook_url": receiver.url}
            files = {"input_reference": ("p.png", photograph_bytes)}
            answer = await http.post("/v1/videos", data=fields, files=files, timeout=60)
            assert answer.status_code == 200, answer.text
            await heard(receiver, 1)
            secret = (await http.get("/v1/me")).json()["webhook_secret"]
            elsewhere = fields | {"webhook_url": "https://hooks.example.org"}
            refused = await http.post("/v1/videos", data=elsewhere, files=files, timeout=60)
            assert (refused.status_code, refused.json()["error"]["param"]) == (400, "webhook_url")
    finally:
        await asyncio.to_thread(program.__exit__)
    headers, body = receiver.heard[0]
    with openai.OpenAI(api_key="any", webhook_secret=secret) as client:
        event = client.webhooks.unwrap(body, {n.lower(): v for n, v in headers.items()})
    assert (event.type, event.data.id) == ("video.completed", answer.json()["id"])  # type: ignore[union-attr]

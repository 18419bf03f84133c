"""The small parts: addresses, troubles, rights, what is edited again and what is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from structlog.testing import capture_logs

from bot.delivery.sending import Closed, TooLarge
from bot.delivery.transport import Later
from bot.delivery.transport_parts import StatusShown
from bot.language.catalogue import load_texts
from bot.platforms.discord.address import Address, outlives
from bot.platforms.discord.choices import LENGTHS, lengths
from bot.platforms.discord.formatting import escape, moment
from bot.platforms.discord.people import People
from bot.platforms.discord.pictures import is_ours
from bot.platforms.discord.replies import Replies
from bot.platforms.discord.routes import trouble_of
from bot.platforms.discord.transport import on_time
from generation.events import Failed, Waiting
from generation.jobs import Requester
from tests.fakes.discord.server import Copies, Followed, front_of, parts_of
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import house, wish

THERE = Address(application=1, channel=2, user=3, token="secret", expires=1000.0, limit=10)


def answer(status: int, code: int = 0) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="as the test says")
    return discord.HTTPException(response, {"code": code, "message": "no"})


def test_an_address_survives_the_table_and_loses_its_token_on_request() -> None:
    assert Address.model_validate_json(THERE.to_reply()) == THERE
    assert "secret" not in THERE.without_token().to_reply()
    assert THERE.open_for(900.0) == pytest.approx(90.0)
    assert THERE.open_for(995.0) == 0
    assert THERE.without_token().open_for(0.0) == 0


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (answer(413), TooLarge()),
        (answer(400, 40005), TooLarge()),
        (answer(429), Later(15.0)),
        (answer(500), Later(15.0)),
        (discord.RateLimited(7.0), Later(7.0)),
        (aiohttp.ServerDisconnectedError(), Later(15.0)),
        (TimeoutError(), Later(15.0)),
    ],
)
def test_what_discord_answers_is_read_as_it_is_meant(
    error: discord.DiscordException | aiohttp.ClientError | OSError,
    means: Closed | TooLarge | Later,
) -> None:
    assert trouble_of(error) == means


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, 50027), (404, 10015), (404, 10008), (403, 50013), (400, 50035), (429, 30046)],
)
def test_a_route_that_cannot_open_again_is_closed(status: int, code: int) -> None:
    assert isinstance(trouble_of(answer(status, code)), Closed)


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://cdn.discordapp.com/attachments/1/2/a.png", True),
        ("https://media.discordapp.net/a.png", True),
        ("https://images-ext-1.discordapp.net/external/a.png", True),
        ("http://cdn.discordapp.com/a.png", False),
        ("https://cdn.discordapp.com.example.org/a.png", False),
        ("https://cdn.discordapp.com@127.0.0.1/a.png", False),
        ("https://127.0.0.1/a.png", False),
    ],
)
def test_only_discords_own_addresses_are_fetched(url: str, ours: bool) -> None:
    assert is_ours(url) is ours


def test_what_somebody_wrote_is_shown_as_they_wrote_it() -> None:
    assert escape("*a* _b_ `c` ||d||") == "\\*a\\* \\_b\\_ \\`c\\` \\|\\|d\\|\\|"
    assert escape("@everyone") == "@\u200beveryone"
    assert "<@1>" not in escape("<@1> <#2> <t:3:R>")
    assert "https://" not in escape("https://example.com")
    assert "discord.gg" not in escape("_discord.gg/abc_")
    assert escape("adiscord.gg") == "adiscord.gg"
    assert moment(datetime.fromtimestamp(5, UTC)) == "<t:5:R>"


def test_lengths_are_offered_that_a_clip_has_as_the_language_writes_them() -> None:
    german = load_texts().of("de")
    for typed, offered in (("2,5", [2.5]), ("5", [5.0]), ("0.1", LENGTHS), ("99999", LENGTHS)):
        choices = lengths(typed, 24, german)
        assert [one.value for one in choices] == list(offered)
    assert lengths("2,5", 24, german)[0].name == "2,5 s"


def test_a_clip_that_outlives_the_token_is_known_beforehand() -> None:
    guest = THERE.model_copy(update={"member": False})
    assert outlives(guest, Waiting(1, eta_seconds=91.0), 900.0)
    assert not outlives(guest, Waiting(1, eta_seconds=89.0), 900.0)
    assert not outlives(guest, Waiting(1, eta_seconds=None), 900.0)
    assert not outlives(THERE, Waiting(1, eta_seconds=9999.0), 900.0)


def test_a_countdown_is_corrected_only_when_it_is_off() -> None:
    shown = StatusShown(Waiting(2, 120.0, 3, 100.0), since=0.0)
    assert on_time(shown, Waiting(2, 100.0, 3, 80.0), 20.0)
    assert not on_time(shown, Waiting(2, 100.0, 3, 90.0), 60.0)
    assert not on_time(shown, Waiting(2, None, 3, None), 20.0)
    assert not on_time(None, Waiting(2, 120.0, 3, 100.0), 0.0)
    assert on_time(None, Waiting(2, None, 3, None), 0.0)


def interaction_of(user: int, *, manages: bool, public: bool, team: list[int] | None = None) -> Any:
    members = [SimpleNamespace(id=one) for one in team or []]
    application = SimpleNamespace(
        bot_public=public,
        owner=SimpleNamespace(id=1),
        team=SimpleNamespace(members=members) if team else None,
    )
    return SimpleNamespace(
        user=SimpleNamespace(id=user),
        guild_id=5,
        locale=discord.Locale.german,
        client=SimpleNamespace(application=application),
        permissions=discord.Permissions(manage_guild=manages),
    )


@pytest.mark.parametrize(
    ("user", "manages", "public", "team", "operates"),
    [
        (7, False, True, None, True),  # the settings name them
        (1, False, True, None, True),  # the application is theirs
        (1, False, True, [2], False),  # it is a team's
        (2, False, True, [2], True),
        (3, True, True, None, False),  # anybody can invite a public application
        (3, True, False, None, True),
        (3, False, False, None, False),
    ],
)
def test_who_is_an_operator(
    user: int, manages: bool, public: bool, team: list[int] | None, operates: bool
) -> None:
    no_history: Any = None
    person = People([7], no_history).of(
        interaction_of(user, manages=manages, public=public, team=team)
    )
    assert person.operator is operates
    assert person.identities == (f"discord:{user}", "discord-guild:5")


@pytest.mark.parametrize(
    ("closed", "event"), [(True, "cut_off_by_the_end"), (False, "answer_broke")]
)
async def test_an_interaction_cut_off_by_the_programs_end_is_no_defect(
    closed: bool, event: str
) -> None:
    said: list[str] = []
    unused: Any = None

    async def send_message(sentence: str, *, ephemeral: bool) -> None:
        said.append(sentence)

    interaction: Any = SimpleNamespace(
        id=1,
        extras={},
        locale=discord.Locale.american_english,
        client=SimpleNamespace(is_closed=lambda: closed),
        response=SimpleNamespace(is_done=lambda: False, send_message=send_message),
    )

    def send() -> None:
        raise RuntimeError("Session is closed")  # as aiohttp does

    with capture_logs() as logs:
        async with Replies(load_texts(), unused).to(interaction):
            send()
    assert [one["event"] for one in logs] == [event]
    assert bool(said) is not closed


async def test_until_discord_is_reached_nothing_is_given_up(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        parts = parts_of(home, Copies(tmp_path))
        front = front_of(home, parts, Followed(), api_url="http://127.0.0.1:9/api/v10")
        address = Address(application=1, channel=2, user=3)
        kim = Requester("discord", "3")
        ticket = await home.service.submit(wish(), kim, address=address.to_reply())
        job = (await home.service.view(ticket.job_id)).job
        delivering = await front.transport.deliver(job, Failed("timed_out", "too_slow"))
        assert isinstance(delivering, Later)

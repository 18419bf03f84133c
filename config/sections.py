"""One frozen section per component: names, defaults and meanings of all settings."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from config import kinds
from config.checks import is_loopback


class Section(BaseModel):
    """A group of settings; what a component is given is one of these and nothing else."""

    model_config = kinds.STRICT


def broken_rule(setting: str, sentence: str) -> PydanticCustomError:
    """A rule between settings; `sentence` follows the setting's name and shows no value."""
    return PydanticCustomError("rule", "{sentence}", {"setting": setting, "sentence": sentence})


class WebSettings(Section):
    enabled: kinds.Switch = Field(default=True, description="Serve the page and the HTTP API.")
    host: kinds.Host = Field(
        default="127.0.0.1",
        description="The address to listen on; any but loopback needs web.api_keys.",
    )
    port: kinds.Port = Field(
        default=8000, description="The port to listen on; 0 takes any free one."
    )
    api_keys: kinds.ApiKeys = Field(
        default_factory=dict, description="Who may use the API: a map of names to keys."
    )
    allowed_hosts: kinds.HostPatterns = Field(
        default=("127.0.0.1", "localhost", "::1"),
        description="Host names under which the page may be asked for.",
    )
    trusted_proxies: kinds.Networks = Field(
        default=("127.0.0.1", "::1"),
        description="Addresses of proxies whose forwarding headers count.",
    )
    public_url: kinds.Url | None = Field(
        default=None,
        description="Where people reach the page; turns on signed links to clips too large for a"
        " chat.",
    )

    @model_validator(mode="after")
    def _strangers_need_keys(self) -> Self:
        cure = (
            "so web.api_keys must hold a key of at least 16 characters, such as"
            """ PHOTOPLAY_WEB__API_KEYS='{"alice": "…"}'"""
        )
        if not self.api_keys and not is_loopback(self.host):
            raise broken_rule("web.host", f"opens the page to other machines, {cure}")
        if not self.api_keys and self.public_url is not None:
            raise broken_rule("web.public_url", f"opens the page to other people, {cure}")
        return self


class DiscordSettings(Section):
    token: kinds.Token | None = Field(
        default=None, description="The bot's token; turns the Discord front on."
    )
    api_url: kinds.Url = Field(
        default="https://discord.com/api/v10",
        description="Base of the REST API, for a proxy or a test.",
    )
    admins: kinds.UserIds = Field(
        default=(), description="Ids of users who may use the operator's commands everywhere."
    )


class TelegramSettings(Section):
    token: kinds.TelegramToken | None = Field(
        default=None, description="The bot's token; turns the Telegram front on."
    )
    webhook_url: kinds.HttpsUrl | None = Field(
        default=None,
        description="Where Telegram reaches this program: a webhook instead of long polling.",
    )
    webhook_secret: kinds.WebhookSecret | None = Field(
        default=None, description="What Telegram repeats to the webhook to prove who it is."
    )
    webhook_port: kinds.Port | None = Field(
        default=None, description="The local port on which the webhook listens."
    )
    admins: kinds.UserIds = Field(
        default=(), description="Ids of users who may use the operator's commands everywhere."
    )
    introduce: kinds.Switch = Field(
        default=True,
        description="Write the bot's menu, its descriptions and the button to the page at start;"
        " false leaves what you told @BotFather.",
    )
    api_url: kinds.Url = Field(
        default="https://api.telegram.org",
        description="Base of the Bot API, for a local Bot API server or a test.",
    )


class LimitsSettings(Section):
    queued_per_user: kinds.Count = Field(
        default=3, description="Clips a user may have waiting or running at once."
    )
    per_hour: kinds.Count = Field(default=10, description="Clips a user may make within any hour.")
    per_day: kinds.Count = Field(
        default=40, description="Clips a user may make within any 24 hours."
    )
    queue_size: kinds.Count = Field(
        default=500, description="Waiting clips above which new requests are refused politely."
    )
    exempt: kinds.Exempt = Field(
        default=("web:local",),
        description="Who has no limits: discord:<id>, telegram:<id>, web:<name>,"
        " discord-role:<id>.",
    )


class ModerationSettings(Section):
    blocked_words: kinds.Words = Field(default=(), description="Words no prompt may contain.")
    blocked_patterns: kinds.Patterns = Field(
        default=(), description="Regular expressions no prompt may match."
    )
    blocked: kinds.Blocked = Field(
        default=(), description="Who is refused: discord:<id>, discord-guild:<id>, telegram:<id>."
    )


class PromptsSettings(Section):
    help: kinds.PromptHelp = Field(
        default="template",
        description="Who writes the prompt for a model: off, template, or url (a language model).",
    )
    url: kinds.Url | None = Field(
        default=None,
        description="An OpenAI-compatible chat server, with /v1, such as http://127.0.0.1:11434/v1.",
    )
    model: kinds.LanguageModel | None = Field(
        default=None, description="The language model's name there, where it serves several."
    )
    api_key: kinds.Token | None = Field(default=None, description="The key for that server.")
    vision: kinds.Switch = Field(
        default=False, description="That model looks at pictures: show it the one to animate."
    )
    time_limit: kinds.TimeLimit = Field(
        default=15.0, description="Seconds for its answer; then the template is used."
    )

    @model_validator(mode="after")
    def _url_needs_an_address(self) -> Self:
        if self.help == "url" and self.url is None:
            raise broken_rule(
                "prompts.help", "asks a language model, so prompts.url must be its address"
            )
        return self


class WebhooksSettings(Section):
    allowed_hosts: kinds.HostPatterns = Field(
        default=(),
        description="Hosts that webhook_url may name; a private address only where it is listed"
        " itself.",
    )


class RunSettings(Section):
    grace: kinds.Grace = Field(
        default=30.0, description="Seconds the running job gets at shutdown."
    )


class DefaultsSettings(Section):
    seconds: kinds.Seconds = Field(
        default=6.7,
        description="A clip's length where nobody asks for another (161 frames at 24 fps).",
    )
    size: kinds.Size = Field(
        default="auto",
        description="A clip's size: auto keeps the picture's shape within the area of 704x480.",
    )
    fps: kinds.Fps = Field(default=24, description="A clip's frames per second.")


class StorageSettings(Section):
    keep_inputs_hours: kinds.Hours = Field(
        default=24.0, description="Hours after which pictures that were sent are deleted."
    )
    keep_clips_days: kinds.Days = Field(
        default=7.0, description="Days after which clips are deleted."
    )
    keep_rows_days: kinds.Days = Field(
        default=365.0,
        description="Days after which a request keeps nothing but its place in the counts.",
    )


class MarkingSettings(Section):
    certificate: kinds.File | None = Field(
        default=None,
        description="A PEM chain, the signer's certificate first: clips are signed (C2PA).",
    )
    private_key: kinds.File | None = Field(
        default=None, description="The PEM file of the key that belongs to marking.certificate."
    )
    algorithm: kinds.SigningAlgorithm = Field(
        default="es256",
        description="The kind of that key: es256, es384, es512, ps256, ps384, ps512 or ed25519.",
    )
    timestamp_url: kinds.Url | None = Field(
        default=None, description="An RFC 3161 service that stamps every signature with the time."
    )

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if self.certificate is not None and self.private_key is None:
            raise broken_rule(
                "marking.certificate", "signs nothing alone, so marking.private_key must be its key"
            )
        if self.private_key is not None and self.certificate is None:
            raise broken_rule(
                "marking.private_key",
                "signs nothing alone, so marking.certificate must be its PEM chain",
            )
        return self

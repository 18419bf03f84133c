"""Everything an operator can decide, as one frozen value that the composition root hands out."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config import kinds, sections
from config.engine_sections import ClusterSettings, EngineSettings


def _user_data_dir() -> Path:
    return platformdirs.user_data_path("photoplay")


class Settings(BaseSettings):
    """`config.load.load` reads one from the world; `Settings()` is the defaults, whatever is set.

    The layers are merged in `config.load` and not by pydantic-settings' own sources: those merge
    maps key by key (a revoked key in the file would survive a new map in the environment), take an
    unknown variable for a foreign one, and cannot say where a refused value came from.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: kinds.Folder = Field(
        default_factory=_user_data_dir,
        description="Where the database, pictures and clips live; unset, this system's folder for"
        " user data.",
    )
    web: sections.WebSettings = Field(default_factory=sections.WebSettings)
    discord: sections.DiscordSettings = Field(default_factory=sections.DiscordSettings)
    telegram: sections.TelegramSettings = Field(default_factory=sections.TelegramSettings)
    engine: EngineSettings = Field(default_factory=EngineSettings)
    cluster: ClusterSettings = Field(default_factory=ClusterSettings)
    limits: sections.LimitsSettings = Field(default_factory=sections.LimitsSettings)
    moderation: sections.ModerationSettings = Field(default_factory=sections.ModerationSettings)
    prompts: sections.PromptsSettings = Field(default_factory=sections.PromptsSettings)
    webhooks: sections.WebhooksSettings = Field(default_factory=sections.WebhooksSettings)
    run: sections.RunSettings = Field(default_factory=sections.RunSettings)
    defaults: sections.DefaultsSettings = Field(default_factory=sections.DefaultsSettings)
    storage: sections.StorageSettings = Field(default_factory=sections.StorageSettings)
    marking: sections.MarkingSettings = Field(default_factory=sections.MarkingSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)

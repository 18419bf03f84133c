"""How sound is written, for everybody who has none in memory."""

from __future__ import annotations

BITRATE = 128_000
"""Bits a second of AAC-LC for one or two channels: what players and chats expect."""

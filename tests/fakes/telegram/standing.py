"""What stands in a chat of the double, and what an edit makes of it, refused as Telegram does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from lo_bot_api_emulator import ApiRefusal

CAPTION, PHOTO, VIDEO = 1024, 10_000_000, 50_000_000
PARAMETERS = {
    "editMessageText": {"text", "link_preview_options"},
    "editMessageCaption": {"caption"},
    "editMessageReplyMarkup": set[str](),
    "editMessageMedia": {"media"},
}
OF_ALL_EDITS = {"chat_id", "message_id", "reply_markup"}
SHOWN = ("photo", "video")


def edited(
    known: dict[str, Any],
    method: str,
    fields: dict[str, Any],
    files: dict[str, bytes],
    keep: Callable[[str, bytes], str],
) -> dict[str, Any]:
    """The message as it stands afterwards; `keep` gives a file its id. Raises `ApiRefusal`."""
    media = method == "editMessageMedia"
    attached = set(files) if media else set()
    if unknown := set(fields) - PARAMETERS[method] - OF_ALL_EDITS - attached:
        raise ApiRefusal(f"Bad Request: unknown parameters {sorted(unknown)}")
    change = _media(fields, files, keep) if media else _words(known, method, fields)
    if not media and not any(known.get(key) != value for key, value in change.items()):
        raise ApiRefusal("Bad Request: message is not modified")
    if media:
        for name in ("text", *SHOWN):
            known.pop(name, None)
    known |= change
    return known


def _words(known: dict[str, Any], method: str, fields: dict[str, Any]) -> dict[str, Any]:
    shows = any(name in known for name in SHOWN)
    if method == "editMessageText" and shows:
        raise ApiRefusal("Bad Request: there is no text in the message to edit")
    if method == "editMessageCaption" and not shows:
        raise ApiRefusal("Bad Request: there is no caption in the message to edit")
    change: dict[str, Any] = {"reply_markup": fields.get("reply_markup")}
    for name, most in (("text", 4096), ("caption", CAPTION)):
        if name in fields:
            _measured(fields[name], most)
            change[name] = fields[name]
    return change


def _media(
    fields: dict[str, Any], files: dict[str, bytes], keep: Callable[[str, bytes], str]
) -> dict[str, Any]:
    media = json.loads(fields["media"])
    kind, source = media["type"], media["media"]
    if kind not in SHOWN:
        raise ApiRefusal(f"Bad Request: media of type {kind} is not known here")
    _measured(media.get("caption", ""), CAPTION)
    if source.startswith("attach://"):
        content = files[source.removeprefix("attach://")]
        if len(content) > (VIDEO if kind == "video" else PHOTO):
            raise ApiRefusal("Request Entity Too Large", 413)
        source = keep(kind, content)
    thumbnail = media.get("thumbnail", "attach://")
    if not thumbnail.startswith("attach://"):
        raise ApiRefusal("Bad Request: a thumbnail must be uploaded")
    described: dict[str, Any] = {"file_id": source, "file_unique_id": source, "file_size": 1}
    for name in ("width", "height", "duration"):
        described[name] = int(media.get(name, 1))
    shown: Any = described
    if kind == "photo":
        del described["duration"]
        shown = [described]
    return {
        kind: shown,
        "caption": media.get("caption"),
        "spoiler": media.get("has_spoiler", False),
        "reply_markup": fields.get("reply_markup"),
    }


def _measured(text: str, most: int) -> None:
    if len(text.encode("utf-16-le")) // 2 > most:
        raise ApiRefusal("Bad Request: message caption is too long")

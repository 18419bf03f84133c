"""Why a language model's prompt is not used: whoever checks it needs no network to say so."""

from __future__ import annotations


class NotWritten(Exception):
    """No prompt came back; the reason is for the log and holds nothing that a person wrote."""

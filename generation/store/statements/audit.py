"""The table of what operators did."""

from __future__ import annotations

ADD = "INSERT INTO audit (created_at, actor, action, subject) VALUES (:at, :actor, :act, :who)"

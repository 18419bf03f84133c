"""Everything that is kept in the one database, each table behind the class that owns its SQL."""

from __future__ import annotations

import time
from collections.abc import Callable

from generation.store.clip_messages import ClipMessages
from generation.store.database import Database
from generation.store.delivery import Deliveries
from generation.store.favorites import Favorites
from generation.store.films import Films
from generation.store.forgetting import Forgetting
from generation.store.history import History
from generation.store.inbox import Inbox
from generation.store.intended_questions import IntendedQuestions
from generation.store.job_queue import JobQueue
from generation.store.last_choices import LastChoices
from generation.store.message_references import MessageReferences
from generation.store.moderation import ModerationRecords
from generation.store.place_settings import PlaceSettingsRecords
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Quota
from generation.store.sends import Sends
from generation.store.sent_messages import SentMessages
from generation.store.variations import Variations


class Store:
    """`secret` makes the names under which forgotten jobs still count."""

    def __init__(
        self, database: Database, secret: bytes, *, clock: Callable[[], float] = time.time
    ) -> None:
        pseudonyms = Pseudonyms(secret)
        self.queue = JobQueue(database, pseudonyms=pseudonyms, clock=clock)
        self.films = Films(database, self.queue, clock=clock)
        self.variations = Variations(database, self.queue)
        self.history = History(database, clock=clock)
        self.quota = Quota(database, pseudonyms=pseudonyms, clock=clock)
        self.inbox = Inbox(database, clock=clock)
        self.message_references = MessageReferences(database, clock=clock)
        self.intended_questions = IntendedQuestions(database, clock=clock)
        self.deliveries = Deliveries(database, clock=clock)
        self.clip_messages = ClipMessages(database)
        self.sends = Sends(database, clock=clock)
        self.last_choices = LastChoices(database, clock=clock)
        self.sent_messages = SentMessages(database, clock=clock)
        self.moderation = ModerationRecords(database, clock=clock)
        self.place_settings = PlaceSettingsRecords(database)
        self.favorites = Favorites(database)
        self.forgetting = Forgetting(database, pseudonyms, clock=clock)

"""Is a picture that was named on the command line a file that can be read?"""

from __future__ import annotations

import re
from pathlib import Path

from bot.cli.foreign_text import plain
from bot.language.catalogue import Catalogue
from generation.errors import InvalidImage, OperatorError
from generation.system_words import system_words

ADDRESS = re.compile(r"(https?:)/+", re.IGNORECASE)


def check_picture(picture: Path, catalogue: Catalogue) -> None:
    """Raises `InvalidImage`, `OperatorError`."""
    try:
        if not picture.exists():
            if address := ADDRESS.match(str(picture)):
                told = f"{address[1]}//{str(picture)[address.end() :]}"  # a path has one slash
                raise OperatorError(catalogue.say("cli.address", path=plain(told)))
            raise InvalidImage("no_file", path=plain(str(picture)))
        if picture.is_file():
            picture.open("rb").close()
            return
    except OSError as error:
        reason = system_words(error)
        raise OperatorError(
            catalogue.say("cli.unreadable", path=str(picture), reason=reason)
        ) from None
    kind = "is_folder" if picture.is_dir() else "no_regular"
    raise OperatorError(catalogue.say(f"cli.output.{kind}", path=str(picture)))

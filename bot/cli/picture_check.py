"""Is a picture that was named on the command line a file that can be read?"""

from __future__ import annotations

from pathlib import Path

from bot.language.catalogue import Catalogue
from generation.errors import InvalidImage, OperatorError
from generation.system_words import system_words


def check_picture(picture: Path, catalogue: Catalogue) -> None:
    """Raises `InvalidImage`, `OperatorError`."""
    try:
        if not picture.exists():
            raise InvalidImage("no_file", path=str(picture))
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

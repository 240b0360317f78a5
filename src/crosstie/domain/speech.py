"""In which language a sentence is said: English as it stands, unless whoever shows it has put in a translator."""

from collections.abc import Callable

Translator = Callable[[str], str]
"""Given a sentence with its holes, `{name}`, not filled yet."""
_translators: list[Translator] = []


def speak(translator: Translator) -> None:
    """From now on, in the whole process; the translator knows whose language it is (Django's: the request's)."""
    _translators[:] = [translator]


def say(sentence: str, /, **holes: object) -> str:
    """The sentence in the reader's language, its holes filled."""
    said = _translators[0](sentence) if _translators and sentence else sentence
    return said.format_map(holes) if holes else said


def noted(sentence: str) -> str:
    """A sentence that is said somewhere else: the mark by which its translation is asked for."""
    return sentence

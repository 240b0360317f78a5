"""`crosstie migrate`."""

from argparse import ArgumentParser, Namespace

from crosstie.cli import frame


def configure(parser: ArgumentParser) -> None:
    frame.add_json(parser)


def run(options: Namespace) -> int:
    with frame.server(in_step=False):
        from crosstie.store.migrate import migrate

        applied = migrate()
    text = f"{len(applied)} change(s) applied." if applied else "The database is in step already."
    frame.answer(options, {"applied": applied}, text)
    return 0

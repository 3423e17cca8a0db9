"""Where ``quarterdeck`` and ``python -m quarterdeck`` begin.

Next to nothing is imported here: until a process can be stopped in its own way, Ctrl-C ends it at once and without a word.
"""

import _signal as signal  # type: ignore[import-not-found]  # what ``signal`` is made of; that itself takes ten milliseconds

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # who started it may want it ignored
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> None:
    from quarterdeck.cli import main as run  # noqa: PLC0415 - it takes a moment, in which somebody may press Ctrl-C

    run()


if __name__ == "__main__":
    main()

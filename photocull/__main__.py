"""``python -m photocull``: the same as the command ``photocull``."""

from photocull.cli.main import main

if __name__ == "__main__":
    main()

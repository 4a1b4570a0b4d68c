"""Starts Photocull from a checkout with nothing but Python: `run`, `test` and `install torch`; see README.md here.

Any Python can read this file, so that one that is too old says so; the modules beside it need 3.11.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Photocull needs Python 3.11 or newer, and this is Python %d.%d. Install a newer one (python.org or your "
        "system's packages) and start again with it." % sys.version_info[:2]
    )
else:
    from starting import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

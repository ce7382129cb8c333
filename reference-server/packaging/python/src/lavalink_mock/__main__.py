"""`python -m lavalink_mock` is the server itself, with all its flags."""

import subprocess
import sys

from .process import program

if __name__ == "__main__":
    try:
        sys.exit(subprocess.call([program(), *sys.argv[1:]]))
    except KeyboardInterrupt:
        sys.exit(130)

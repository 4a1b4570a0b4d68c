"""Photocull: finds the photos that matter in a folder, offline, and says why. The map of the house is README.md."""

import os

# OpenBLAS's waiting threads spin: beside products as small as ours they double a photo's processor time for nothing.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# PyTorch's wait for each other by spinning, too: beside busy decoders a photo took TANet 14.5 s instead of 0.08 s.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"

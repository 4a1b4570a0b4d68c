"""The checkpoints: which model is which, verified, and opened as a scorer.

A file comes in by `importing` (or `downloading`, which fetches it first), is read by `reading`, recognised by
`recognition` and put on the shelf; `store` lists what is there and opens it. `load_network` is the short way from a
file to its network. Nothing here imports PyTorch before a network is asked for.
"""

from photocull.models.networks import load_network

__all__ = ["load_network"]

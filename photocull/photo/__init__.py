"""File to pixels: find photos, identify them, decode each once, keep previews; never writes an original."""

"""Words and values that every room shares; standard library, numpy's array type, platformdirs, tomli-w."""

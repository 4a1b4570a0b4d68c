"""JPEG XL: what its boxes and its header tell, its colours, and its pixels by libjxl."""

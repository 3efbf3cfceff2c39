"""Vision, ejes, objectives and initiatives. The model room: copy its shape."""

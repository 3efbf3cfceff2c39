"""What a person is typing and has not saved yet."""

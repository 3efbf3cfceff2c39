"""The Política: its document, versions, observations and publication."""
